package bulk

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/csvio"
	"github.com/moviedb/moviedb/internal/store"
)

// Source is a file to import.
type Source struct {
	Name string                        // in messages
	Open func() (io.ReadCloser, error) // from the start; may be called a second time
}

// Options says how an import is done.
type Options struct {
	Store   store.Options
	Mapping csvio.Mapping
	DryRun  bool // do everything but the commit
}

// Result is what an import did. Created, skipped and repeated are rows; the
// others are records made on the way.
type Result struct {
	Created  int // rows that became movies
	Updated  int // rows that changed a movie; 0 while existing movies are skipped
	Skipped  int // rows whose movie was in the catalog before
	Repeated int // rows whose movie came earlier in the file
	Rejected int // rows that could not be stored

	Persons, Genres, Countries, Characters int

	Unknown []string // headers that no column takes
	Notes   []string // decisions about cells that could mean more than one thing
}

// RejectedError says that rows were bad and nothing was written.
type RejectedError struct {
	File     string
	Rows     int // all rows read
	Rejected int
	Errors   []*csvio.RowError // the first of them
	Total    int               // all errors; a row can have several
}

// Error says how many rows were bad, and why the first of them were.
func (e *RejectedError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "nothing was imported from %s; %d of %d %s rejected:", catalog.Visible(e.File), e.Rejected, e.Rows,
		catalog.Plural(e.Rows, "row", "rows"))
	for _, r := range e.Errors {
		b.WriteString("\n" + r.Error())
	}
	if more := e.Total - len(e.Errors); more > 0 {
		fmt.Fprintf(&b, "\n… and %d more %s", more, catalog.Plural(more, "error", "errors"))
	}
	return b.String()
}

// Movies imports a file of movies in one transaction. Rows whose movie exists
// are skipped; people, genres and countries that are missing are made. Any bad
// row is a *RejectedError, and nothing is written.
func Movies(ctx context.Context, o Options, src Source) (Result, error) {
	first, err := start(ctx, o, src)
	if err != nil {
		return Result{}, err
	}
	defer first.close()
	if err := first.prefetch(); err != nil {
		return Result{}, err
	}
	run := store.Update
	if o.DryRun {
		run = store.DryRun
	}
	var res Result
	fn := func(tx *store.Tx) error {
		im := first
		if im.used { // another process created the catalog meanwhile: once more, from the start of the file
			again, err := start(ctx, o, src)
			if err != nil {
				return err
			}
			defer again.close()
			im = again
		}
		im.used = true
		if err := im.store(ctx, tx); err != nil {
			return err
		}
		res = im.res
		return nil
	}
	if err := run(ctx, o.Store, fn); err != nil {
		return Result{}, err
	}
	return res, nil
}

// importer is one pass over one file.
type importer struct {
	src    Source
	file   io.Closer
	reader *csvio.MovieReader
	in     *reading
	ahead  []rowBatch
	whole  bool // ahead holds the whole file
	used   bool

	rows   int
	bad    []*csvio.RowError // what is wrong with rows of the batch at hand
	errs   []*csvio.RowError // the first errors, in the order of the file
	nerrs  int
	res    Result
	names  *names
	before int64 // the highest movie id when the import began
}

func start(ctx context.Context, o Options, src Source) (*importer, error) {
	f, err := src.Open()
	if err != nil {
		return nil, err
	}
	reader, err := csvio.NewMovieReader(&contextReader{ctx: ctx, r: f}, src.Name, o.Mapping)
	if err != nil {
		f.Close()
		return nil, err
	}
	return &importer{src: src, file: f, reader: reader, in: read(ctx, reader)}, nil
}

func (im *importer) close() {
	im.in.stop()
	im.file.Close()
}

// prefetch reads and checks rows before the lock is taken: the whole file if it
// is not too long.
func (im *importer) prefetch() error {
	for b := range im.in.batches {
		im.ahead = append(im.ahead, b)
		if len(im.ahead) == aheadBatches {
			return nil
		}
	}
	im.whole = true
	return im.in.end()
}

// reject notes what the catalog has against a row.
func (im *importer) reject(row *csvio.MovieRow, column, reason string) {
	im.bad = append(im.bad, &csvio.RowError{File: im.src.Name, Line: row.Line, Column: im.reader.Header(column), Reason: reason})
}

// count counts a batch's rows and those of them that are bad: no two rows begin
// on one line.
func (im *importer) count(b rowBatch) {
	im.rows += len(b.rows) + b.bad
	slices.SortStableFunc(im.bad, func(a, b *csvio.RowError) int { return a.Line - b.Line })
	last := 0
	for _, e := range im.bad {
		if e.Line != last {
			im.res.Rejected++
		}
		last = e.Line
		if len(im.errs) < errorsKept {
			im.errs = append(im.errs, e)
		}
	}
	im.nerrs += len(im.bad)
}

// verdict is the error for bad rows, nil without any.
func (im *importer) verdict() error {
	if im.res.Rejected == 0 {
		return nil
	}
	return &RejectedError{File: im.src.Name, Rows: im.rows, Rejected: im.res.Rejected, Errors: im.errs, Total: im.nerrs}
}

// store writes what was read ahead and what is still to come.
func (im *importer) store(ctx context.Context, tx *store.Tx) (err error) {
	if im.before, err = tx.LastMovieID(ctx); err != nil {
		return err
	}
	if err := tx.Bulk(ctx, im.mostly()); err != nil {
		return err
	}
	if im.names, err = newNames(ctx, tx); err != nil {
		return err
	}
	for _, b := range im.ahead {
		if err := im.batch(ctx, tx, b); err != nil {
			return err
		}
	}
	im.ahead = nil
	if !im.whole {
		for b := range im.in.batches {
			if err := im.batch(ctx, tx, b); err != nil {
				return err
			}
		}
		if err := im.in.end(); err != nil {
			return err
		}
	}
	if err := tx.EndBulk(ctx); err != nil {
		return err
	}
	im.res.Unknown, im.res.Notes = im.reader.Unknown(), im.reader.Notes()
	im.res.Persons, im.res.Genres, im.res.Countries = im.names.persons, im.names.genres.made, im.names.countries.made
	return im.verdict()
}

// manyRows is from how many rows on it pays to build indexes late.
const manyRows = 10_000

// mostly tells whether the file is going to be the larger part of the catalog.
// Of a long file only the beginning is known.
func (im *importer) mostly() bool {
	var ahead int64
	for _, b := range im.ahead {
		ahead += int64(len(b.rows))
	}
	return ahead >= manyRows && ahead > im.before
}

// batch writes the good rows of a batch. It goes on after a bad row, although nothing will be
// kept: only so is every later row compared with those before it, and every bad
// row found.
func (im *importer) batch(ctx context.Context, tx *store.Tx, b rowBatch) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	im.bad = b.errs
	fresh, err := im.match(ctx, tx, b.rows)
	if err != nil {
		return err
	}
	if err := im.names.gather(ctx, tx, fresh, im.reject); err != nil {
		return err
	}
	movies := make([]catalog.Movie, len(fresh))
	for i, row := range fresh {
		movies[i] = row.Movie
		movies[i].Country.ID = im.names.country(row.Country)
		movies[i].Director.ID = im.names.person(row.Director)
	}
	if err := tx.InsertMovies(ctx, movies); err != nil {
		return err
	}
	if err := im.relate(ctx, tx, fresh, movies); err != nil {
		return err
	}
	im.res.Created += len(movies)
	im.count(b)
	return tx.Refresh(ctx)
}

// relate writes the genres and the casts of new movies.
func (im *importer) relate(ctx context.Context, tx *store.Tx, rows []*csvio.MovieRow, movies []catalog.Movie) error {
	var links []store.Link
	var parts []catalog.Character
	for i, row := range rows {
		for _, g := range row.Genres {
			links = append(links, store.Link{Movie: movies[i].ID, Genre: im.names.genre(g)})
		}
		seen := map[catalog.Character]bool{}
		for _, p := range row.Cast {
			c := catalog.Character{Name: p.Character, Movie: catalog.Titled{ID: movies[i].ID}, Actor: catalog.Named{ID: im.names.person(p.Actor)}}
			if (c.Name == "" && c.Actor.ID == 0) || seen[c] {
				continue
			}
			seen[c] = true
			parts = append(parts, c)
		}
	}
	if _, err := tx.LinkGenres(ctx, links); err != nil {
		return err
	}
	if err := tx.InsertCharacters(ctx, parts); err != nil {
		return err
	}
	im.res.Characters += len(parts)
	return nil
}
