package bulk

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/csvio"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/tabular"
)

// handler writes the rows of one kind.
type handler[T any] interface {
	// batch writes the good rows of a batch. It goes on after a bad row, although
	// nothing may be kept: only so is every later row compared with those before
	// it, and every bad row found.
	batch(ctx context.Context, tx *store.Tx, rows []T) error
}

// job is the import of a kind.
type job[T any] struct {
	kind csvio.Kind[T]
	make func(context.Context, *store.Tx, *session) (handler[T], error) // for one transaction

	// adds says that rows only become records of the tables that
	// store.Options.LateReferences knows, unless they update some.
	adds bool

	// settle does what must not be done for an import that is refused: it is
	// called in the transaction when all rows are written. It may be nil.
	settle func(context.Context, *store.Tx) error
	// prepare has work to do on each row before the lock is taken; what it
	// returns is against the row, and its Column is that of the kind. discard
	// takes back what was prepared and not kept. Both may be nil.
	prepare func(context.Context, Source, *T) *tabular.RowError
	discard func()
}

// addsOnly tells whether no record that is there can be touched.
func (o Options) addsOnly() bool { return o.OnConflict != Update && o.FavoriteOf == "" }

// session is one pass over the files, without regard to their kind.
type session struct {
	opts    Options
	src     int               // the file at hand
	file    string            // its name
	headers map[string]string // of its columns
	keyed   bool              // its records have keys of its own

	names *names
	done  idSet // records of a small kind that a row updates, see decide
	res   Result
	rows  int
	bad   []rowError          // what is wrong with rows of the batch at hand
	errs  []*tabular.RowError // the first errors, in the order of the files
	nerrs int
}

// reject notes what the catalog has against a row; column is that of the kind,
// "" for the row as a whole.
func (s *session) reject(m *csvio.Meta, column, reason string) {
	s.bad = append(s.bad, rowError{&tabular.RowError{File: s.file, Line: m.Line, Column: s.headers[column], Reason: m.Why(reason)}, m.Row})
}

// rowError is an error and the number of its row: several rows of JSON can be
// on one line.
type rowError struct {
	*tabular.RowError
	row int
}

// run imports files of a kind.
func run[T any](ctx context.Context, o Options, j job[T], sources []Source) (Result, error) {
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	first, err := begin(ctx, o, j, sources)
	if err != nil {
		return Result{}, err
	}
	defer func() { first.close() }()
	if err := first.prefetch(); err != nil {
		return Result{}, err
	}
	o.Store.LateReferences = j.adds && o.addsOnly()
	write := store.Update
	if o.DryRun {
		write = store.DryRun
	}
	used := false
	err = write(ctx, o.Store, func(tx *store.Tx) error {
		if used { // another process created the catalog meanwhile: once more, from the start of the files
			first.close()
			again, err := begin(ctx, o, j, sources)
			if err != nil {
				return err
			}
			first = again
		}
		used = true
		return first.store(ctx, tx)
	})
	if err != nil {
		return Result{}, err
	}
	return first.s.res, first.rejects.keep(o.DryRun)
}

// pass is one pass over the files of a kind.
type pass[T any] struct {
	s       *session
	sources []Source
	in      *reading[T]
	job     job[T]
	ahead   []batch[T]
	whole   bool // ahead holds all files
	rejects *rejects
}

func begin[T any](ctx context.Context, o Options, j job[T], sources []Source) (*pass[T], error) {
	in, err := open(ctx, o, j, sources)
	if err != nil {
		return nil, err
	}
	p := &pass[T]{s: &session{opts: o}, sources: sources, in: in, job: j}
	if p.rejects, err = newRejects(o.Rejects, o.Store.Path, in); err != nil {
		in.stop()
		return nil, err
	}
	in.start()
	return p, nil
}

// close ends the pass and takes back what is not kept.
func (p *pass[T]) close() {
	p.in.stop()
	p.rejects.drop()
	if p.job.discard != nil {
		<-p.in.done
		p.job.discard()
	}
}

// progress tells how far the import is.
func (p *pass[T]) progress(rows int, bytes int64, final bool) {
	if p.s.opts.Progress == nil {
		return
	}
	var total int64
	for _, src := range p.sources {
		if src.Size == 0 {
			total = 0
			break
		}
		total += src.Size
	}
	p.s.opts.Progress(Progress{Rows: rows, Bytes: bytes, Total: total, Final: final})
}

// prefetch reads and checks rows before the lock is taken: all of them if they
// are not too many.
func (p *pass[T]) prefetch() error {
	rows := 0
	for b := range p.in.batches {
		p.ahead = append(p.ahead, b)
		rows += len(b.rows) + len(b.bad)
		p.progress(rows, b.offset, false)
		if len(p.ahead) == aheadBatches {
			return nil
		}
	}
	p.whole = true
	return p.in.failed
}

// expected is about how many rows are still to be written: what was read ahead,
// or, of longer files, what their size lets expect.
func (p *pass[T]) expected() (rows int64) {
	var read int64
	for _, b := range p.ahead {
		rows += int64(len(b.rows))
		read = b.offset
	}
	var size int64
	for _, src := range p.sources {
		size += src.Size
	}
	if !p.whole && size > read && read > 0 {
		return int64(float64(rows) * float64(size) / float64(read))
	}
	return rows
}

// store writes what was read ahead and what is still to come.
func (p *pass[T]) store(ctx context.Context, tx *store.Tx) error {
	if err := tx.Bulk(ctx, p.expected()); err != nil {
		return err
	}
	var err error
	if p.s.names, err = newNames(ctx, tx, p.s); err != nil {
		return err
	}
	if err := p.write(ctx, tx); err != nil {
		return err
	}
	p.progress(p.s.rows, p.in.offset(), true)
	p.s.res.Files = p.in.notes()
	if err := p.s.verdict(p.sources); err != nil {
		return err
	}
	if p.job.settle != nil {
		if err := p.job.settle(ctx, tx); err != nil {
			return err
		}
	}
	return tx.EndBulk(ctx)
}

// write writes all rows.
func (p *pass[T]) write(ctx context.Context, tx *store.Tx) error {
	h, err := p.job.make(ctx, tx, p.s)
	if err != nil {
		return err
	}
	for i, b := range p.ahead {
		p.ahead[i] = batch[T]{} // its memory is free again as soon as it is written
		if err := p.batch(ctx, tx, h, b); err != nil {
			return err
		}
	}
	p.ahead = nil
	if p.whole {
		return nil
	}
	for b := range p.in.batches {
		if err := p.batch(ctx, tx, h, b); err != nil {
			return err
		}
	}
	return p.in.failed
}

// batch writes one batch.
func (p *pass[T]) batch(ctx context.Context, tx *store.Tx, h handler[T], b batch[T]) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s := p.s
	s.src, s.file, s.headers, s.keyed, s.bad = b.src, p.sources[b.src].Name, b.headers, b.keyed, b.errs
	if err := h.batch(ctx, tx, b.rows); err != nil {
		return err
	}
	if err := p.count(b); err != nil {
		return err
	}
	p.progress(s.rows, b.offset, false)
	return tx.Refresh(ctx)
}

// count counts a batch's rows and those of them that are bad.
func (p *pass[T]) count(b batch[T]) error {
	s := p.s
	s.rows += len(b.rows) + len(b.bad)
	slices.SortStableFunc(s.bad, func(a, b rowError) int { return cmp.Compare(a.row, b.row) })
	cells := map[int][]string{}
	if p.rejects != nil && len(s.bad) > 0 {
		for _, m := range b.bad {
			cells[m.Row] = m.Cells
		}
		for i := range b.rows {
			m := p.job.kind.Meta(&b.rows[i])
			cells[m.Row] = m.Cells
		}
	}
	for i, e := range s.bad {
		if i == 0 || e.row != s.bad[i-1].row {
			s.res.Rejected++
		}
		if len(s.errs) < errorsKept {
			s.errs = append(s.errs, e.RowError)
		}
		if last := i == len(s.bad)-1 || s.bad[i+1].row != e.row; last && p.rejects != nil {
			if err := p.rejects.add(b.src, b.header, cells[e.row], reasons(s.bad, e.row)); err != nil {
				return err
			}
		}
	}
	s.nerrs += len(s.bad)
	return nil
}

// reasons is all that is wrong with a row.
func reasons(errs []rowError, row int) (text string) {
	for _, e := range errs {
		if e.row != row {
			continue
		}
		if text != "" {
			text += "; "
		}
		if e.Column != "" {
			text += catalog.Visible(e.Column) + ": "
		}
		text += e.Reason
	}
	return text
}

// verdict is the error for bad rows, nil without any or if the others are kept.
func (s *session) verdict(sources []Source) error {
	if s.res.Rejected == 0 {
		return nil
	}
	bad := &RejectedError{File: sources[0].Name, Rows: s.rows, Rejected: s.res.Rejected, Errors: s.errs, Total: s.nerrs}
	if n := len(sources); n > 1 {
		bad.File = fmt.Sprintf("%d files", n)
	}
	if !s.opts.KeepGoing {
		return bad
	}
	bad.Kept = true
	s.res.Bad = bad
	return nil
}
