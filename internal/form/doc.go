// Package form asks people for records on a terminal: forms whose fields are
// checked as one leaves them, lists that narrow as one types, questions. It
// knows nothing of the catalog: what may be picked and what is right comes in as
// functions. There are two ways to ask, alike to the caller: a full screen, and
// line by line without any control sequence, for screen readers and terminals
// that can do no more.
package form
