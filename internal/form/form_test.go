package form

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestWhatIsWrongWithAnAnswer(t *testing.T) {
	refuse := func(s string) error {
		if strings.HasPrefix(s, "bad") {
			return errors.New("it is bad")
		}
		return nil
	}
	for _, tt := range []struct {
		name  string
		field Field
		want  string
	}{
		{"an empty field", Field{Label: "L", Check: refuse}, ""},
		{"blank is empty", Field{Label: "L", Required: true, Text: " \t"}, "L: it is missing"},
		{"the rule is asked", Field{Label: "L", Check: refuse, Text: "bad"}, "L: it is bad"},
		{"a record is missing", Field{Label: "L", Kind: Pick, Required: true}, "L: it is missing"},
		{"typed and not picked", Field{Label: "L", Kind: Pick, Required: true, Text: "Ozu"}, `L: nothing is picked for "Ozu"`},
		{"more is typed beside what is picked", Field{Label: "L", Kind: PickMany, Text: "x", Picked: []Picked{{ID: 1}}}, `L: nothing is picked for "x"`},
		{"a picked record is not checked", Field{Label: "L", Kind: Pick, Check: refuse, Picked: []Picked{{ID: 1, Name: "bad"}}}, ""},
	} {
		err := tt.field.Error()
		if got := message(err); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		var field *FieldError
		if err != nil && !errors.As(err, &field) {
			t.Errorf("%s: %T", tt.name, err)
		}
	}
	f := &Form{Fields: []*Field{{Key: "a"}, {Key: "b", Label: "B", Required: true}, {Key: "c", Label: "C", Required: true}}}
	if i, err := f.wrong(); i != 1 || message(err) != "B: it is missing" {
		t.Errorf("the first wrong answer: %d, %v", i, err)
	}
	f.Fields[1].Text, f.Fields[2].Text = "x", "x"
	if i, err := f.wrong(); i != -1 || err != nil {
		t.Errorf("all are right: %d, %v", i, err)
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// What is typed and taken back is no change, blanks at the ends of a line neither.
func TestFormKnowsWhatChanged(t *testing.T) {
	line := &Field{Key: "line", Text: "x"}
	text := &Field{Key: "text", Kind: Text, Text: "x"}
	many := &Field{Key: "many", Kind: PickMany, Picked: []Picked{{ID: 1}, {ID: 2}}}
	f := &Form{Fields: []*Field{line, text, many}}
	if f.Touched() || f.Changed("line") {
		t.Error("touched before it began")
	}
	f.Begin()
	changes := []struct {
		name    string
		do      func()
		changed []string
	}{
		{"nothing", func() {}, nil},
		{"blanks of a line", func() { line.Text = " x " }, nil},
		{"a line", func() { line.Text = "xy" }, []string{"line"}},
		{"taken back", func() { line.Text = "x" }, nil},
		{"blanks of a text", func() { text.Text = "x " }, []string{"text"}},
		{"one more record", func() { text.Text = "x"; many.Picked = append(many.Picked, Picked{ID: 3}) }, []string{"many"}},
		{"others in their place", func() { many.Picked = []Picked{{ID: 2}, {ID: 1}} }, []string{"many"}},
		{"the same again", func() { many.Picked = []Picked{{ID: 1}, {ID: 2}} }, nil},
		{"typed and not picked", func() { many.Text = "z" }, []string{"many"}},
	}
	for _, c := range changes {
		c.do()
		var changed []string
		for _, key := range []string{"line", "text", "many", "none"} {
			if f.Changed(key) {
				changed = append(changed, key)
			}
		}
		if !slices.Equal(changed, c.changed) || f.Touched() != (len(c.changed) > 0) {
			t.Errorf("%s: %v changed, touched %v; want %v", c.name, changed, f.Touched(), c.changed)
		}
	}
	many.Picked[0].ID = 9 // in place
	if !f.Changed("many") {
		t.Error("what the form began with changes along")
	}
}

// Drafts have all answers but secrets, and give them back.
func TestAnswersOfAForm(t *testing.T) {
	f := &Form{Fields: []*Field{{Key: "a", Text: "x"}, {Key: "empty", Text: "  "}, {Key: "secret", Kind: Secret, Text: "horse"},
		{Key: "many", Kind: PickMany, Picked: []Picked{{ID: 1, Name: "One"}, {Name: "New"}}, Text: "typ"}}}
	answers := f.Answers()
	if len(answers) != 2 {
		t.Errorf("%v", answers)
	}
	other := &Form{Fields: []*Field{{Key: "a", Text: "y"}, {Key: "b", Text: "kept"}, {Key: "secret", Kind: Secret}, {Key: "many", Kind: PickMany}}}
	answers["secret"] = Answer{Text: "put there by hand"}
	other.Restore(answers)
	if other.Fields[0].Text != "x" || other.Fields[1].Text != "kept" || other.Fields[2].Text != "" || len(other.Fields[3].Picked) != 2 || other.Fields[3].Text != "typ" {
		t.Errorf("%+v", *other.Fields[3])
	}
	other.Fields[3].Picked[0].ID = 9
	if answers["many"].Picked[0].ID != 1 {
		t.Error("the fields and the answers share memory")
	}
}

// What terminals paste for a file that is dropped on them is its path.
func TestPastedPath(t *testing.T) {
	dir := t.TempDir()
	odd := filepath.Join(dir, `a\ b.png`)
	if err := os.WriteFile(odd, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for pasted, want := range map[string]string{
		"/a/b.png": "/a/b.png", " /a/b.png\n": "/a/b.png", "'/a b/c.png'": "/a b/c.png", `"/a b/c.png"`: "/a b/c.png",
		`/a\ b/c.png`: "/a b/c.png", "file:///a%20b/c.png": "/a b/c.png", "'": "'", "": "", "file:7": "file:7", odd: odd, `it's.png`: `it's.png`,
		"file:///caf%C3%A9.png": "/café.png", "file://localhost/a.png": "/a.png", "file:///100%25.png": "/100%.png", `/a\(1\).png`: "/a(1).png", `'it'\''s.png'`: "it's.png",
	} {
		if got := pastedPath(pasted); got != want {
			t.Errorf("%q is %q, want %q", pasted, got, want)
		}
	}
}

// A text that huh cannot show as it is stays as it is until it is changed.
func TestHeldTextIsNotChangedByBeingShown(t *testing.T) {
	for _, f := range []*Field{{Text: "a\tb\x1b[31m"}, {Kind: Text, Text: "a\tb\r\nc\x07"}, {Kind: Text, Text: strings.Repeat("line\n", 11_000)}} {
		was := f.Text
		h := newHeld(f)
		if h.Set(h.shown); f.Text != was {
			t.Errorf("%.20q became %.20q", was, f.Text)
		}
		if h.Set(h.shown + "!"); f.Text != h.shown+"!"+h.rest {
			t.Errorf("%.20q: a change is not kept", was)
		}
		if h.Set(h.shown); f.Text != was {
			t.Errorf("%.20q: a change taken back leaves %.20q", was, f.Text)
		}
	}
}
