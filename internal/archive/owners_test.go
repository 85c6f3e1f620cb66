package archive

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/blob"
	"github.com/moviedb/moviedb/internal/store"
)

// markFrom is the mark of a catalog and an archive of it.
func markFrom(t *testing.T, title string) (mark string, archive []byte) {
	t.Helper()
	o := absent(t)
	addFile(t, o, title+".txt", title)
	archive, err := os.ReadFile(backUp(t, o, "films.tar"))
	if err != nil {
		t.Fatal(err)
	}
	return markOf(t.Context(), o), archive
}

// owners are the marks that are noted in a managed directory.
func owners(t *testing.T, o store.Options) (marks []string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(o.FilesDir, "owners"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	for _, e := range entries {
		marks = append(marks, e.Name())
	}
	return marks
}

// Whatever ends a restoration, no other catalog that shares the directory takes
// the pictures for garbage at any moment, and no catalog that is gone stays noted.
func TestOwnersWhileACatalogIsReplaced(t *testing.T) {
	a, first := markFrom(t, "first")
	b, second := markFrom(t, "second")
	c, third := markFrom(t, "third")
	other := strings.Repeat("d", 32)
	for name, tt := range map[string]struct {
		at    string // the moment
		then  func(o store.Options, cancel func())
		want  string // whose the directory is in the end
		fresh bool   // there was no catalog
	}{
		"it ends":                   {"", nil, b, false},
		"stopped before the commit": {"copied", func(_ store.Options, cancel func()) { cancel() }, a, false},
		"stopped after the commit":  {"installed", func(_ store.Options, cancel func()) { cancel() }, b, false},
		"replaced by another meanwhile": {"received", func(o store.Options, _ func()) {
			if _, err := tryRestore(o, third, true); err != nil {
				t.Error(err)
			}
		}, b, false},
		"nothing was there": {"", nil, b, true},
	} {
		t.Run(name, func(t *testing.T) {
			o := absent(t)
			if tt.fresh {
				if err := os.MkdirAll(o.FilesDir, 0o700); err != nil {
					t.Fatal(err)
				}
			} else if _, err := tryRestore(o, first, false); err != nil {
				t.Fatal(err)
			}
			if err := blob.Open(o.FilesDir).Join(other); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			_, err := Restore(ctx, RestoreOptions{
				Store: o, Pictures: blob.Open(o.FilesDir), Archive: bytes.NewReader(second), Name: "films.tar", Force: true,
				Step: func(at string) {
					if err := blob.Open(o.FilesDir).Alone(other); at == "installed" && !errors.Is(err, blob.ErrShared) {
						t.Errorf("the other one may collect: %v", err)
					}
					if at == tt.at {
						tt.then(o, cancel)
					}
				},
			})
			if err != nil && tt.want == b {
				t.Error(err)
			}
			if err := blob.Open(o.FilesDir).Alone(tt.want); !errors.Is(err, blob.ErrShared) {
				t.Errorf("the other one is gone: %v", err)
			}
			want := []string{tt.want, other}
			slices.Sort(want)
			if got := owners(t, o); !slices.Equal(got, want) || markOf(t.Context(), o) != tt.want {
				t.Errorf("the catalog %s, noted %q, want %q (of %s, %s, %s)", markOf(t.Context(), o), got, want, a, b, c)
			}
		})
	}
}
