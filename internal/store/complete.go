package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/moviedb/moviedb/internal/catalog"
)

const (
	completed  = 50   // names offered, about
	lastOfAll  = 5    // names read from the end of a range that is longer than that
	peekedNote = 1000 // rows noted as stale that Peek still reads around
)

// Completion is a name to offer to somebody who typed how it begins.
type Completion struct {
	Name   string // names the record, written as for catalog.ParseRef
	Detail string // something to know the record by; "" is nothing
}

// Peek runs fn on one snapshot of the catalog and, unlike View, does not try to
// mend derived rows: nothing is written, and nothing waited for but BusyTimeout.
// Records changed by hand are seen under their new names, if they are not too
// many. A catalog made with another fold is an error.
func Peek(ctx context.Context, o Options, fn func(*Tx) error) (err error) {
	s, err := Open(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	tx, err := o.begin(ctx, s.db.DB, "BEGIN")
	if err != nil {
		return o.classify(err)
	}
	defer tx.end()
	stale, rebuild, err := tx.stale(ctx)
	switch {
	case err != nil:
		return o.classify(err)
	case rebuild:
		return fmt.Errorf("%s was last written by another version of moviedb", o.visible())
	case stale:
		n, err := tx.number(ctx, `SELECT count(*) FROM (SELECT 1 FROM stale LIMIT ?)`, peekedNote+1)
		if err == nil && n <= peekedNote {
			err = tx.overlay(ctx)
		}
		if err != nil {
			return o.classify(err)
		}
	}
	return s.db.whole(fn(tx))
}

// begun is a record whose name begins as typed.
type begun struct {
	id          int64
	first, last string // of people; others have last alone
	year        int
}

func scanBegun(s scanner, b *begun) error {
	var key string
	var first, last, date, detail sql.NullString
	err := s.Scan(&key, &b.id, &first, &last, &date, &detail)
	b.first, b.last, b.year = first.String, last.String, catalog.Year(date.String)
	return err
}

// Complete returns names of the kind that begin with what was typed, whatever
// the case and the accents: about 50 from the front of the index and, if there
// are more, a few from its end, so that all there are begin with no more than
// those returned have in common. Each name means one record and no other;
// records that no name means alone are left out, as are names with characters
// that a terminal would not show. People are found by last name too, and then
// named "Holland, Tom". Characters and photos have no names to offer.
func (tx *Tx) Complete(ctx context.Context, kind catalog.Kind, typed string) ([]Completion, error) {
	if kind == catalog.KindCharacter || kind == catalog.KindPhoto || strings.HasPrefix(typed, "id:") {
		return nil, nil
	}
	prefix := catalog.NameRef(kind, "")
	name, ok := strings.CutPrefix(typed, prefix)
	if !ok {
		prefix = ""
	}
	name = strings.TrimLeftFunc(name, unicode.IsSpace)
	columns := nearColumns(kind)
	if kind == catalog.KindMovie {
		columns = columns[:1] // no title is written as it is sorted
	}
	var ws []written
	seen := map[int64]bool{}
	for i, column := range columns {
		got, err := tx.beginning(ctx, kind, column, name, completed/len(columns))
		if err != nil {
			return nil, err
		}
		for _, b := range got {
			if !seen[b.id] && (i == 0 || b.first != "") {
				seen[b.id] = true
				ws = append(ws, writings(kind, b, i > 0, prefix, name))
			}
		}
	}
	return tx.unmistakable(ctx, kind, ws)
}

// beginning reads the records whose key in a column begins as typed.
func (tx *Tx) beginning(ctx context.Context, kind catalog.Kind, column, typed string, limit int) ([]begun, error) {
	read := namings(kind).byKey
	read = read[:strings.LastIndex(read, "WHERE ")] + "WHERE " + column
	within := read + " >= ? AND " + column + " < ? ORDER BY " + column
	from := foldTyped(typed)
	to := from + "\U0010ffff"
	got, err := all(rows(ctx, tx, scanBegun, within+" LIMIT ?", from, to, limit))
	if err != nil {
		return nil, err
	}
	if len(got) == limit {
		last, err := all(rows(ctx, tx, scanBegun, within+" DESC LIMIT ?", from, to, lastOfAll))
		if err != nil {
			return nil, err
		}
		got = append(got, last...)
	}
	if base, ok := beforeYear(typed); ok {
		whole, err := all(rows(ctx, tx, scanBegun, read+" = ? LIMIT ?", catalog.Fold(base), limit))
		if err != nil {
			return nil, err
		}
		got = append(whole, got...)
	}
	return got, nil
}

// foldTyped folds the beginning of a name; a blank at its end counts.
func foldTyped(typed string) string {
	key := catalog.Fold(typed)
	if key != "" && strings.TrimRightFunc(typed, unicode.IsSpace) != typed {
		key += " "
	}
	return key
}

// beforeYear returns the name in "Solaris (19", which may end anywhere after
// the name's blank.
func beforeYear(typed string) (name string, ok bool) {
	rest := strings.TrimRight(strings.TrimSuffix(typed, ")"), "0123456789")
	rest = strings.TrimSuffix(rest, "(")
	name = strings.TrimRightFunc(rest, unicode.IsSpace)
	return name, name != "" && name != rest
}

// written is a record and the ways to write its name, the best first.
type written struct {
	id   int64
	year int
	refs []catalog.Ref
}

// writings returns the ways to write a record's name that go on from what was
// typed. A film has its year whenever that is known.
func writings(kind catalog.Kind, b begun, turned bool, prefix, typed string) written {
	w := written{id: b.id, year: b.year}
	name := catalog.JoinName(b.first, b.last)
	if turned {
		name = b.last + ", " + b.first
	}
	texts := []string{name, catalog.YearLabel(name, b.year)}
	if kind == catalog.KindMovie {
		texts = texts[1:]
	} else if kind != catalog.KindPerson || b.year == 0 {
		texts = texts[:1]
	}
	for _, text := range texts {
		if !strings.HasPrefix(catalog.Fold(text), foldTyped(typed)) || catalog.Visible(text) != text {
			continue
		}
		ref, err := catalog.ParseRef(kind, prefix+text)
		if prefix == "" && (err != nil || ref.Name != text || strings.HasPrefix(text, "-")) { // an id, a prefix or a flag
			ref, err = catalog.ParseRef(kind, catalog.NameRef(kind, text))
		}
		if err == nil {
			w.refs = append(w.refs, ref)
		}
	}
	return w
}

// unmistakable returns for each record the first way to write its name that
// means it alone.
func (tx *Tx) unmistakable(ctx context.Context, kind catalog.Kind, ws []written) ([]Completion, error) {
	var refs []catalog.Ref
	for _, w := range ws {
		refs = append(refs, w.refs...)
	}
	met, err := tx.keyed(ctx, kind, refs)
	if err != nil {
		return nil, err
	}
	var cs []Completion
	var clear []written
	for _, w := range ws {
		for _, ref := range w.refs {
			if fits := fitting(kind, ref, met); len(fits) == 1 && fits[0].ID == w.id {
				cs = append(cs, Completion{Name: ref.Text})
				clear = append(clear, w)
				break
			}
		}
	}
	return cs, tx.describe(ctx, kind, clear, cs)
}

// detailed is what one record is known by.
type detailed struct {
	id   int64
	text string
}

func scanDetailed(s scanner, d *detailed) error {
	var text sql.NullString
	err := s.Scan(&d.id, &text)
	d.text = text.String
	return err
}

// details is a SELECT of id and detail of a kind, "" for those whose records
// say enough.
func details(kind catalog.Kind) string {
	return map[catalog.Kind]string{
		catalog.KindMovie: `SELECT m.id, coalesce(p.first_name || ' ', '') || p.last_name
			FROM movies m JOIN persons p ON p.id = m.director_id WHERE m.id IN %IN%`,
		catalog.KindUser: `SELECT id, trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')) FROM users WHERE id IN %IN%`,
		catalog.KindFile: `SELECT id, mime_type FROM files WHERE id IN %IN%`,
	}[kind]
}

// describe fills in the details of completions: a film's director, a person's
// year of birth, a user's name, a file's type.
func (tx *Tx) describe(ctx context.Context, kind catalog.Kind, ws []written, cs []Completion) error {
	read := details(kind)
	ids := make([]int64, len(ws))
	at := map[int64]int{}
	for i, w := range ws {
		ids[i], at[w.id] = w.id, i
		if kind == catalog.KindPerson && w.year != 0 {
			cs[i].Detail = "born " + strconv.Itoa(w.year)
		}
	}
	if read == "" {
		return nil
	}
	got, err := eachIn(ctx, tx, scanDetailed, read, ids)
	for _, d := range got {
		cs[at[d.id]].Detail = d.text
	}
	return err
}
