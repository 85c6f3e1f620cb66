package form

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/moviedb/moviedb/internal/tempfile"
)

// Answer is what a field holds, as a draft keeps it.
type Answer struct {
	Text   string   `json:"text,omitempty"`
	Picked []Picked `json:"picked,omitempty"`
}

// Answers are those of a form by the keys of its fields.
type Answers map[string]Answer

// Answers returns what the fields hold, but for secrets and what is empty.
func (f *Form) Answers() Answers {
	answers := Answers{}
	for _, field := range f.Fields {
		if field.Kind != Secret && !field.empty() {
			answers[field.Key] = Answer{field.Text, slices.Clone(field.Picked)}
		}
	}
	return answers
}

// Restore puts answers into the fields; fields of which they know nothing are
// left as they are.
func (f *Form) Restore(answers Answers) {
	for _, field := range f.Fields {
		if a, ok := answers[field.Key]; ok && field.Kind != Secret {
			field.Text, field.Picked = a.Text, slices.Clone(a.Picked)
		}
	}
}

// Draft is what was typed into a form that was never saved.
type Draft struct {
	Form    string    `json:"form"`    // the command, such as "movie add"
	Catalog string    `json:"catalog"` // the path of the catalog whose records are picked
	Saved   time.Time `json:"saved"`
	Answers Answers   `json:"answers"`
	Parts   []Answers `json:"parts,omitempty"` // the forms that belong to it, such as a cast
}

// Drafts is the directory of drafts. Nothing is made in it before something is
// kept.
type Drafts struct{ Dir string }

// draftEnding is how the name of a draft ends.
const draftEnding = ".draft.json"

// Kept is one draft on disk, which belongs to this process until Drop or
// Release. The zero Kept has nothing yet.
type Kept struct {
	drafts Drafts
	file   *os.File
}

// New returns a draft of which nothing is kept yet.
func (d Drafts) New() *Kept { return &Kept{drafts: d} }

// Keep writes the draft so that it outlives the process and the machine. Only
// the user can read it.
func (k *Kept) Keep(d Draft) error {
	d.Saved = time.Now().UTC().Truncate(time.Second)
	text, err := json.Marshal(d)
	if err != nil {
		return err
	}
	if k.file == nil {
		if err := k.create(); err != nil {
			return err
		}
	}
	// The reader takes the first document: what is left of a longer one before it
	// does no harm.
	if _, err := k.file.WriteAt(append(text, '\n'), 0); err != nil {
		return err
	}
	if err := k.file.Truncate(int64(len(text) + 1)); err != nil {
		return err
	}
	return k.file.Sync()
}

func (k *Kept) create() error {
	if err := os.MkdirAll(k.drafts.Dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(k.drafts.Dir, "*"+draftEnding) // 0600
	if err != nil {
		return err
	}
	tempfile.Lock(f) // for as long as it is open
	k.file = f
	return nil
}

// Drop removes the draft: it was saved, or is not wanted.
func (k *Kept) Drop() error {
	if k.file == nil {
		return nil
	}
	err := os.Remove(k.file.Name())
	k.Release()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Release leaves the draft to whoever asks for one next.
func (k *Kept) Release() {
	if k.file != nil {
		k.file.Close()
		k.file = nil
	}
}

// Left returns the newest draft of a form of a catalog that no living process
// owns, and owns it from then on. kept is nil if there is none. Files that are
// no drafts are passed over.
func (d Drafts) Left(form, catalog string) (draft Draft, kept *Kept, err error) {
	paths, err := filepath.Glob(filepath.Join(escapeGlob(d.Dir), "*"+draftEnding))
	if err != nil {
		return draft, nil, err
	}
	for _, path := range paths {
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			continue
		}
		var found Draft
		if tempfile.Lock(f) == tempfile.Taken || json.NewDecoder(io.LimitReader(f, 64<<20)).Decode(&found) != nil || found.Form != form ||
			found.Catalog != catalog || kept != nil && !found.Saved.After(draft.Saved) {
			f.Close()
			continue
		}
		if kept != nil {
			kept.Release()
		}
		draft, kept = found, &Kept{drafts: d, file: f}
	}
	return draft, kept, nil
}

// escapeGlob makes a directory's name stand for itself in a pattern.
func escapeGlob(dir string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(dir)
}
