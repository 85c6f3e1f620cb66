package form

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

// Lines asks line by line: no redrawing, no control sequences, no colour. What is
// read is never lost between two questions.
type Lines struct {
	out io.Writer
	in  io.Reader

	// Secret reads a line that is not shown, after a prompt; nil asks for no
	// secrets.
	Secret func(ctx context.Context, prompt string) ([]byte, error)
}

// line is one line of input, without its end.
type line struct {
	text string
	err  error
}

// NewLines returns Lines that read from in and write to out.
func NewLines(in io.Reader, out io.Writer) *Lines { return &Lines{in: in, out: out} }

// Close is nothing: there is nothing to give back.
func (l *Lines) Close() error { return nil }

// read returns the next line. The end of input is ErrEnded: what was typed before
// it on the same line is no answer. A byte is read at a time, so that what comes
// after the last question is left to others.
func (l *Lines) read(ctx context.Context) (string, error) {
	got := make(chan line, 1)
	go func() {
		text, err := bufio.NewReaderSize(oneByte{l.in}, 16).ReadString('\n')
		got <- line{strings.TrimRight(text, "\r\n"), err}
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(l.out)
		return "", ctx.Err()
	case read := <-got:
		if read.err != nil {
			fmt.Fprintln(l.out)
			return "", ErrEnded
		}
		return read.text, nil
	}
}

// oneByte reads a byte at a time.
type oneByte struct{ r io.Reader }

// Read reads one byte.
func (o oneByte) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	return o.r.Read(b[:1])
}

// say prints a line.
func (l *Lines) say(format string, args ...any) { fmt.Fprintf(l.out, format+"\n", args...) }

// Confirm asks a question; only a yes is a yes. The end of input is a no.
func (l *Lines) Confirm(ctx context.Context, question string) (bool, error) {
	fmt.Fprintf(l.out, "%s [y/N] ", question)
	answer, err := l.read(ctx)
	if errors.Is(err, ErrLeft) {
		return false, nil
	}
	return isYes(answer), err
}

func isYes(answer string) bool {
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes"
}

// Fill asks for each field, again until its answer is right. An empty answer
// keeps what the field holds, a single - empties it.
func (l *Lines) Fill(ctx context.Context, f *Form) (action int, err error) {
	f.begin()
	l.say("%s", catalog.Visible(f.Title))
	if f.Status != "" {
		l.say("%s", catalog.Visible(f.Status))
	}
	if f.Problem != "" {
		l.say("%s", catalog.Visible(f.Problem))
	}
	l.say("Enter keeps what is in brackets, - empties, Ctrl-D leaves without saving.")
	for _, field := range f.Fields {
		was := field.answer()
		err := l.ask(ctx, field)
		if !was.equal(field.answer()) {
			f.typed()
		}
		if err != nil {
			return 0, err
		}
	}
	names := f.actions()
	if len(names) == 1 {
		return 0, nil
	}
	options := make([]Option, len(names))
	for i, name := range names {
		options[i].Name = name
	}
	return l.number(ctx, "What now?", options, true)
}

// ask asks for one field.
func (l *Lines) ask(ctx context.Context, f *Field) error {
	for {
		was := f.Text
		var err error
		switch f.Kind {
		case Pick, PickMany:
			err = l.askRecords(ctx, f)
		case Text:
			err = l.askText(ctx, f)
		case Secret:
			err = l.askSecret(ctx, f)
		default:
			err = l.askLine(ctx, f)
		}
		if err != nil {
			return err
		}
		if err := f.Error(); err != nil {
			l.say("%s", catalog.Visible(err.Error()))
			switch {
			case f.records():
				f.Text = ""
			case f.Kind != Text:
				f.Text = was // Enter would keep what is wrong
			}
			continue
		}
		return nil
	}
}

// prompt writes the label, the hint and what the field holds.
func (l *Lines) prompt(f *Field, holds string) {
	text := catalog.Visible(f.Label)
	if f.Hint != "" {
		text += " (" + f.Hint + ")"
	}
	if holds != "" {
		text += " [" + catalog.Visible(holds) + "]"
	}
	fmt.Fprint(l.out, text+": ")
}

// askLine reads one line.
func (l *Lines) askLine(ctx context.Context, f *Field) error {
	l.prompt(f, f.Text)
	answer, err := l.read(ctx)
	if err != nil {
		return err
	}
	switch trimmed := strings.TrimSpace(answer); trimmed {
	case "":
	case "-":
		f.Text = ""
	default:
		f.Text = answer
		if f.Kind == File {
			f.Text = pastedPath(answer)
		}
	}
	return nil
}

// askText reads lines up to one that is a single dot.
func (l *Lines) askText(ctx context.Context, f *Field) error {
	held := ""
	if f.Text != "" {
		held = fmt.Sprintf("%d characters", len([]rune(f.Text)))
	}
	text := *f
	text.Hint = strings.TrimPrefix(f.Hint+"; a line with a single . ends it", "; ")
	l.prompt(&text, held)
	fmt.Fprintln(l.out)
	var lines []string
	for {
		answer, err := l.read(ctx)
		switch {
		case err != nil:
			return err
		case len(lines) == 0 && strings.TrimSpace(answer) == "":
			return nil
		case len(lines) == 0 && strings.TrimSpace(answer) == "-":
			f.Text = ""
			return nil
		case strings.TrimSpace(answer) == ".":
			f.Text = strings.Join(lines, "\n")
			return nil
		}
		lines = append(lines, answer)
	}
}

// askSecret reads a line that is not shown.
func (l *Lines) askSecret(ctx context.Context, f *Field) error {
	if l.Secret == nil {
		return nil
	}
	prompt := f.Label + ": "
	if f.Hint != "" {
		prompt = f.Label + " (" + f.Hint + "): "
	}
	secret, err := l.Secret(ctx, prompt)
	if errors.Is(err, io.EOF) {
		return ErrEnded
	}
	f.Text = string(secret)
	return err
}

// askRecords reads names of records: one, or one after the other until an empty
// answer.
func (l *Lines) askRecords(ctx context.Context, f *Field) error {
	for {
		l.prompt(f, names(f))
		answer, err := l.read(ctx)
		if err != nil {
			return err
		}
		switch answer = strings.TrimSpace(answer); answer {
		case "":
			return nil
		case "-":
			f.Picked, f.Text = nil, ""
			continue
		}
		picked, err := l.pick(ctx, f, answer)
		if err != nil {
			return err
		}
		if picked == nil {
			continue
		}
		if f.Text = ""; f.Kind == Pick {
			f.Picked = []Picked{*picked}
			return nil
		}
		f.Picked = append(f.Picked, *picked)
	}
}

// names lists what is picked, or what was typed and is not picked yet.
func names(f *Field) string {
	if f.Text != "" {
		return f.Text
	}
	var names []string
	for _, p := range f.Picked {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}

// pick finds the record that a name means: the only one called so, or the one
// that is chosen from a list. nil is none.
func (l *Lines) pick(ctx context.Context, f *Field, name string) (*Picked, error) {
	found, err := f.Search(ctx, name)
	if err != nil {
		l.say("%s", catalog.Visible((&FieldError{f.Label, err}).Error()))
		return nil, nil
	}
	exact := 0
	for _, o := range found {
		if o.Exact {
			exact++
		}
	}
	options := offered(f, found, name)
	if exact == 1 && len(options) > 0 && options[0].Exact {
		l.say("%s", entry(f, options[0], options))
		return &options[0].Picked, nil
	}
	if len(options) == 0 {
		err := f.check(name)
		if err == nil {
			err = &FieldError{f.Label, fmt.Errorf("nothing is called %s", catalog.Quote(name))}
		}
		l.say("%s", catalog.Visible(err.Error()))
		return nil, nil
	}
	for i, o := range options {
		l.say("%3d  %s", i+1, entry(f, o, options))
	}
	for {
		fmt.Fprintf(l.out, "Which one? 1 to %d, Enter for none: ", len(options))
		answer, err := l.read(ctx)
		if err != nil {
			return nil, err
		}
		if strings.TrimSpace(answer) == "" {
			return nil, nil
		}
		if i, ok := within(answer, len(options)); ok {
			return &options[i].Picked, nil
		}
		l.say("%s is not one of them", catalog.Quote(answer))
	}
}

// entry is a line of a list.
func entry(f *Field, o Option, all []Option) string {
	text := catalog.Visible(o.Name)
	if f != nil {
		text = catalog.Visible(f.text(o, all))
	}
	if o.Detail != "" {
		text += ", " + catalog.Visible(o.Detail)
	}
	return text
}

// within reads a number from 1 to n; the index is from 0.
func within(answer string, n int) (int, bool) {
	i, err := strconv.Atoi(strings.TrimSpace(answer))
	return i - 1, err == nil && i >= 1 && i <= n
}

// Choose numbers the options. There is no usual answer.
func (l *Lines) Choose(ctx context.Context, q Question) (int, error) {
	for _, text := range q.Text {
		l.say("%s", catalog.Visible(text))
	}
	return l.number(ctx, q.Title, q.Options, false)
}

// number asks for the number of an option; first is that an empty answer is the
// first of them.
func (l *Lines) number(ctx context.Context, title string, options []Option, first bool) (int, error) {
	l.say("%s", catalog.Visible(title))
	for i, o := range options {
		l.say("%3d  %s", i+1, entry(nil, o, options))
	}
	for {
		fmt.Fprintf(l.out, "Which one? 1 to %d%s: ", len(options), map[bool]string{true: " [1]"}[first])
		answer, err := l.read(ctx)
		if err != nil {
			return 0, err
		}
		if first && strings.TrimSpace(answer) == "" {
			return 0, nil
		}
		if i, ok := within(answer, len(options)); ok {
			return i, nil
		}
		l.say("%s is not one of them", catalog.Quote(answer))
	}
}

var _ Asker = (*Lines)(nil)
