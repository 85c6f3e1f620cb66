package cmd

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/config"
	"github.com/moviedb/moviedb/internal/form"
	"github.com/moviedb/moviedb/internal/output"
	"github.com/moviedb/moviedb/internal/store"
)

// app is one run of the program: the world around it and the settings.
type app struct {
	Env
	cfg      config.Config
	settings []config.Setting

	asJSON bool     // --json
	fields []string // --fields
	header bool     // --header
	jq     string   // --jq
	filter *output.Filter

	talk   talk
	chosen map[named]int64 // what was chosen where a name means several records

	done bool // what was asked for is done and only has to be told

	noPager bool   // --no-pager, or there is none
	pager   *pager // nil until something is to go through it
}

// Main runs the command that args names and returns the exit code.
func Main(ctx context.Context, args []string, env Env) int {
	a := &app{Env: env, talk: talk{screen: env.Err}}
	root := newRootCmd(a)
	if completing(args) {
		args = a.completeFor(root, args)
	}
	root.SetArgs(args)
	root.SetIn(env.In)
	root.SetOut(env.Out)
	root.SetErr(env.Err)
	err := root.ExecuteContext(ctx)
	if terr := a.endTalk(); err == nil {
		err = terr
	}
	if perr := a.endPager(); err == nil {
		err = perr
	}
	if a.done && isOfStdout(err) {
		err = &untoldError{err}
	}
	return report(env.Err, err, a.wantsJSON(root.PersistentFlags(), args))
}

// wantsJSON reports whether errors are to be JSON, even if the flags could not
// be read.
func (a *app) wantsJSON(flags *pflag.FlagSet, args []string) bool {
	if a.asJSON || a.filter != nil {
		return true
	}
	format := a.cfg.Output
	if a.cfg.DB == "" { // the settings were not read: something was wrong before
		format = a.Getenv("MOVIEDB_OUTPUT")
		if cfg, _, err := config.Load(flags, a.Getenv, a.Home); err == nil {
			format = cfg.Output
		}
		if given, ok := formatIn(args); ok {
			format = given
		}
	}
	return format == string(output.JSON) || format == string(output.JSONL)
}

// formatIn looks for the format in arguments that could not be parsed.
func formatIn(args []string) (format string, ok bool) {
	for i, arg := range args {
		if arg == "--" {
			break
		}
		if arg == "--json" || arg == "--json=true" || arg == "--jq" || strings.HasPrefix(arg, "--jq=") {
			return string(output.JSON), true
		}
		v, long := strings.CutPrefix(arg, "--output=")
		short, isShort := strings.CutPrefix(strings.TrimLeft(strings.TrimPrefix(arg, "-"), "q"), "o") // -o, -qo
		isShort = isShort && strings.HasPrefix(arg, "-") && !strings.HasPrefix(arg, "--")
		switch {
		case long:
			format, ok = v, true
		case arg == "--output" || isShort && short == "":
			if i+1 < len(args) {
				format, ok = args[i+1], true
			}
		case isShort:
			format, ok = strings.TrimPrefix(short, "="), true
		}
	}
	return format, ok
}

// storeOptions says which catalog this run works on.
func (a *app) storeOptions() store.Options {
	return store.Options{
		Path: a.cfg.DB, FilesDir: a.cfg.Files, Schema: a.Schema, Driver: a.Driver,
		BusyTimeout: a.cfg.BusyTimeout, Journal: a.cfg.Journal,
		Migrated: func(from, to int, copy string) {
			a.note("the catalog was brought from schema %d to %d; a copy of it as it was is %s", from, to, catalog.Visible(copy))
		},
		Chosen: func(kind catalog.Kind, ref catalog.Ref) (int64, bool) {
			id, ok := a.chosen[named{kind, ref}]
			return id, ok
		},
	}
}

// filesDir is the managed directory as an absolute path, for scripts.
func (a *app) filesDir() string {
	if abs, err := filepath.Abs(a.cfg.Files); err == nil {
		return abs
	}
	return a.cfg.Files
}

// view runs fn on a snapshot of the catalog, again if somebody has to say first
// which record a name means.
func (a *app) view(ctx context.Context, fn func(*store.Tx) error) error {
	return a.choosing(ctx, func() error { return a.look(ctx, fn) })
}

// look runs fn on a snapshot of the catalog.
func (a *app) look(ctx context.Context, fn func(*store.Tx) error) (err error) {
	s, err := store.Open(ctx, a.storeOptions())
	if errors.Is(err, store.ErrNoCatalog) {
		return &noCatalogError{path: a.cfg.DB}
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return s.View(ctx, fn)
}

// noCatalogError tells somebody new how to start.
type noCatalogError struct{ path string }

// Error says where the catalog would be and which commands make it.
func (e *noCatalogError) Error() string {
	return fmt.Sprintf("there is no catalog at %s yet; start one with 'moviedb movie add TITLE' or 'moviedb import movies FILE'",
		catalog.Visible(e.path))
}

// Unwrap returns store.ErrNoCatalog.
func (e *noCatalogError) Unwrap() error { return store.ErrNoCatalog }

// change is update for commands that change what is there: without a catalog
// they say so.
func (a *app) change(ctx context.Context, dry bool, fn func(*store.Tx) error) error {
	there, err := store.Exists(a.cfg.DB)
	if err != nil {
		return err
	}
	if !there {
		return &noCatalogError{path: a.cfg.DB}
	}
	return a.update(ctx, dry, fn)
}

// update runs fn in the one write transaction of a command, which makes the
// catalog if there is none; dry does all but keep it. It is run again if somebody
// has to say first which record a name means: nothing is locked while they think.
func (a *app) update(ctx context.Context, dry bool, fn func(*store.Tx) error) error {
	return a.choosing(ctx, func() error {
		if dry {
			return store.DryRun(ctx, a.storeOptions(), fn)
		}
		err := store.Update(ctx, a.storeOptions(), fn)
		a.done = a.done || err == nil
		return err
	})
}

// note prints a line for humans on stderr, unless they want quiet.
func (a *app) note(format string, args ...any) {
	switch line := fmt.Sprintf(format, args...); {
	case a.cfg.Quiet:
	case a.talk.onScreen:
		a.talk.notes = append(a.talk.notes, line)
	default:
		fmt.Fprintln(a.Err, line)
	}
}

// format is what was asked for, "" if nothing was.
func (a *app) format() output.Format {
	if a.asJSON {
		return output.JSON
	}
	return output.Format(a.cfg.Output)
}

// printer prints data in the format asked for, or the default of where it goes.
func (a *app) printer() *output.Printer {
	p := &output.Printer{Out: a.Out, Format: a.format(), Terminal: a.OutTerminal, Header: a.header, Fields: a.fields, Filter: a.filter}
	if p.Format == "" {
		p.Format = output.TSV
		if a.OutTerminal {
			p.Format = output.Table
		}
	}
	if a.OutTerminal {
		p.Width = a.Width()
	}
	if p.Format == output.Table {
		p.Out = a.paged()
	}
	p.Color = a.color()
	return p
}

// color reports whether escape sequences may be written to stdout.
func (a *app) color() bool {
	switch a.cfg.Color {
	case "always":
		return true
	case "never":
		return false
	}
	return a.OutTerminal && a.Getenv("NO_COLOR") == "" && a.Getenv("TERM") != "dumb"
}

// mayAsk reports whether somebody is there to answer.
func (a *app) mayAsk() bool { return a.InTerminal && a.ErrTerminal && !a.cfg.NoInput }

// confirm asks a yes-or-no question; only a yes is a yes.
func (a *app) confirm(ctx context.Context, question string) error {
	yes, err := form.NewLines(a.In, a.Err).Confirm(ctx, question)
	if err == nil && !yes {
		err = errAborted
	}
	return err
}
