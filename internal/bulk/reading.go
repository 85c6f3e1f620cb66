package bulk

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/moviedb/moviedb/internal/csvio"
	"github.com/moviedb/moviedb/internal/tabular"
)

const (
	// batchRows is how many rows are resolved and written at a time.
	batchRows = 2048
	// aheadBatches is how many batches are read and checked before the write
	// lock is taken: a file of up to 65,536 rows wholly.
	aheadBatches = 32
	// waitingBatches is how many batches wait for the writer after that.
	waitingBatches = 4
	// errorsKept is how many errors are remembered with their reason.
	errorsKept = 20
)

// batch is some rows of one file that can be stored, and what was wrong with
// the others.
type batch[T any] struct {
	src     int
	header  []string          // of the file
	headers map[string]string // of the columns, as the file has them
	keyed   bool              // the file has keys of its own
	rows    []T
	bad     []csvio.Meta
	errs    []rowError // why, in the order of the file
	offset  int64      // bytes read when it was complete, over all files
}

// reading is files being read and checked ahead of the import, in a goroutine
// of its own.
type reading[T any] struct {
	ctx     context.Context
	cancel  context.CancelFunc
	sources []Source
	files   []io.Closer
	readers []*csvio.Reader[T]
	job     job[T]

	batches chan batch[T]
	failed  error // what ended the reading; valid when batches is closed
	done    chan struct{}
}

// open opens all files and reads their headers: what is wrong with one shows
// before any row is read.
func open[T any](ctx context.Context, o Options, j job[T], sources []Source) (*reading[T], error) {
	ctx, cancel := context.WithCancel(ctx)
	in := &reading[T]{ctx: ctx, cancel: cancel, sources: sources, job: j,
		batches: make(chan batch[T], waitingBatches), done: make(chan struct{})}
	cells := o.Cells
	cells.KeepCells = o.Rejects != ""
	for _, src := range sources {
		f, err := src.Open()
		if err != nil {
			in.closeFiles()
			cancel()
			return nil, err
		}
		in.files = append(in.files, f)
		t, err := tabular.Open(&contextReader{ctx: ctx, r: f}, src.Name, o.Read)
		var r *csvio.Reader[T]
		if err == nil {
			r, err = csvio.NewReader(j.kind, t, src.Name, cells)
		}
		if err != nil {
			in.closeFiles()
			cancel()
			return nil, err
		}
		in.readers = append(in.readers, r)
	}
	return in, nil
}

// start begins to read.
func (in *reading[T]) start() {
	go func() {
		defer close(in.done)
		defer close(in.batches)
		for i := range in.readers {
			if in.failed = in.readFile(i); in.failed != nil {
				return
			}
		}
	}()
}

// stop ends the reading. It does not wait for a read that blocks.
func (in *reading[T]) stop() {
	in.cancel()
	in.closeFiles()
}

func (in *reading[T]) closeFiles() {
	for _, f := range in.files {
		f.Close()
	}
}

// offset is how many bytes were read of all files.
func (in *reading[T]) offset() (n int64) {
	for _, r := range in.readers {
		n += r.Offset()
	}
	return n
}

// notes are what the readers have to say; only when all is read.
func (in *reading[T]) notes() []FileNotes {
	var list []FileNotes
	for i, r := range in.readers {
		list = append(list, FileNotes{File: in.sources[i].Name, Unknown: r.Unknown(), Notes: r.Notes()})
	}
	return list
}

// readFile reads one file in batches.
func (in *reading[T]) readFile(src int) error {
	for {
		b, end := in.readBatch(src)
		select {
		case in.batches <- b:
		case <-in.ctx.Done():
			return in.ctx.Err()
		}
		if errors.Is(end, io.EOF) {
			return nil
		}
		if end != nil {
			return end
		}
	}
}

// readBatch reads a batch and says what ended it, nil if it is full.
func (in *reading[T]) readBatch(src int) (b batch[T], end error) {
	r := in.readers[src]
	b.src = src
	last := 0
	for len(b.rows)+len(b.bad) < batchRows && end == nil {
		row, errs, err := r.Next()
		m := in.job.kind.Meta(&row)
		last = m.Row
		if err == nil && len(errs) == 0 && in.job.prepare != nil {
			if bad := in.job.prepare(in.ctx, in.sources[src], &row); bad != nil {
				bad.Column = r.Header(bad.Column)
				errs = append(errs, bad)
			}
		}
		switch {
		case err != nil:
			end = err
		case len(errs) > 0:
			b.bad = append(b.bad, *m)
			for _, e := range errs {
				b.errs = append(b.errs, rowError{e, m.Row})
			}
		default:
			b.rows = append(b.rows, row)
		}
	}
	var bad *tabular.RowError
	if errors.As(end, &bad) { // the file cannot be read on from here
		bad = &tabular.RowError{File: bad.File, Line: bad.Line, Column: bad.Column,
			Reason: fmt.Sprintf("%s; what follows in the file was not read", bad.Reason)}
		b.bad = append(b.bad, csvio.Meta{Row: last, Line: bad.Line})
		b.errs = append(b.errs, rowError{bad, last})
		end = io.EOF
	}
	b.header, b.headers = r.Headers(), make(map[string]string)
	for _, name := range in.job.kind.Names() {
		b.headers[name] = r.Header(name)
	}
	b.keyed, b.offset = r.HasKey(), in.offset()
	return b, end
}
