package bulk

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/csvio"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/tabular"
)

// IMDb imports title.basics, name.basics and title.principals, one file of each
// in any order, as one import and one transaction. They are linked by their ids,
// which are not kept: two ids are two records. Actors, actresses and people who
// are themselves become characters, the first director of a title its director;
// what is left out is counted in Result.Left. types are the types of titles to
// take; none is all.
func IMDb(ctx context.Context, o Options, types []string, sources ...Source) (Result, error) {
	o.Read.Unquoted, o.Cells.Null = true, csvio.IMDbNull
	files, err := imdbFiles(ctx, o, sources)
	if err != nil {
		return Result{}, err
	}
	im := &imdb{o: o, files: files, types: types}
	if err := im.begin(ctx); err != nil {
		return Result{}, err
	}
	defer func() { im.close() }()
	o.Store.LateReferences = o.addsOnly()
	write := store.Update
	if o.DryRun {
		write = store.DryRun
	}
	used := false
	err = write(ctx, o.Store, func(tx *store.Tx) error {
		if used { // another process created the catalog meanwhile
			im.close()
			if err := im.begin(ctx); err != nil {
				return err
			}
		}
		used = true
		return im.store(ctx, tx)
	})
	if err != nil {
		return Result{}, err
	}
	return im.s.res, nil
}

// The files of an import, by what they are.
const (
	imdbTitles     = "title.basics"
	imdbNames      = "name.basics"
	imdbPrincipals = "title.principals"
)

// imdbFiles tells the files apart by their headers.
func imdbFiles(ctx context.Context, o Options, sources []Source) (map[string]Source, error) {
	files := map[string]Source{}
	for _, src := range sources {
		what, err := imdbFile(ctx, o, src)
		if err != nil {
			return nil, err
		}
		if other, twice := files[what]; twice {
			return nil, catalog.Invalidf("%s and %s are both %s; give one of them", catalog.Visible(other.Name), catalog.Visible(src.Name), what)
		}
		files[what] = src
	}
	for _, what := range []string{imdbTitles, imdbNames, imdbPrincipals} {
		if _, ok := files[what]; !ok {
			return nil, catalog.Invalidf("%s is missing; an import of IMDb needs %s, %s and %s", what, imdbTitles, imdbNames, imdbPrincipals)
		}
	}
	return files, nil
}

func imdbFile(ctx context.Context, o Options, src Source) (string, error) {
	f, err := src.Open()
	if err != nil {
		return "", err
	}
	defer f.Close()
	t, err := tabular.Open(&contextReader{ctx: ctx, r: f}, src.Name, o.Read)
	if err != nil {
		return "", err
	}
	has := func(columns ...string) bool {
		for _, c := range columns {
			if !slices.Contains(t.Header(), c) {
				return false
			}
		}
		return true
	}
	switch {
	case has("tconst", "primaryTitle"):
		return imdbTitles, nil
	case has("nconst", "primaryName"):
		return imdbNames, nil
	case has("tconst", "nconst", "category"):
		return imdbPrincipals, nil
	}
	return "", catalog.Invalidf("%s is none of %s, %s and %s, by its columns", catalog.Visible(src.Name), imdbTitles, imdbNames, imdbPrincipals)
}

// imdb is one pass over the three files.
type imdb struct {
	o     Options
	files map[string]Source
	types []string

	s          *session
	names      *pass[csvio.PersonRow]
	titles     *pass[csvio.IMDbTitleRow]
	principals *pass[csvio.IMDbPrincipalRow]

	persons   idTable // person ids by nconst
	movies    idTable // movie ids by tconst
	directors idTable // numbers of nconst by tconst, of the first director
	left      map[string]int
}

// begin opens the files, and reads from the principals who directs what: a film
// is written once, with its director.
func (im *imdb) begin(ctx context.Context) error {
	im.s = &session{opts: im.o}
	im.persons, im.movies, im.directors, im.left = idTable{}, idTable{}, idTable{}, map[string]int{}
	if err := im.readDirectors(ctx); err != nil {
		return err
	}
	var err error
	if im.names, err = begin(ctx, im.o, im.namesJob(), []Source{im.files[imdbNames]}); err != nil {
		return err
	}
	if im.titles, err = begin(ctx, im.o, im.titlesJob(), []Source{im.files[imdbTitles]}); err != nil {
		im.names.close()
		return err
	}
	if im.principals, err = begin(ctx, im.o, im.principalsJob(), []Source{im.files[imdbPrincipals]}); err != nil {
		im.names.close()
		im.titles.close()
		return err
	}
	im.names.s, im.titles.s, im.principals.s = im.s, im.s, im.s
	return nil
}

func (im *imdb) close() {
	im.names.close()
	im.titles.close()
	im.principals.close()
}

// readDirectors notes the number of the first director of each title.
func (im *imdb) readDirectors(ctx context.Context) error {
	p, err := begin(ctx, im.o, im.principalsJob(), []Source{im.files[imdbPrincipals]})
	if err != nil {
		return err
	}
	defer p.close()
	p.s = im.s
	rows := 0
	for b := range p.in.batches {
		for i := range b.rows {
			row := &b.rows[i]
			n, ok := idNumber(row.Name)
			if row.Category == directorCategory && ok && im.directors.get(row.Title) == 0 {
				im.directors.set(row.Title, int64(n))
			}
		}
		rows += len(b.rows)
		p.progress(rows, b.offset, false)
	}
	return p.in.failed
}

const directorCategory = "director"

// store writes people, then films, then parts.
func (im *imdb) store(ctx context.Context, tx *store.Tx) (err error) {
	if err := tx.Bulk(ctx, max(im.names.expected(), im.titles.expected())); err != nil {
		return err
	}
	if im.s.names, err = newNames(ctx, tx, im.s); err != nil {
		return err
	}
	res := &im.s.res
	if err := im.names.write(ctx, tx); err != nil {
		return err
	}
	res.Persons = res.Created
	if err := im.titles.write(ctx, tx); err != nil {
		return err
	}
	res.Movies = res.Created - res.Persons
	if err := im.principals.write(ctx, tx); err != nil {
		return err
	}
	res.Characters = res.Created - res.Persons - res.Movies
	im.principals.progress(im.s.rows, 0, true)
	if err := im.s.verdict([]Source{im.files[imdbNames], im.files[imdbTitles], im.files[imdbPrincipals]}); err != nil {
		return err
	}
	res.Files = slices.Concat(im.names.in.notes(), im.titles.in.notes(), im.principals.in.notes())
	for _, what := range slices.Sorted(maps.Keys(im.left)) {
		res.Left = append(res.Left, Count{what, im.left[what]})
	}
	return tx.EndBulk(ctx)
}

func (im *imdb) namesJob() job[csvio.PersonRow] {
	return job[csvio.PersonRow]{kind: csvio.IMDbNames(), prepare: hasID[csvio.PersonRow](csvio.IMDbNames(), "nconst"), make: func(ctx context.Context, tx *store.Tx, s *session) (handler[csvio.PersonRow], error) {
		before, err := tx.LastID(ctx, catalog.KindPerson)
		h := &persons{session: s, before: before, last: before, claims: newClaims()}
		h.placed = func(row *csvio.PersonRow, id int64) { im.persons.set(row.Key, id) }
		return h, err
	}}
}

func (im *imdb) titlesJob() job[csvio.IMDbTitleRow] {
	return job[csvio.IMDbTitleRow]{kind: csvio.IMDbTitles(), prepare: hasID[csvio.IMDbTitleRow](csvio.IMDbTitles(), "tconst"), make: func(ctx context.Context, tx *store.Tx, s *session) (handler[csvio.IMDbTitleRow], error) {
		before, err := tx.LastID(ctx, catalog.KindMovie)
		h := &movies{session: s, before: before, last: before, claims: newClaims()}
		h.placed = func(row *csvio.MovieRow, id int64) { im.movies.set(row.Key, id) }
		h.directorOf = func(row *csvio.MovieRow) int64 { return im.persons.at(im.directors.get(row.Key)) }
		return &imdbTitlesHandler{im: im, movies: h}, err
	}}
}

// imdbTitlesHandler writes titles of the types that are wanted.
type imdbTitlesHandler struct {
	im     *imdb
	movies *movies
}

func (h *imdbTitlesHandler) batch(ctx context.Context, tx *store.Tx, rows []csvio.IMDbTitleRow) error {
	movies := make([]csvio.MovieRow, 0, len(rows))
	for i := range rows {
		if row := &rows[i]; len(h.im.types) == 0 || slices.Contains(h.im.types, strings.ToLower(row.Type)) {
			movies = append(movies, row.MovieRow)
		} else {
			h.im.left["titles of type "+row.Type]++
		}
	}
	return h.movies.batch(ctx, tx, movies)
}

func (im *imdb) principalsJob() job[csvio.IMDbPrincipalRow] {
	return job[csvio.IMDbPrincipalRow]{kind: csvio.IMDbPrincipals(), make: func(ctx context.Context, tx *store.Tx, s *session) (handler[csvio.IMDbPrincipalRow], error) {
		before, err := tx.LastID(ctx, catalog.KindCharacter)
		return &imdbParts{im: im, characters: &characters{session: s, before: before, last: before}}, err
	}}
}

// imdbParts makes characters of principals.
type imdbParts struct {
	im         *imdb
	characters *characters
}

func (h *imdbParts) batch(ctx context.Context, tx *store.Tx, rows []csvio.IMDbPrincipalRow) error {
	var parts []characterRow
	for i := range rows {
		row := &rows[i]
		role, ok := imdbRole(row.Category)
		movie, actor := h.im.movies.get(row.Title), h.im.persons.get(row.Name)
		switch {
		case movie == 0:
			h.im.left["principals of titles that are not there"]++
			continue
		case row.Category == directorCategory:
			if n, _ := idNumber(row.Name); h.im.directors.get(row.Title) != int64(n) {
				h.im.left["further directors"]++
			}
			continue
		case !ok:
			h.im.left["principals of category "+row.Category]++
			continue
		case actor == 0:
			h.im.left["principals whose names are not there"]++
			continue
		}
		names := row.Characters
		if len(names) == 0 {
			names = []string{""}
		}
		for _, name := range names {
			parts = append(parts, characterRow{movie: movie, actor: ref(actor), CharacterRow: &csvio.CharacterRow{
				Meta: row.Meta, Character: catalog.Character{Name: name, Role: role}}})
		}
	}
	return h.characters.place(ctx, tx, parts)
}

// imdbRole is the role of a category, and whether it is a part at all.
func imdbRole(category string) (role string, ok bool) {
	switch category {
	case "actor", "actress":
		return "", true
	case "self":
		return "self", true
	}
	return "", false
}

// idTable holds numbers by ids such as tt0123456, four bytes each, however the
// ids come.
type idTable map[uint32]*[idPage]uint32

const idPage = 1024

// idNumber is the number of an id; an id of another form has none.
func idNumber(id string) (n uint32, ok bool) {
	digits := strings.TrimLeft(id, "abcdefghijklmnopqrstuvwxyz")
	if digits == "" || len(digits) > 9 {
		return 0, false
	}
	for _, c := range []byte(digits) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + uint32(c-'0')
	}
	return n, n != 0
}

func (t idTable) get(id string) int64 {
	n, ok := idNumber(id)
	if !ok {
		return 0
	}
	return t.at(int64(n))
}

// at returns what the id of a number has, 0 if nothing.
func (t idTable) at(n int64) int64 {
	if page := t[uint32(n/idPage)]; page != nil {
		return int64(page[n%idPage])
	}
	return 0
}

func (t idTable) set(id string, value int64) {
	n, ok := idNumber(id)
	if !ok || value > 1<<32-1 {
		return
	}
	page := t[n/idPage]
	if page == nil {
		page = new([idPage]uint32)
		t[n/idPage] = page
	}
	page[n%idPage] = uint32(value)
}

// hasID refuses a row without an id that idTable can hold.
func hasID[T any](k csvio.Kind[T], name string) func(context.Context, Source, *T) *tabular.RowError {
	return func(_ context.Context, src Source, row *T) *tabular.RowError {
		m := k.Meta(row)
		if _, ok := idNumber(m.Key); ok {
			return nil
		}
		return &tabular.RowError{File: src.Name, Line: m.Line, Column: "id",
			Reason: fmt.Sprintf("%s is no %s: letters and up to nine digits", catalog.Quote(m.Key), name)}
	}
}
