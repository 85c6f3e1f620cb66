package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

// namesShown is how many records an ambiguous name lists.
const namesShown = 10

// Found is a record that a reference names.
type Found struct {
	ID   int64
	Name string
	Year int // of release or birth, 0 if unknown
}

// named is one record met while looking names up.
type named struct {
	key  string
	cand catalog.Candidate
}

// naming says how a kind's records are looked up by name.
type naming struct {
	table string
	// byKey is a SELECT of key, id, name (first and last), date and detail of
	// the records whose key is IN a list.
	byKey string
	year  string // expression of the year that "Name (1999)" means; "" if it means none
}

func namings(kind catalog.Kind) naming {
	switch kind {
	case catalog.KindMovie:
		return naming{"movies", `SELECT k.title_key, m.id, NULL, m.title, m.release_date, NULL
			FROM movie_keys k JOIN movies m ON m.id = k.movie_id WHERE k.title_key IN %IN%`, "k.year"}
	case catalog.KindPerson:
		return naming{"persons", `SELECT k.name_key, p.id, p.first_name, p.last_name, p.date_of_birth, NULL
			FROM person_keys k JOIN persons p ON p.id = k.person_id WHERE k.name_key IN %IN%`,
			"CAST(substr(p.date_of_birth, 1, 4) AS INTEGER)"}
	case catalog.KindCharacter:
		return naming{"characters", `SELECT k.name_key, c.id, NULL, c.name, NULL, m.title
			FROM character_keys k JOIN characters c ON c.name = k.name LEFT JOIN movies m ON m.id = c.movie_id
			WHERE k.name_key IN %IN%`, ""}
	case catalog.KindGenre:
		return naming{"genres", `SELECT k.name_key, g.id, NULL, g.name, NULL, NULL
			FROM genre_keys k JOIN genres g ON g.id = k.genre_id WHERE k.name_key IN %IN%`, ""}
	case catalog.KindUser:
		return naming{"users", `SELECT k.name_key, u.id, NULL, u.username, NULL, NULL
			FROM user_keys k JOIN users u ON u.id = k.user_id WHERE k.name_key IN %IN%`, ""}
	case catalog.KindFile:
		return naming{"files", `SELECT k.name_key, f.id, NULL, f.file_name, NULL, NULL
			FROM file_keys k JOIN files f ON f.id = k.file_id WHERE k.name_key IN %IN%`, ""}
	case catalog.KindPhoto: // named by id alone
		return naming{"photos", `SELECT '', id, NULL, '', NULL, NULL FROM photos WHERE '' IN %IN% AND false`, ""}
	default:
		return naming{"countries", `SELECT k.name_key, c.id, NULL, c.name, NULL, NULL
			FROM country_keys k JOIN countries c ON c.id = k.country_id WHERE k.name_key IN %IN%`, ""}
	}
}

func scanKeyed(s scanner, n *named) error {
	var first, last, date, detail sql.NullString
	if err := s.Scan(&n.key, &n.cand.ID, &first, &last, &date, &detail); err != nil {
		return err
	}
	n.cand.Name, n.cand.Year = catalog.JoinName(first.String, last.String), catalog.Year(date.String)
	if detail.Valid {
		n.cand.Detail = "in " + detail.String
	}
	return nil
}

// lookup is one way to read a name: a key, and the year it must have (0 is any).
type lookup struct {
	key  string
	year int
}

// lookups returns every way to read a name of the kind.
func lookups(kind catalog.Kind, name string) []lookup {
	if kind == catalog.KindCountry {
		var ls []lookup
		for _, key := range catalog.CountryAliases(name) {
			ls = append(ls, lookup{key: key})
		}
		return ls
	}
	ls := []lookup{{key: catalog.Fold(name)}}
	add := func(name string, year int) {
		for _, l := range ls {
			if l.key == catalog.Fold(name) && l.year == year {
				return
			}
		}
		ls = append(ls, lookup{catalog.Fold(name), year})
	}
	turned := func(name string) string {
		if kind != catalog.KindPerson {
			return name
		}
		return catalog.JoinName(catalog.SplitName(name)) // Holland, Tom
	}
	add(turned(name), 0)
	if namings(kind).year != "" {
		if base, year := catalog.SplitYear(name); year != 0 {
			add(base, year)
			add(turned(base), year)
		}
	}
	return ls
}

// Resolve returns the record that ref names. None is a *catalog.NotFoundError
// with the nearest names, several are a *catalog.AmbiguousError unless
// Options.Chosen says which of them is meant.
func (tx *Tx) Resolve(ctx context.Context, kind catalog.Kind, ref catalog.Ref) (Found, error) {
	fs, err := tx.ResolveAll(ctx, kind, []catalog.Ref{ref})
	if err != nil {
		return Found{}, err
	}
	return fs[0], nil
}

// ResolveAll is Resolve for several references at once, in a number of
// statements that does not grow with them. Records named twice come once, in
// the place of the first mention.
func (tx *Tx) ResolveAll(ctx context.Context, kind catalog.Kind, refs []catalog.Ref) ([]Found, error) {
	ids, err := tx.existing(ctx, kind, refs)
	if err != nil {
		return nil, err
	}
	met, err := tx.keyed(ctx, kind, refs)
	if err != nil {
		return nil, err
	}
	var found []Found
	seen := map[int64]bool{}
	for _, ref := range refs {
		var f Found
		if ref.ID != 0 {
			f, err = tx.byID(ctx, kind, ref, ids)
		} else {
			f, err = tx.byName(ctx, kind, ref, met)
		}
		if err != nil {
			return nil, err
		}
		if !seen[f.ID] {
			seen[f.ID] = true
			found = append(found, f)
		}
	}
	return found, nil
}

// existing returns which of the references' ids exist.
func (tx *Tx) existing(ctx context.Context, kind catalog.Kind, refs []catalog.Ref) (map[int64]bool, error) {
	var want []int64
	for _, r := range refs {
		if r.ID != 0 {
			want = append(want, r.ID)
		}
	}
	got, err := eachIn(ctx, tx, scanID, `SELECT id FROM `+namings(kind).table+` WHERE id IN %IN%`, want)
	ids := make(map[int64]bool, len(got))
	for _, id := range got {
		ids[id] = true
	}
	return ids, err
}

// keyed looks up every way to read the references that are names.
func (tx *Tx) keyed(ctx context.Context, kind catalog.Kind, refs []catalog.Ref) (map[lookup][]catalog.Candidate, error) {
	met := map[lookup][]catalog.Candidate{}
	var plain, dated []lookup
	for _, r := range refs {
		if r.ID != 0 {
			continue
		}
		for _, l := range lookups(kind, r.Name) {
			if _, ok := met[l]; ok {
				continue
			}
			met[l] = nil
			if l.year == 0 {
				plain = append(plain, l)
			} else {
				dated = append(dated, l)
			}
		}
	}
	for _, ls := range [][]lookup{plain, dated} {
		for part := range chunks(ls) {
			if err := tx.lookUp(ctx, kind, part, met); err != nil {
				return nil, err
			}
		}
	}
	return met, nil
}

// lookUp adds to met what a number of lookups find; either all of them have a
// year or none.
func (tx *Tx) lookUp(ctx context.Context, kind catalog.Kind, ls []lookup, met map[lookup][]catalog.Candidate) error {
	// A name that a million parts bear must not be read whole: past the limit
	// a name is ambiguous anyway.
	limit := 1000 + namesShown*len(ls)
	var keys, years []any
	asked := make(map[lookup]bool, len(ls))
	for _, l := range ls {
		keys, years = append(keys, l.key), append(years, l.year)
		asked[l] = true
	}
	n := namings(kind)
	q, args := strings.Replace(n.byKey, "%IN%", "("+marks(len(ls))+")", 1), keys
	if ls[0].year != 0 {
		q += " AND " + n.year + " IN (" + marks(len(ls)) + ")"
		args = append(args, years...)
	}
	got, err := all(rows(ctx, tx, scanKeyed, q+" LIMIT "+strconv.Itoa(limit), args...))
	if err != nil {
		return err
	}
	if len(got) == limit && len(ls) > 1 {
		for i := range ls {
			if err := tx.lookUp(ctx, kind, ls[i:i+1], met); err != nil {
				return err
			}
		}
		return nil
	}
	for _, g := range got {
		l := lookup{key: g.key}
		if ls[0].year != 0 {
			l.year = g.cand.Year
		}
		if asked[l] {
			met[l] = append(met[l], g.cand)
		}
	}
	return nil
}

func (tx *Tx) byID(ctx context.Context, kind catalog.Kind, ref catalog.Ref, ids map[int64]bool) (Found, error) {
	if ids[ref.ID] {
		return Found{ID: ref.ID}, nil
	}
	notFound := &catalog.NotFoundError{Kind: kind, Ref: ref}
	if ref.Text == "" || strings.HasPrefix(ref.Text, "id:") {
		return Found{}, notFound
	}
	// All digits is always an id; whoever meant the film 1917 is told how.
	name, err := catalog.ParseRef(kind, catalog.NameRef(kind, ref.Text))
	if err != nil {
		return Found{}, err
	}
	if _, err = tx.Resolve(ctx, kind, name); err == nil || errors.Is(err, catalog.ErrAmbiguous) {
		notFound.Hint = "to name the " + string(kind) + " " + catalog.Quote(ref.Text) + " write " + catalog.NameRef(kind, ref.Text)
	}
	return Found{}, notFound
}

// fitting returns the records that a name means, each once.
func fitting(kind catalog.Kind, ref catalog.Ref, met map[lookup][]catalog.Candidate) []catalog.Candidate {
	var fits []catalog.Candidate
	seen := map[int64]bool{}
	for i, l := range lookups(kind, ref.Name) {
		if kind == catalog.KindCountry && i == 1 && len(fits) > 0 {
			break // a country of just this name goes before its aliases
		}
		for _, c := range met[l] {
			if !seen[c.ID] {
				seen[c.ID] = true
				fits = append(fits, c)
			}
		}
	}
	return fits
}

func (tx *Tx) byName(ctx context.Context, kind catalog.Kind, ref catalog.Ref, met map[lookup][]catalog.Candidate) (Found, error) {
	fits := fitting(kind, ref, met)
	switch {
	case len(fits) == 1:
		return Found{ID: fits[0].ID, Name: fits[0].Name, Year: fits[0].Year}, nil
	case len(fits) > 1:
		if f, ok := tx.chosen(kind, ref, fits); ok {
			return f, nil
		}
		more := len(fits) > namesShown
		return Found{}, &catalog.AmbiguousError{Kind: kind, Ref: ref, Candidates: fits[:min(len(fits), namesShown)], More: more}
	}
	near, err := tx.near(ctx, kind, ref.Name)
	if err != nil {
		return Found{}, err
	}
	return Found{}, &catalog.NotFoundError{Kind: kind, Ref: ref, Near: near}
}

// chosen returns the one of several records that Options.Chosen says is meant.
func (tx *Tx) chosen(kind catalog.Kind, ref catalog.Ref, fits []catalog.Candidate) (f Found, ok bool) {
	if tx.opts.Chosen == nil {
		return f, false
	}
	id, ok := tx.opts.Chosen(kind, ref)
	for _, c := range fits {
		if ok && c.ID == id {
			return Found{ID: id, Name: c.Name, Year: c.Year}, true
		}
	}
	return f, false
}

// Find returns every record that a name fits, none without error.
func (tx *Tx) Find(ctx context.Context, kind catalog.Kind, ref catalog.Ref) ([]Found, error) {
	met, err := tx.keyed(ctx, kind, []catalog.Ref{ref})
	if err != nil {
		return nil, err
	}
	var found []Found
	for _, l := range lookups(kind, ref.Name) {
		for _, c := range met[l] {
			found = append(found, Found{ID: c.ID, Name: c.Name, Year: c.Year})
		}
	}
	return found, nil
}
