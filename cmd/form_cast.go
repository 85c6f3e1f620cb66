package cmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/form"
)

// partForm makes the form of one part of the movie that is being added.
func (s *movieSitting) partForm() *form.Form {
	title := strings.TrimSpace(s.form.Field("title").Text)
	f := &form.Form{Title: "Cast of " + title, Back: true, Actions: []string{"Add, then another", "Add, that is all"}}
	f.Fields = s.a.partFields()
	f.Typed = s.keep
	return f
}

// partFields are the fields of a part, but for its movie.
func (a *app) partFields() []*form.Field {
	return []*form.Field{
		a.recordField(catalog.KindPerson, "actor", "Actor", "type to search, or a new name"),
		lineField("name", "Character", "who they play", catalog.CleanLine),
		lineField("role", "Role", "lead, supporting, cameo, voice, self or any other word", catalog.CleanLine),
	}
}

// nobody reports whether a part has neither an actor nor a name.
func nobody(f *form.Form) bool {
	return len(f.Field("actor").Picked) == 0 && strings.TrimSpace(f.Field("name").Text) == ""
}

// askCast asks for parts until that is all; one without actor and name ends it
// too.
func (s *movieSitting) askCast(ctx context.Context) error {
	for {
		part := s.partForm()
		part.Status = catalog.Plural(len(s.cast), "1 part so far", fmt.Sprintf("%d parts so far", len(s.cast)))
		if len(s.cast) == 0 {
			part.Status = ""
		}
		again, err := s.askPart(ctx, part)
		if err != nil || !again {
			return err
		}
	}
}

// askPart asks for one part.
func (s *movieSitting) askPart(ctx context.Context, part *form.Form) (again bool, err error) {
	part.Begin()
	if s.begun != nil {
		part.Restore(s.begun)
		s.begun = nil
	}
	s.part = part
	defer func() { s.part = nil }()
	for {
		action, err := s.a.ask().Fill(ctx, part)
		if errors.Is(err, form.ErrBack) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		switch role := strings.TrimSpace(part.Field("role").Text); {
		case nobody(part) && role == "":
			return false, nil
		case nobody(part):
			part.Problem = "a part needs a name or an actor"
			continue
		case s.known(part):
			part.Problem = "the movie has this part already"
			continue
		}
		s.cast = append(s.cast, part)
		s.keep()
		return action == 0, nil
	}
}

// answers are those of the cast and of the part that is being typed.
func (s *movieSitting) answers() []form.Answers {
	all := answersOf(s.cast)
	if s.part != nil && s.part.Touched() && !slices.Contains(s.cast, s.part) {
		all = append(all, s.part.Answers())
	}
	return all
}

// restore makes the cast what a draft says. A part in which neither actor nor
// name was there yet is gone on with when the next one is asked for.
func (s *movieSitting) restore(ctx context.Context, parts []form.Answers) {
	for _, p := range parts {
		part := s.partForm()
		part.Restore(p)
		recall(ctx, part, true)
		if nobody(part) || strings.TrimSpace(part.Field("actor").Text) != "" {
			s.begun = p
			continue
		}
		s.cast = append(s.cast, part)
	}
}

// known reports whether the cast has a part already.
func (s *movieSitting) known(part *form.Form) bool {
	for _, p := range s.cast {
		a, b := p.Field("actor").Picked, part.Field("actor").Picked
		sameActor := len(a) == len(b) && (len(a) == 0 || a[0] == b[0])
		if sameActor && catalog.Fold(p.Field("name").Text) == catalog.Fold(part.Field("name").Text) {
			return true
		}
	}
	return false
}

// review shows the movie and its cast before they are saved.
func (s *movieSitting) review(ctx context.Context) error {
	for {
		q := form.Question{Title: "Save this movie and its cast?", Text: append(summary(s.form), ""), Back: true}
		for i, p := range s.cast {
			q.Text = append(q.Text, fmt.Sprintf("%3d  %s", i+1, partText(p)))
		}
		for _, name := range []string{"Save", "Another part", "Take the last part away", "Go back to the movie"} {
			q.Options = append(q.Options, form.Option{Picked: form.Picked{Name: name}})
		}
		at, err := s.a.ask().Choose(ctx, q)
		if err != nil {
			return err
		}
		switch at {
		case 0:
			return nil
		case 1:
			if err := s.askCast(ctx); err != nil {
				return err
			}
		case 2:
			s.cast = s.cast[:len(s.cast)-1]
			s.keep()
			if len(s.cast) == 0 {
				return form.ErrBack
			}
		default:
			return form.ErrBack
		}
	}
}

// summary is what a form holds, a line for each field that is not empty.
func summary(f *form.Form) []string {
	wide := 0
	for _, field := range f.Fields {
		wide = max(wide, len([]rune(field.Label)))
	}
	var lines []string
	for _, field := range f.Fields {
		if text := fieldText(field); text != "" {
			lines = append(lines, fmt.Sprintf("%-*s  %s", wide, field.Label, strings.ReplaceAll(text, "\n", " ")))
		}
	}
	return lines
}

// fieldText is what a field holds.
func fieldText(f *form.Field) string {
	if len(f.Picked) > 0 {
		return pickedText(f)
	}
	return strings.TrimSpace(f.Text)
}

// pickedText lists what is picked, and says what is to be made.
func pickedText(f *form.Field) string {
	names := make([]string, len(f.Picked))
	for i, p := range f.Picked {
		names[i] = p.Name
		if p.ID == 0 {
			names[i] += " (new)"
		}
	}
	return strings.Join(names, ", ")
}

// partText is one line of a cast.
func partText(f *form.Form) string {
	actor, name, role := pickedText(f.Field("actor")), strings.TrimSpace(f.Field("name").Text), strings.TrimSpace(f.Field("role").Text)
	text := actor
	if name != "" && actor != "" {
		text += " as "
	}
	text += name
	if role != "" {
		text += ", " + role
	}
	return text
}

// answersOf are the answers of several forms.
func answersOf(fs []*form.Form) []form.Answers {
	var all []form.Answers
	for _, f := range fs {
		all = append(all, f.Answers())
	}
	return all
}
