package form

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// asked runs Lines over an input, and returns what was written.
func asked(input string, run func(*Lines) error) (out string, rest string, err error) {
	var sb strings.Builder
	in := strings.NewReader(input)
	l := NewLines(in, &sb)
	l.Secret = func(_ context.Context, prompt string) ([]byte, error) {
		sb.WriteString(prompt)
		text, err := l.read(context.Background())
		if err != nil {
			err = io.EOF
		}
		return []byte(text), err
	}
	err = run(l)
	left, _ := io.ReadAll(in)
	return sb.String(), string(left), err
}

func sampleForm() *Form {
	refuse := func(s string) error {
		if s == "bad" || s == "/bad" {
			return errors.New("it is bad")
		}
		return nil
	}
	return &Form{Title: "Add \x1b[31m", Fields: []*Field{
		{Key: "line", Label: "Line", Required: true, Check: refuse},
		{Key: "held", Label: "Held", Hint: "a hint", Text: "was"},
		{Key: "text", Label: "Text", Kind: Text},
		{Key: "secret", Label: "Secret", Kind: Secret},
		{Key: "file", Label: "File", Kind: File, Check: refuse},
		{Key: "one", Label: "One", Kind: Pick, Search: people("Ann", "Anna", "Bob"), Makes: "genre"},
		{Key: "many", Label: "Many", Kind: PickMany, Search: people("Ann", "Anna", "Bob")},
	}, Actions: []string{"Save", "More"}}
}

func TestLinesFillAForm(t *testing.T) {
	for _, tt := range []struct {
		name, input string
		want        string // line|held|text|secret|file|one|many|action
		says        string
	}{
		{"all", "x\ny\na\nb\n.\nhorse\n'/a b'\nbob\nann\nanna\n\n2\n", "x|y|a\nb|horse|/a b|[{3 Bob}]|[{1 Ann} {2 Anna}]|1", ""},
		{"empty keeps", "x\n\n\n\n\n\n\n\n", "x|was||||[]|[]|0", "Held (a hint) [was]: "},
		{"a dash empties", "x\n-\n-\n\n-\n-\n\n-\n\n\n", "x|||||[]|[]|0", ""},
		{"missing", "\n \nx\n\n\n\n\n\n\n\n", "x|was||||[]|[]|0", "Line: it is missing\nLine: Line: it is missing\nLine: "},
		{"bad", "bad\nx\n\n\n\n\n\n\n\n", "x|was||||[]|[]|0", "Line: it is bad"},
		{"bad in place of what was right", "x\n\n\n\n/bad\n\n\n\n\n", "x|was||||[]|[]|0", "File: it is bad\nFile: "},
		{"made", "x\n\n\n\n\nzoe\n1\n\n\n", "x|was||||[{0 zoe}]|[]|0", "  1  + create genre \"zoe\""},
		{"not made after all", "x\n\n\n\n\nzoe\n\n\n\n\n", "x|was||||[]|[]|0", "Which one? 1 to 1, Enter for none: "},
		{"from a list", "x\n\n\n\n\nan\n9\n2\n\n\n", "x|was||||[{2 Anna}]|[]|0", `"9" is not one of them`},
		{"nobody", "x\n\n\n\n\n\nzoe\nbob\n\n\n", "x|was||||[]|[{3 Bob}]|0", `Many: nothing is called "zoe"`},
		{"an action that is none", "x\n\n\n\n\n\n\n3\n2\n", "x|was||||[]|[]|1", `"3" is not one of them`},
		{"CR LF", "x\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n", "x|was||||[]|[]|0", ""},
	} {
		f := sampleForm()
		var action int
		out, rest, err := asked(tt.input+"for others", func(l *Lines) (err error) {
			action, err = l.Fill(context.Background(), f)
			return err
		})
		got := ""
		for _, field := range f.Fields {
			if field.records() {
				got += fmt.Sprint(field.Picked) + "|"
			} else {
				got += field.Text + "|"
			}
		}
		if got += fmt.Sprint(action); err != nil || got != tt.want || rest != "for others" || !strings.Contains(out, tt.says) || strings.Contains(out, "\x1b") {
			t.Errorf("%s: %v\ngot  %q\nwant %q\nleft %q\n%s", tt.name, err, got, tt.want, rest, out)
		}
	}
}

// The end of input at any byte leaves the form, and is never an answer.
func TestLinesEndOfInput(t *testing.T) {
	const input = "x\ny\na\nb\n.\nhorse\n'/a b'\nan\n2\nzoe\nann\n\n2\n"
	for n := range len(input) {
		var action int
		_, _, err := asked(input[:n], func(l *Lines) (err error) {
			action, err = l.Fill(context.Background(), sampleForm())
			return err
		})
		if !errors.Is(err, ErrEnded) || !errors.Is(err, ErrLeft) {
			t.Errorf("after %q: %d, %v", input[:n], action, err)
		}
	}
	_, _, err := asked(input, func(l *Lines) error { _, err := l.Fill(context.Background(), sampleForm()); return err })
	if err != nil {
		t.Errorf("the whole input: %v", err)
	}
}

func TestLinesChooseAndConfirm(t *testing.T) {
	q := Question{Title: "Which?", Text: []string{"a\x07b"}, Options: []Option{{Picked: Picked{Name: "One"}}, {Picked: Picked{Name: "Two"}, Detail: "more"}}}
	for input, want := range map[string]int{"1\n": 0, "2\n": 1, "\n0\nx\n2\n": 1, " 1 \n": 0} {
		at := -1
		out, _, err := asked(input, func(l *Lines) (err error) { at, err = l.Choose(context.Background(), q); return err })
		if err != nil || at != want || strings.Contains(out, "\x07") || !strings.Contains(out, "  2  Two, more") {
			t.Errorf("%q: %d, %v\n%s", input, at, err, out)
		}
	}
	for input, want := range map[string]bool{"y\n": true, "YES\n": true, "n\n": false, "\n": false, "yep\n": false, "": false, "y": false} {
		yes := !want
		if _, _, err := asked(input, func(l *Lines) (err error) { yes, err = l.Confirm(context.Background(), "Sure?"); return err }); err != nil || yes != want {
			t.Errorf("%q: %v, %v", input, yes, err)
		}
	}
}

// Whoever waits for an answer is not waited for when the program is to end.
func TestLinesEndWithTheirContext(t *testing.T) {
	in, writer := io.Pipe()
	defer writer.Close()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := NewLines(in, io.Discard).Fill(ctx, sampleForm()); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
