package form

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// people are who can be found: those whose name begins with what is typed.
func people(names ...string) func(context.Context, string) ([]Option, error) {
	return func(_ context.Context, typed string) (found []Option, err error) {
		for i, name := range names {
			if strings.HasPrefix(strings.ToLower(name), strings.ToLower(typed)) {
				found = append(found, Option{Picked: Picked{ID: int64(i + 1), Name: name}, Exact: strings.EqualFold(name, typed)})
			}
		}
		return found, nil
	}
}

// pick types into a picker: a key by its name in <>, anything else as text. It
// returns how many fields the last key goes on.
func pick(p *picker, keys ...string) (move int) {
	for _, key := range keys {
		if name, ok := strings.CutPrefix(key, "<"); ok {
			name = strings.TrimSuffix(name, ">")
			var done bool
			if move, done = p.press(name); !done && name == "backspace" {
				p.Update(tea.KeyPressMsg{Code: tea.KeyBackspace})
			}
			continue
		}
		for _, r := range key {
			p.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
		}
	}
	return move
}

func newPick(kind Kind, makes string) *picker {
	f := &Field{Key: "k", Label: "L", Kind: kind, Makes: makes, Search: people("Ann", "Anna", "Bob"), Check: func(s string) error {
		if strings.HasPrefix(s, "x") {
			return errors.New("no x")
		}
		return nil
	}}
	p := newPicker(context.Background(), f, "L")
	p.Focus()
	return p
}

func TestPickerRules(t *testing.T) {
	for _, tt := range []struct {
		name   string
		kind   Kind
		makes  string
		keys   []string
		picked string // ids and names
		typed  string
		move   int
		wrong  string
	}{
		{"nothing typed, Enter goes on", Pick, "genre", []string{"<enter>"}, "[]", "", 1, ""},
		{"nothing typed, Tab goes on", Pick, "genre", []string{"<tab>"}, "[]", "", 1, ""},
		{"the first is taken", Pick, "genre", []string{"an", "<enter>"}, "[{1 Ann}]", "", 1, ""},
		{"Tab takes too", Pick, "genre", []string{"an", "<tab>"}, "[{1 Ann}]", "", 1, ""},
		{"the second", Pick, "genre", []string{"an", "<down>", "<enter>"}, "[{2 Anna}]", "", 1, ""},
		{"down ends at the last", Pick, "", []string{"an", "<down>", "<down>", "<down>", "<enter>"}, "[{2 Anna}]", "", 1, ""},
		{"chosen without typing", Pick, "", []string{"<down>", "<enter>"}, "[{1 Ann}]", "", 1, ""},
		{"marked without typing, Tab goes on", Pick, "", []string{"<down>", "<tab>"}, "[]", "", 1, ""},
		{"nobody, none can be made", Pick, "", []string{"zoe", "<enter>"}, "[]", "zoe", 0, `L: nothing is picked for "zoe"`},
		{"made", Pick, "genre", []string{"zoe", "<enter>"}, "[{0 zoe}]", "", 1, ""},
		{"made against the rule", Pick, "genre", []string{"xyz", "<enter>"}, "[]", "xyz", 0, "L: no x"},
		{"a genre that is there is not made again", Pick, "genre", []string{"ann", "<down>", "<down>", "<enter>"}, "[{2 Anna}]", "", 1, ""},
		{"another person is", Pick, "person", []string{"ann", "<down>", "<down>", "<enter>"}, "[{0 ann}]", "", 1, ""},
		{"editing takes the pick back", Pick, "", []string{"bob", "<enter>", "<backspace>"}, "[]", "Bo", 0, ""},
		{"several", PickMany, "genre", []string{"an", "<enter>", "bo", "<enter>", "zoe", "<enter>"}, "[{1 Ann} {3 Bob} {0 zoe}]", "", 0, ""},
		{"no one twice", PickMany, "genre", []string{"ann", "<enter>", "ann", "<enter>"}, "[{1 Ann} {2 Anna}]", "", 0, ""},
		{"no one is made twice", PickMany, "genre", []string{"zoe", "<enter>", "zoe", "<enter>"}, "[{0 zoe}]", "zoe", 0, `L: nothing is picked for "zoe"`},
		{"backspace takes the last away", PickMany, "genre", []string{"ann", "<enter>", "bob", "<enter>", "<backspace>"}, "[{1 Ann}]", "", 0, ""},
		{"backspace takes a letter first", PickMany, "genre", []string{"ann", "<enter>", "b", "<backspace>"}, "[{1 Ann}]", "", 0, ""},
		{"Tab takes and goes on", PickMany, "genre", []string{"ann", "<tab>"}, "[{1 Ann}]", "", 1, ""},
		{"up leaves", Pick, "", []string{"<up>"}, "[]", "", -1, ""},
		{"up from the list leaves at its top", Pick, "", []string{"<down>", "<up>", "<up>"}, "[]", "", -1, ""},
		{"shift+tab goes back with what is typed", Pick, "", []string{"an", "<shift+tab>"}, "[]", "an", -1, ""},
	} {
		p := newPick(tt.kind, tt.makes)
		move := pick(p, tt.keys...)
		if got := fmt.Sprint(p.field.Picked); got != tt.picked || p.field.Text != tt.typed || move != tt.move || message(p.err) != tt.wrong {
			t.Errorf("%s: picked %s, typed %q, move %d, %v; want %s, %q, %d, %q", tt.name, got, p.field.Text, move, p.err, tt.picked, tt.typed, tt.move, tt.wrong)
		}
	}
}

// A search that fails is said, and what was typed is kept.
func TestPickerWhoseSearchFails(t *testing.T) {
	p := newPick(Pick, "genre")
	p.field.Search = func(context.Context, string) ([]Option, error) { return nil, errors.New("the disk is gone") }
	if pick(p, "an"); message(p.Error()) != "L: the disk is gone" || p.field.Text != "an" {
		t.Errorf("%v, typed %q", p.Error(), p.field.Text)
	}
}

// A name is searched for only as far as names go.
func TestPickerSearchesForABoundedText(t *testing.T) {
	p := newPick(Pick, "")
	longest := 0
	p.field.Search = func(_ context.Context, typed string) ([]Option, error) {
		longest = max(longest, len([]rune(typed)))
		return nil, nil
	}
	p.Update(tea.PasteMsg{Content: strings.Repeat("é", 10_000)})
	if longest == 0 || longest > longestWord {
		t.Errorf("searched for %d characters", longest)
	}
	if n := len([]rune(p.field.Text)); n != 10_000 {
		t.Errorf("%d characters are kept", n)
	}
}
