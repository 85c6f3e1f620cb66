package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/blob"
	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/output"
	"github.com/moviedb/moviedb/internal/store"
)

func (a *app) photos() records[catalog.Photo, output.Photo, output.DeletedPhoto] {
	public := func(p catalog.Photo) output.Photo { return output.NewPhoto(p, a.locate) }
	return records[catalog.Photo, output.Photo, output.DeletedPhoto]{
		kind: catalog.KindPhoto, columns: output.PhotoColumns(),
		id: func(p catalog.Photo) int64 { return p.ID }, label: catalog.Photo.Label,
		public: public,
		deleted: func(p catalog.Photo) output.DeletedPhoto {
			return output.DeletedPhoto{Photo: public(p), Deleted: true}
		},
		byID: (*store.Tx).PhotosByID, remove: (*store.Tx).DeletePhotos,
	}
}

func newPhotoCmd(a *app) *cobra.Command {
	show := newShowCmd(a, a.photos(), "Show one photo: whose it is, and where its file lies. Photos are named by id.",
		`  moviedb photo show 1
  moviedb photo show 1 --json`,
		func(_ context.Context, _ *store.Tx, p catalog.Photo) (output.Photo, error) {
			a.warnMissing("picture", p.File)
			return output.NewPhoto(p, a.locate), nil
		})
	remove := newDeleteCmd(a, a.photos(),
		`Delete photos. The files stay. When the primary photo goes, the person has none
until another is made primary.`,
		`  moviedb photo delete 1 --dry-run
  moviedb photo delete 1 --yes`, false)
	return noun("photo", "Pictures of people", "Add, list, show and delete photos of people, and say which stands for the person.",
		newPhotoAddCmd(a), newPhotoListCmd(a), show, newPhotoPrimaryCmd(a), remove)
}

func newPhotoListCmd(a *app) *cobra.Command {
	var f pageFlags
	var filter catalog.PhotoFilter
	var person string
	c := &cobra.Command{
		Use: "list [PERSON]", Short: "List photos",
		Long: `List photos, all or those of one person. --primary leaves only those that stand
for their person.`,
		Example: `  moviedb photo list
  moviedb photo list "Sigourney Weaver" --json
  moviedb photo list --primary --count`,
		Args: args(0, 1, "whose photos"),
		RunE: func(c *cobra.Command, words []string) error {
			if err := positional(c, words, "person"); err != nil {
				return err
			}
			p, err := f.page(a, c)
			if err != nil {
				return err
			}
			filter.Page = p
			l := &listed[catalog.Photo, catalog.PhotoFilter]{filter: filter, page: p, rows: (*store.Tx).Photos, total: (*store.Tx).CountPhotos}
			l.refs = []filterRef{{kind: catalog.KindPerson, flag: "person", text: person, to: &l.filter.Person}}
			return printList(c, a, a.photos(), &f, l)
		},
	}
	c.Flags().StringVar(&person, "person", "", "only photos of this `person`")
	c.Flags().BoolVar(&filter.Primary, "primary", false, "only primary photos")
	f.add(c, "person, primary, created_at, updated_at, id")
	return c
}

func newPhotoAddCmd(a *app) *cobra.Command {
	var primary, interactive bool
	var size sizeFlag
	c := &cobra.Command{
		Use: "add [PERSON FILE…]", Short: "Add photos of a person",
		Long: `Add photos of a person: JPEG, PNG, GIF, WebP, BMP or TIFF files, - for standard
input, or file:7 for a picture that is already here. Each is decoded wholly first;
what is no picture is refused, and then none is added. The first photo of a person
becomes the primary one.

On a terminal, with nothing else or with --interactive, a form asks for the person
and the picture.`,
		Example: `  moviedb photo add "Sigourney Weaver" testdata/media/ripley.png
  moviedb photo add "Sigourney Weaver" testdata/media/weaver.jpg --primary`,
		RunE: func(c *cobra.Command, words []string) error {
			if err := output.CheckFields[output.Photo](a.fields); err != nil {
				return err
			}
			if asked, err := a.formed(c, interactive, len(words) == 0, func() error { return a.photoAddForm(c, words, primary, size) }); asked {
				return err
			}
			if len(words) < 2 {
				return usagef(c.CommandPath(), "missing a person and a picture: write moviedb photo add PERSON FILE…")
			}
			return a.photoAdd(c, words, primary, size)
		},
	}
	addInteractive(c, &interactive)
	c.Flags().BoolVar(&primary, "primary", false, "make the first of them the primary photo")
	size.add(c)
	return c
}

func (a *app) photoAdd(c *cobra.Command, words []string, primary bool, size sizeFlag) error {
	person, err := catalog.ParseRef(catalog.KindPerson, words[0])
	if err != nil {
		return err
	}
	if err := onceStdin(c, words[1:]); err != nil {
		return err
	}
	lim, err := size.limits(c)
	if err != nil {
		return err
	}
	ctx := c.Context()
	if err := a.knownPerson(ctx, person); err != nil { // before pictures are read for nothing
		return err
	}
	added, err := a.insertPhotos(ctx, person, words[1:], primary, lim)
	if err != nil {
		return err
	}
	return a.photos().wrote(a, "added", added)
}

// insertPhotos takes in pictures and makes them photos of a person.
func (a *app) insertPhotos(ctx context.Context, person catalog.Ref, words []string, primary bool, lim blob.Limits) (added []catalog.Photo, err error) {
	pics, err := a.stagePictures(ctx, words, lim)
	defer func() {
		for _, p := range pics {
			p.discard()
		}
	}()
	if err != nil {
		return nil, err
	}
	var already []int64
	err = a.update(ctx, false, func(tx *store.Tx) error {
		already = nil
		found, err := tx.Resolve(ctx, catalog.KindPerson, person)
		if err != nil {
			return err
		}
		var ids []int64
		for i := range pics {
			id, known, err := a.keepPhoto(ctx, tx, found.ID, &pics[i], primary && i == 0)
			if err != nil {
				return err
			}
			if known {
				already = append(already, id)
			}
			ids = append(ids, id)
		}
		a.step("before commit")
		added, err = tx.PhotosByID(ctx, ids...)
		return err
	})
	if err != nil {
		return nil, err
	}
	a.step("committed")
	for _, id := range already {
		a.note("photo %d already is this picture", id)
	}
	return added, nil
}

// knownPerson is an error if there is no such person.
func (a *app) knownPerson(ctx context.Context, ref catalog.Ref) error {
	return a.view(ctx, func(tx *store.Tx) error {
		_, err := tx.Resolve(ctx, catalog.KindPerson, ref)
		return err
	})
}

// stagePictures takes in pictures; on an error those taken in so far are
// returned too.
func (a *app) stagePictures(ctx context.Context, words []string, lim blob.Limits) ([]picture, error) {
	pics := make([]picture, 0, len(words))
	for _, word := range words {
		if ref, ok, err := fileRef(word); err != nil {
			return pics, err
		} else if ok {
			id, err := a.storedPicture(ctx, ref, lim)
			if err != nil {
				return pics, err
			}
			pics = append(pics, picture{given: true, file: id})
			continue
		}
		in, err := a.stage(ctx, word, "", lim, true)
		if err != nil {
			return pics, err
		}
		pics = append(pics, picture{given: true, in: &in})
	}
	return pics, nil
}

// keepPhoto makes a photo of a picture, unless the person has it already.
func (a *app) keepPhoto(ctx context.Context, tx *store.Tx, person int64, p *picture, primary bool) (id int64, already bool, err error) {
	file, err := p.keep(ctx, a, tx, "")
	if err != nil {
		return 0, false, err
	}
	id, err = tx.PhotoOf(ctx, person, file.ID)
	if err != nil {
		return 0, false, err
	}
	if id != 0 {
		if primary {
			err = tx.SetPrimaryPhoto(ctx, id)
		}
		return id, true, err
	}
	n, err := tx.CountPhotosOf(ctx, person)
	if err != nil {
		return 0, false, err
	}
	id, err = tx.InsertPhoto(ctx, person, file.ID, primary || n == 0)
	return id, false, err
}

func newPhotoPrimaryCmd(a *app) *cobra.Command {
	var dry bool
	c := &cobra.Command{
		Use: "set-primary PHOTO", Short: "Make a photo the one that stands for its person",
		Long: "Make a photo the primary one of its person, in place of the one before it. Done twice it succeeds.",
		Example: `  moviedb photo set-primary 1
  moviedb photo set-primary 1 --json`,
		Args: args(1, 1, "which photo"),
		RunE: func(c *cobra.Command, words []string) error {
			return editRecords(a, c, a.photos(), words, editing[catalog.Photo]{dry: dry,
				change: func(ctx context.Context, tx *store.Tx, _ *maker, p *catalog.Photo) error {
					if p.Primary {
						a.note("photo %d already is the primary one", p.ID)
						return nil
					}
					return tx.SetPrimaryPhoto(ctx, p.ID)
				}})
		},
	}
	addDryRun(c, &dry)
	return c
}
