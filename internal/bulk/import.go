package bulk

import (
	"context"
	"fmt"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/csvio"
	"github.com/moviedb/moviedb/internal/library"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/tabular"
)

// Conflict is what becomes of a row whose record is in the catalog already.
type Conflict int

// What a row does to the record that is there.
const (
	Skip   Conflict = iota // leaves it alone
	Update                 // gives it the values of the row; blank cells leave what is there
	Fail                   // is a bad row
)

// Options says how an import is done.
type Options struct {
	Store      store.Options
	Read       tabular.Options
	Cells      csvio.Options
	OnConflict Conflict
	NoCreate   bool   // a name that is not in the catalog makes its row a bad one
	KeepGoing  bool   // good rows are written although others are bad
	Rejects    string // path of a file for bad rows, with KeepGoing; "" is none
	DryRun     bool   // do everything but the commit
	FavoriteOf string // username whose favorites the movies become; "" is nobody

	// Picture takes in the picture of a photo: it is checked and lies in the
	// managed directory under a temporary name.
	Picture func(ctx context.Context, path string) (library.Incoming, error)
	// Progress is told now and then how far the import is; nil is nobody.
	Progress func(Progress)
}

// Progress is how far an import is.
type Progress struct {
	Rows  int   // read or written
	Bytes int64 // of the files that were read
	Total int64 // size of the files, 0 if unknown
	Final bool  // all rows are written; indexes are being built
}

// Result is what an import did. Created, updated, skipped, repeated and
// rejected are rows; the others are records made on the way.
type Result struct {
	Created  int // rows that became records
	Updated  int // rows that changed a record
	Skipped  int // rows whose record was in the catalog before
	Repeated int // rows whose record came earlier in the file
	Rejected int // rows that could not be stored

	Movies, Persons, Genres, Countries, Characters, Users int
	Favorites                                             int // movies that became somebody's favorites, see Options.FavoriteOf

	Left  []Count // what was left out on purpose, by IMDb
	Files []FileNotes
	Bad   *RejectedError // of rows that were left out, with Options.KeepGoing
}

// Count is how many of something there were.
type Count struct {
	What string
	N    int
}

// FileNotes is what there is to say of one file.
type FileNotes struct {
	File    string
	Unknown []string // headers that no column takes
	Notes   []string // decisions about cells that could mean more than one thing
}

// RejectedError says that rows were bad.
type RejectedError struct {
	File     string // or how many files
	Rows     int    // all rows read
	Rejected int
	Errors   []*tabular.RowError // the first of them
	Total    int                 // all errors; a row can have several
	Kept     bool                // the other rows were written
}

// Error says how many rows were bad, and why the first of them were.
func (e *RejectedError) Error() string {
	var b strings.Builder
	rows := catalog.Plural(e.Rows, "row", "rows")
	if e.Kept {
		fmt.Fprintf(&b, "%d of %d %s of %s rejected:", e.Rejected, e.Rows, rows, catalog.Visible(e.File))
	} else {
		fmt.Fprintf(&b, "nothing was imported from %s; %d of %d %s rejected:", catalog.Visible(e.File), e.Rejected, e.Rows, rows)
	}
	for _, r := range e.Errors {
		b.WriteString("\n" + r.Error())
	}
	if more := e.Total - len(e.Errors); more > 0 {
		fmt.Fprintf(&b, "\n… and %d more %s", more, catalog.Plural(more, "error", "errors"))
	}
	return b.String()
}

// Movies imports files of movies in one transaction. People, genres and
// countries that are missing are made. Any bad row is a *RejectedError, and
// nothing is written, unless Options.KeepGoing says otherwise.
func Movies(ctx context.Context, o Options, sources ...Source) (Result, error) {
	return run(ctx, o, moviesJob(), sources)
}

// Persons imports files of people, as Movies does.
func Persons(ctx context.Context, o Options, sources ...Source) (Result, error) {
	return run(ctx, o, personsJob(), sources)
}

// Characters imports files of parts, as Movies does. Movies that are missing
// are made.
func Characters(ctx context.Context, o Options, sources ...Source) (Result, error) {
	return run(ctx, o, charactersJob(), sources)
}

// Genres imports files of genres, as Movies does.
func Genres(ctx context.Context, o Options, sources ...Source) (Result, error) {
	return run(ctx, o, genresJob(), sources)
}

// Countries imports files of countries, as Movies does.
func Countries(ctx context.Context, o Options, sources ...Source) (Result, error) {
	return run(ctx, o, countriesJob(), sources)
}

// Users imports files of users, as Movies does.
func Users(ctx context.Context, o Options, sources ...Source) (Result, error) {
	return run(ctx, o, usersJob(), sources)
}

// Favorites imports files of favorites, as Movies does. Users and movies that
// are missing are made.
func Favorites(ctx context.Context, o Options, sources ...Source) (Result, error) {
	return run(ctx, o, favoritesJob(), sources)
}

// Photos imports files of photos, as Movies does. People who are missing are
// made. Options.Picture takes the pictures in.
func Photos(ctx context.Context, o Options, sources ...Source) (Result, error) {
	return run(ctx, o, photosJob(o), sources)
}
