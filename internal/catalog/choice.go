package catalog

// Choice is a record that a picker offers for what was typed.
type Choice struct {
	ID     int64
	Name   string // its label: Tom Holland (1996)
	Detail string // something more to know it by; "" is nothing
	Uses   int    // how often films refer to it, counted up to a bound
	Exact  bool   // what was typed is its id, its whole name, or a code or alias of the country
}
