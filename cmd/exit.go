package cmd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"syscall"

	"github.com/moviedb/moviedb/internal/bulk"
	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/exchange"
	"github.com/moviedb/moviedb/internal/form"
)

// The exit codes are part of the contract with scripts.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitNotFound    = 3
	exitConflict    = 4
	exitPartly      = 5
	exitBusy        = 6
	exitInterrupted = 130
)

// usageError is a wrong call: an unknown flag, a missing argument.
type usageError struct {
	text string
	help string // the command whose help says more; "" is none
}

// Error is the sentence, and where to read more.
func (e *usageError) Error() string {
	if e.help == "" {
		return e.text
	}
	return e.text + " (see " + e.help + " --help)"
}

func usagef(help, format string, args ...any) error {
	return &usageError{text: fmt.Sprintf(format, args...), help: help}
}

// errAborted is a question answered with no.
var errAborted = errors.New("nothing was changed")

// untoldError says that something was done, and that standard output could not
// take what was to be told of it.
type untoldError struct{ cause error }

// Error adds that it was done, so that nobody does it again.
func (e *untoldError) Error() string { return e.cause.Error() + "; but what was asked for is done" }

// Unwrap returns the error of the system.
func (e *untoldError) Unwrap() error { return e.cause }

// isOfStdout tells an error of writing to standard output, by the name that
// package os gives it.
func isOfStdout(err error) bool {
	var e *fs.PathError
	return errors.As(err, &e) && e.Op == "write" && e.Path == "/dev/stdout"
}

// outcome is how an error ends the program: the exit code, and the word that
// scripts find in JSON.
func outcome(err error) (code int, word string) {
	var usage *usageError
	var rejected *bulk.RejectedError
	var partly *partlyError
	var stream *exchange.RejectedError
	var findings *findingsError
	switch {
	case err == nil, errors.Is(err, syscall.EPIPE):
		return exitDone, ""
	case errors.As(err, &partly):
		return exitPartly, "partly"
	case errors.Is(err, context.Canceled), errors.Is(err, form.ErrLeft):
		return exitInterrupted, "interrupted"
	case errors.As(err, &rejected), errors.As(err, &stream):
		return exitFailed, "rejected"
	case errors.As(err, &findings):
		return exitFailed, "findings"
	case errors.As(err, &usage):
		return exitUsage, "usage"
	case errors.Is(err, catalog.ErrBusy):
		return exitBusy, "busy"
	case errors.Is(err, catalog.ErrNotFound):
		return exitNotFound, "not_found"
	case errors.Is(err, catalog.ErrAmbiguous):
		return exitConflict, "ambiguous"
	case errors.Is(err, catalog.ErrExists):
		return exitConflict, "exists"
	case errors.Is(err, catalog.ErrInUse):
		return exitConflict, "in_use"
	case errors.Is(err, catalog.ErrInvalid):
		return exitUsage, "invalid"
	}
	return exitFailed, "error"
}

// errorDocument is what scripts read of an error.
type errorDocument struct {
	Error errorBody `json:"error" doc:"what went wrong; printed on standard error"`
}

type errorBody struct {
	Code       string         `json:"code" doc:"one word, see help exit-codes"`
	Message    string         `json:"message" doc:"one sentence for people"`
	Candidates []candidate    `json:"candidates,omitempty" doc:"records that an ambiguous or unknown name may mean; absent if there are none"`
	Existing   int64          `json:"existing,omitempty" doc:"id of the record in the way; absent if there is none"`
	Referrers  []referrer     `json:"referrers,omitempty" doc:"the first records that still refer to it; absent if there are none"`
	Rows       []rejectedCell `json:"rows,omitempty" doc:"the first bad cells of an import; absent if there are none"`
}

type candidate struct {
	ID   int64  `json:"id" doc:"its id"`
	Name string `json:"name" doc:"its title or name"`
	Year *int   `json:"year" doc:"of release or birth"`
}

type referrer struct {
	Kind string `json:"kind" doc:"kind of record"`
	ID   int64  `json:"id" doc:"its id"`
	Name string `json:"name" doc:"its title or name"`
	As   string `json:"as" doc:"what it refers to it as: director, poster …"`
}

type rejectedCell struct {
	File   string  `json:"file" doc:"the file"`
	Line   int     `json:"line" doc:"line the row begins on, from 1"`
	Column *string `json:"column" doc:"the column; null for the row as a whole"`
	Reason string  `json:"reason" doc:"what is wrong with it"`
}

// report prints an error once, as a sentence or as JSON, and returns the exit code.
func report(w io.Writer, err error, asJSON bool) int {
	code, word := outcome(err)
	if code == exitDone || (code == exitInterrupted && !asJSON) {
		return code
	}
	if !asJSON {
		fmt.Fprintf(w, "moviedb: %v\n", err)
		return code
	}
	if code == exitInterrupted {
		err = errors.New("interrupted; nothing was changed")
	}
	doc := errorDocument{errorBody{Code: word, Message: err.Error()}}
	doc.Error.detail(err)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.Encode(doc)
	return code
}

// detail adds what the error knows beyond its sentence. Lists that people read
// below it are fields of their own.
func (b *errorBody) detail(err error) {
	if first, _, more := strings.Cut(b.Message, "\n"); more {
		b.Message = strings.TrimSuffix(first, ":")
	}
	var inUse *catalog.InUseError
	var ambiguous *catalog.AmbiguousError
	var missing *catalog.NotFoundError
	var exists *catalog.ExistsError
	var rejected *bulk.RejectedError
	var stream *exchange.RejectedError
	switch {
	case errors.As(err, &ambiguous):
		b.Candidates = candidates(ambiguous.Candidates)
	case errors.As(err, &missing):
		b.Candidates = candidates(missing.Near)
	case errors.As(err, &exists):
		b.Existing = exists.ID
	case errors.As(err, &inUse):
		for _, r := range inUse.Referrers {
			b.Referrers = append(b.Referrers, referrer{string(r.Kind), r.ID, r.Name, r.As})
		}
	case errors.As(err, &rejected):
		for _, e := range rejected.Errors {
			cell := rejectedCell{File: e.File, Line: e.Line, Reason: e.Reason}
			if e.Column != "" {
				cell.Column = &e.Column
			}
			b.Rows = append(b.Rows, cell)
		}
	case errors.As(err, &stream):
		for _, e := range stream.Errors {
			cell := rejectedCell{File: e.File, Line: e.Line, Reason: e.Reason}
			if e.Field != "" {
				cell.Column = &e.Field
			}
			b.Rows = append(b.Rows, cell)
		}
	}
}

func candidates(cs []catalog.Candidate) []candidate {
	var list []candidate
	for _, c := range cs {
		item := candidate{ID: c.ID, Name: c.Name}
		if c.Year != 0 {
			item.Year = &c.Year
		}
		list = append(list, item)
	}
	return list
}
