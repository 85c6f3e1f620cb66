package cmd

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/config"
	"github.com/moviedb/moviedb/internal/store"
)

const (
	// completionPatience is how long somebody who pressed Tab waits for an answer,
	// completionWait how long a lock is waited for.
	completionPatience = time.Second
	completionWait     = 20 * time.Millisecond

	// replacesVariable is set by shells that put the whole name in the place of
	// what was typed. To others a name is given as it goes on from there.
	replacesVariable = "MOVIEDB_COMPLETE_REPLACES"
)

// completeNames offers the names of the catalog's records. Whatever is wrong, it
// offers none.
func (a *app) completeNames(kind catalog.Kind) cobra.CompletionFunc {
	return func(c *cobra.Command, words []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		var offered []cobra.Completion
		for _, n := range a.namesBeginning(c, kind, typed) {
			name := n.Name
			if a.Getenv(replacesVariable) == "" {
				name = goingOn(typed, name)
			}
			if detail := catalog.Visible(n.Detail); !slices.Contains(words, name) {
				offered = append(offered, cobra.CompletionWithDesc(name, detail))
			}
		}
		return offered, cobra.ShellCompDirectiveNoFileComp
	}
}

func (a *app) namesBeginning(c *cobra.Command, kind catalog.Kind, typed string) (names []store.Completion) {
	cfg, _, err := config.Load(c.Root().PersistentFlags(), a.Getenv, a.Home)
	if err != nil {
		return nil
	}
	a.cfg = cfg
	o := a.storeOptions()
	o.BusyTimeout = min(o.BusyTimeout, completionWait)
	ctx, cancel := context.WithTimeout(c.Context(), completionPatience)
	defer cancel()
	err = store.Peek(ctx, o, func(tx *store.Tx) error {
		names, err = tx.Complete(ctx, kind, typed)
		return err
	})
	if err != nil {
		return nil
	}
	return names
}

// goingOn returns the name as it goes on from what was typed, for shells that
// leave out what does not begin with it: "cafe" and "Café Müller" are "cafe
// Müller". A name that differs from it in case alone stays, unless it has a
// character at which fish would not replace what was typed; so does one that
// cannot be cut where it was left.
func goingOn(typed, name string) string {
	if strings.HasPrefix(name, typed) ||
		len(typed) <= len(name) && strings.EqualFold(typed, name[:len(typed)]) && !strings.ContainsAny(typed, "$*?({})") {
		return name
	}
	key := catalog.Fold(typed)
	for at := 1; at <= len(name); at++ {
		rest := name[at:]
		if rest != "" && !utf8.RuneStart(rest[0]) || catalog.Fold(name[:at]) != key || combines(rest) {
			continue
		}
		if strings.TrimRightFunc(typed, unicode.IsSpace) != typed {
			rest = strings.TrimLeftFunc(rest, unicode.IsSpace)
		}
		return typed + rest
	}
	return name
}

// combines reports whether s begins with a mark that belongs to the character
// before it.
func combines(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.Is(unicode.M, r)
}
