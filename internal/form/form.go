package form

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

// ErrLeft is a form or a list left without an answer: with Esc, Ctrl-C or the
// end of input. Nothing of it is to be kept.
var ErrLeft = errors.New("left without saving")

// ErrEnded is ErrLeft because there is no more input: the terminal may be gone.
// Whoever keeps drafts keeps this one.
var ErrEnded = fmt.Errorf("the input ended: %w", ErrLeft)

// ErrBack is a form or a list that belongs to another and was left with Esc: the
// other is to be shown again.
var ErrBack = errors.New("back")

// Kind is what a field holds and how it is asked for.
type Kind int

const (
	Line     Kind = iota // one line of text
	Text                 // several lines of text
	Secret               // one line that is not shown
	File                 // the path of a file
	Pick                 // one record, or none
	PickMany             // any number of records
)

// Picked is a record that was picked, or one that is to be made.
type Picked struct {
	ID   int64  `json:"id,omitempty"` // 0: it is to be made under Name
	Name string `json:"name"`         // what the record is called
}

// Option is something to choose from a list.
type Option struct {
	Picked
	Detail string // what more is to be known of it; "" is nothing
	Exact  bool   // it is called exactly what was typed
}

// Field is one question of a form and its answer.
type Field struct {
	Key   string // the name of the flag that says the same
	Label string // a word or two
	Hint  string // what may be typed; "" is nothing
	Kind  Kind

	Required bool // it may not be left empty

	// Check looks at an answer that is not blank as one leaves the field; nil
	// takes every answer. For Pick and PickMany it looks at the name of a record
	// that is to be made.
	Check func(string) error

	// Search finds records for Pick and PickMany, the likeliest first; "" asks for
	// those used most.
	Search func(ctx context.Context, typed string) ([]Option, error)
	// Makes is what kind of record may be made on the spot; "" is none.
	Makes string

	Text   string   // the answer of the other kinds; what is typed and not yet picked for Pick and PickMany
	Picked []Picked // the answer of Pick and PickMany
}

// records reports whether the answer is records.
func (f *Field) records() bool { return f.Kind == Pick || f.Kind == PickMany }

// empty reports whether there is no answer.
func (f *Field) empty() bool { return strings.TrimSpace(f.Text) == "" && len(f.Picked) == 0 }

// Error says what is wrong with the answer; nil is nothing.
func (f *Field) Error() error {
	switch {
	case f.Required && f.empty():
		return &FieldError{f.Label, errors.New("it is missing")}
	case f.records() && strings.TrimSpace(f.Text) != "":
		return &FieldError{f.Label, fmt.Errorf("nothing is picked for %s", catalog.Quote(f.Text))}
	case f.records():
		return nil
	}
	return f.check(f.Text)
}

// check looks at one answer or at the name of a new record.
func (f *Field) check(text string) error {
	if f.Check == nil || strings.TrimSpace(text) == "" {
		return nil
	}
	if err := f.Check(text); err != nil {
		return &FieldError{f.Label, err}
	}
	return nil
}

// FieldError is a wrong answer.
type FieldError struct {
	Label string // of the field
	Err   error  // what is wrong
}

// Error names the field and what is wrong with its answer.
func (e *FieldError) Error() string { return e.Label + ": " + e.Err.Error() }

// Unwrap returns what is wrong.
func (e *FieldError) Unwrap() error { return e.Err }

// answer is what a field holds.
type answer struct {
	text   string
	picked []Picked
}

func (f *Field) answer() answer {
	text := f.Text
	if f.Kind != Text {
		text = strings.TrimSpace(text)
	}
	return answer{text, slices.Clone(f.Picked)}
}

func (a answer) equal(b answer) bool { return a.text == b.text && slices.Equal(a.picked, b.picked) }

// Form is a list of questions that are answered together.
type Form struct {
	Title   string
	Status  string   // what was done last; "" is nothing
	Problem string   // why the form is shown once more; "" is nothing
	Fields  []*Field // in the order they are asked
	Back    bool     // Esc leads back to the form it belongs to, and is ErrBack
	Actions []string // what can be done with the answers; the first is the usual one. None is "Save"

	// Typed is called when the answers have changed and a field is left; nil is
	// nobody.
	Typed func()

	began []answer // what the fields held when the form was first shown
}

// begin notes what the fields hold, the first time it is called.
func (f *Form) begin() {
	if f.began != nil {
		return
	}
	f.Begin()
}

// Begin takes the present answers for those the form was opened with.
func (f *Form) Begin() {
	f.began = make([]answer, len(f.Fields))
	for i, field := range f.Fields {
		f.began[i] = field.answer()
	}
}

// Touched reports whether an answer is another than when the form was opened.
func (f *Form) Touched() bool {
	for i := range f.began {
		if f.changed(i) {
			return true
		}
	}
	return false
}

// Changed reports whether the answer of a field is another than when the form
// was opened.
func (f *Form) Changed(key string) bool {
	i := slices.IndexFunc(f.Fields, func(field *Field) bool { return field.Key == key })
	return i >= 0 && f.changed(i)
}

func (f *Form) changed(i int) bool {
	return i < len(f.began) && !f.began[i].equal(f.Fields[i].answer())
}

// Field returns the field of a key; nil if there is none.
func (f *Form) Field(key string) *Field {
	for _, field := range f.Fields {
		if field.Key == key {
			return field
		}
	}
	return nil
}

// actions are the actions there are.
func (f *Form) actions() []string {
	if len(f.Actions) == 0 {
		return []string{"Save"}
	}
	return f.Actions
}

// wrong returns the index of the first wrong answer and what is wrong with it;
// -1 if all are right.
func (f *Form) wrong() (int, error) {
	for i, field := range f.Fields {
		if err := field.Error(); err != nil {
			return i, err
		}
	}
	return -1, nil
}

// typed tells of new answers.
func (f *Form) typed() {
	if f.Typed != nil {
		f.Typed()
	}
}

// Question is a list of which one is chosen.
type Question struct {
	Title   string
	Text    []string // lines that are read before choosing
	Options []Option // at least one
	Back    bool     // leaving leads back to the form it belongs to, and is ErrBack
}

// Asker asks a person. Its methods return ErrLeft when the person goes away, and
// the context's error when that ends.
type Asker interface {
	// Fill shows a form until its answers are right, and returns which of its
	// actions was chosen.
	Fill(ctx context.Context, f *Form) (action int, err error)
	// Choose returns the index of the option that was chosen.
	Choose(ctx context.Context, q Question) (int, error)
	// Close gives the terminal back. The Asker can be used again afterwards.
	Close() error
}
