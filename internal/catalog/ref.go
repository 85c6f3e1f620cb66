package catalog

import (
	"fmt"
	"strconv"
	"strings"
)

// Ref is how a user names a record: by id, or by a name in one of its forms.
type Ref struct {
	Text string // as typed; "" for an id that nobody typed
	ID   int64  // by id; 0 when by name
	Name string // the name without a prefix; "" when by id
}

// prefix is what marks a text as a name of the kind: "title:" for movies.
func (k Kind) prefix() string {
	if k == KindMovie {
		return "title:"
	}
	return "name:"
}

// ParseRef reads a record's name: all digits or "id:12" is an id, anything else
// a name, "title:1917" (for other kinds "name:2001") a name whatever it looks
// like. The error wraps ErrInvalid.
func ParseRef(kind Kind, text string) (Ref, error) {
	clean, err := CleanLine(text)
	if err != nil {
		return Ref{}, err
	}
	if clean == "" {
		return Ref{}, Invalidf("a %s is named by its id or %s; this one is blank", kind, strings.TrimSuffix(kind.prefix(), ":"))
	}
	if name, ok := strings.CutPrefix(clean, kind.prefix()); ok {
		if name = strings.TrimSpace(name); name == "" {
			return Ref{}, Invalidf("%s says no %s", Quote(text), strings.TrimSuffix(kind.prefix(), ":"))
		}
		return Ref{Text: clean, Name: name}, nil
	}
	digits, byID := strings.CutPrefix(clean, "id:")
	if !byID && strings.Trim(clean, "0123456789") != "" {
		if kind == KindPhoto {
			return Ref{}, Invalidf("%s is not an id; photos are named by id, see 'moviedb photo list'", Quote(text))
		}
		return Ref{Text: clean, Name: clean}, nil
	}
	id, err := ParseID(strings.TrimSpace(digits))
	if err != nil {
		return Ref{}, Invalidf("%s is not an id; ids are whole numbers from 1 (for a name of this form write %s)",
			Quote(text), Quote(kind.prefix()+clean))
	}
	return Ref{Text: clean, ID: id}, nil
}

// SplitYear takes "Solaris (1972)" apart. year is 0 when s does not end so.
func SplitYear(s string) (name string, year int) {
	if !strings.HasSuffix(s, ")") {
		return s, 0
	}
	open := strings.LastIndex(s, "(")
	if open < 1 || len(s)-open != len("(1972)") {
		return s, 0
	}
	y, err := strconv.Atoi(s[open+1 : len(s)-1])
	if err != nil || y < minYear || y > maxYear {
		return s, 0 // a number that belongs to the name: HAL (9000)
	}
	name = strings.TrimSpace(s[:open])
	if name == "" {
		return s, 0
	}
	return name, y
}

// YearLabel is the inverse of SplitYear; a year of 0 is left out.
func YearLabel(name string, year int) string {
	if year == 0 {
		return name
	}
	return name + " (" + strconv.Itoa(year) + ")"
}

// Candidate is a record that a name may mean. Year is that of release or of
// birth, 0 if unknown; Detail tells more where the name alone says little.
type Candidate struct {
	ID     int64
	Name   string
	Year   int
	Detail string
}

// Label is the candidate without its id.
func (c Candidate) Label() string {
	if c.Detail != "" {
		return YearLabel(c.Name, c.Year) + " " + c.Detail
	}
	return YearLabel(c.Name, c.Year)
}

// NotFoundError says that no record bears a name or an id, and which come near.
type NotFoundError struct {
	Kind Kind
	Ref  Ref
	Near []Candidate // nearest names, the best first
	Hint string      // what to type instead, when that is known
}

// Error says the name or id, and what comes near or to type instead.
func (e *NotFoundError) Error() string {
	subject := Quote(e.Ref.Name)
	if e.Ref.ID != 0 {
		subject = strconv.FormatInt(e.Ref.ID, 10)
	}
	s := fmt.Sprintf("no %s %s in the catalog", e.Kind, subject)
	if e.Hint != "" {
		return s + "; " + e.Hint
	}
	if len(e.Near) > 0 {
		names := make([]string, len(e.Near))
		for i, c := range e.Near {
			names[i] = Visible(typed(e.Kind, c))
		}
		s += "; did you mean " + strings.Join(names, ", ") + "?"
	}
	return s
}

// typed is what to type for a candidate: its label, marked as a name where it
// would not be read as one.
func typed(kind Kind, c Candidate) string {
	label := c.Label()
	if ref, err := ParseRef(kind, c.Name); kind != KindPhoto && (err != nil || ref.Name != c.Name) {
		return NameRef(kind, label)
	}
	return label
}

// Unwrap returns ErrNotFound.
func (e *NotFoundError) Unwrap() error { return ErrNotFound }

// AmbiguousError says that several records bear a name.
type AmbiguousError struct {
	Kind       Kind
	Ref        Ref
	Candidates []Candidate // a bounded number
	More       bool        // there are more than these
}

// Error lists the candidates, one a line.
func (e *AmbiguousError) Error() string {
	n := strconv.Itoa(len(e.Candidates))
	if e.More {
		n = "more than " + n
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s fits %s %s; say which by its id:", Quote(e.Ref.Name), n, e.Kind.Plural())
	for _, c := range e.Candidates {
		fmt.Fprintf(&b, "\n  %d  %s", c.ID, Visible(c.Label()))
	}
	return b.String()
}

// Unwrap returns ErrAmbiguous.
func (e *AmbiguousError) Unwrap() error { return ErrAmbiguous }

// ExistsError says which record stands in the way of a new one.
type ExistsError struct {
	Kind Kind
	ID   int64
	Name string // its label
	Hint string // what to do instead
}

// Error names the record in the way.
func (e *ExistsError) Error() string {
	s := fmt.Sprintf("%s is already in the catalog as %s %d", Visible(e.Name), e.Kind, e.ID)
	if e.Hint != "" {
		s += "; " + e.Hint
	}
	return s
}

// Unwrap returns ErrExists.
func (e *ExistsError) Unwrap() error { return ErrExists }

// Referrer is one record that refers to another.
type Referrer struct {
	Kind Kind
	ID   int64
	Name string // its label
	As   string // what it is referred to as: director, country, actor
}

// InUseError says that a record cannot go while others refer to it.
type InUseError struct {
	Kind      Kind
	ID        int64
	Name      string     // its label
	Referrers []Referrer // up to ten
	Total     int        // how many there are in all
}

// Error lists the referrers, one a line.
func (e *InUseError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %d (%s) is still in use by %d other %s; --detach empties those references:",
		e.Kind, e.ID, Visible(e.Name), e.Total, Plural(e.Total, "record", "records"))
	for _, r := range e.Referrers {
		fmt.Fprintf(&b, "\n  %s %d  %s (%s)", r.Kind, r.ID, Visible(r.Name), r.As)
	}
	if more := e.Total - len(e.Referrers); more > 0 {
		fmt.Fprintf(&b, "\n  … and %d more", more)
	}
	return b.String()
}

// Unwrap returns ErrInUse.
func (e *InUseError) Unwrap() error { return ErrInUse }

// Plural is one for n = 1, else many.
func Plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// NameRef writes a name so that ParseRef takes it for a name whatever it looks
// like.
func NameRef(kind Kind, name string) string { return kind.prefix() + name }
