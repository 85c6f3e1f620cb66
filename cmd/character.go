package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/output"
	"github.com/moviedb/moviedb/internal/store"
)

func (a *app) characters() records[catalog.Character, output.Character, output.DeletedCharacter] {
	return records[catalog.Character, output.Character, output.DeletedCharacter]{
		kind: catalog.KindCharacter, columns: output.CharacterColumns(),
		id: func(c catalog.Character) int64 { return c.ID }, label: catalog.Character.Label,
		public: output.NewCharacter,
		deleted: func(c catalog.Character) output.DeletedCharacter {
			return output.DeletedCharacter{Character: output.NewCharacter(c), Deleted: true}
		},
		byID: (*store.Tx).CharactersByID, remove: (*store.Tx).DeleteCharacters,
	}
}

func newCharacterCmd(a *app) *cobra.Command {
	show := newShowCmd(a, a.characters(), "Show one part: its movie, its actor and the kind of part.",
		`  moviedb character show "Ellen Ripley"
  moviedb character show "Ellen Ripley" --json`,
		func(_ context.Context, _ *store.Tx, c catalog.Character) (output.Character, error) {
			return output.NewCharacter(c), nil
		})
	remove := newDeleteCmd(a, a.characters(), "Delete parts. Their movies and actors stay. Several go together or not at all.",
		`  moviedb character delete "Ellen Ripley" --dry-run
  moviedb character delete "Ellen Ripley" --yes`, false)
	return noun("character", "Parts in films", "Add, list, show, edit and delete parts: who plays whom in which movie.",
		newCharacterAddCmd(a), newCharacterListCmd(a), show, newCharacterEditCmd(a), remove)
}

func newCharacterListCmd(a *app) *cobra.Command {
	var f pageFlags
	var filter catalog.CharacterFilter
	var movie, actor string
	c := &cobra.Command{
		Use: "list", Short: "List parts",
		Long: `List parts, all or those that every filter lets through. A cast is in the order of
ids. --name finds parts by how the character's name begins, whatever its case and
accents.`,
		Example: `  moviedb character list --movie "Alien (1979)"
  moviedb character list --actor "Toshiro Mifune" --sort movie --json
  moviedb character list --name dr --limit 5
  moviedb character list --name captain --role supporting --count`,
		Args: args(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			p, err := f.page(a, c)
			if err != nil {
				return err
			}
			filter.Page = p
			l := &listed[catalog.Character, catalog.CharacterFilter]{filter: filter, page: p, rows: (*store.Tx).Characters, total: (*store.Tx).CountCharacters}
			l.refs = []filterRef{{kind: catalog.KindMovie, flag: "movie", text: movie, to: &l.filter.Movie},
				{kind: catalog.KindPerson, flag: "actor", text: actor, to: &l.filter.Actor}}
			return printList(c, a, a.characters(), &f, l)
		},
	}
	c.Flags().Var(lineFlag(&filter.Name), "name", "only characters whose name begins with this `text`")
	c.Flags().Var(lineFlag(&filter.Role), "role", "only parts of this `kind`: lead, supporting, or as it was given to them, in whatever case")
	c.Flags().StringVar(&movie, "movie", "", "only parts in this `movie`")
	c.Flags().StringVar(&actor, "actor", "", "only parts of this `person`")
	f.add(c, "name, role, movie, actor, created_at, updated_at, id")
	return c
}

// characterFlags are the values of the flags of "character add" and "character edit".
type characterFlags struct {
	name, role, description, movie, actor string
	create, dry, interactive              bool
}

func (f *characterFlags) add(c *cobra.Command) {
	fs := c.Flags()
	fs.StringVar(&f.name, "name", "", "the character's `name`")
	fs.StringVar(&f.movie, "movie", "", "the `movie` the part is in, by title or id")
	fs.StringVar(&f.actor, "actor", "", "the `person` who plays it, by name or id")
	fs.StringVar(&f.role, "role", "", "the `kind` of part: lead, supporting, cameo, voice, self or any other word")
	fs.StringVar(&f.description, "description", "", "who that is, `text` of any length")
	addCreate(c, &f.create, "the actor")
	addInteractive(c, &f.interactive)
}

// characterPatch is what the flags say about a part, checked.
type characterPatch struct {
	name, role, description *string
	movie, actor            *catalog.Ref
}

func (f *characterFlags) patch(is told) (p characterPatch, err error) {
	r := &flagReader{told: is}
	p.name = take(r, "name", f.name, catalog.CleanLine)
	p.role = take(r, "role", f.role, catalog.CleanLine)
	p.description = take(r, "description", f.description, catalog.CleanText)
	p.movie = r.ref(catalog.KindMovie, "movie", f.movie)
	p.actor = r.ref(catalog.KindPerson, "actor", f.actor)
	return p, r.err
}

func (p characterPatch) apply(ctx context.Context, tx *store.Tx, mk *maker, to *catalog.Character) error {
	set(&to.Name, p.name)
	set(&to.Role, p.role)
	set(&to.Description, p.description)
	if p.movie != nil {
		movie, err := tx.Resolve(ctx, catalog.KindMovie, *p.movie)
		if err != nil {
			return flagged("movie", err)
		}
		to.Movie = catalog.Titled{ID: movie.ID}
	}
	if p.actor != nil {
		id, err := mk.id(ctx, tx, catalog.KindPerson, "actor", *p.actor)
		if err != nil {
			return err
		}
		to.Actor = catalog.Named{ID: id}
	}
	return refuseSamePart(ctx, tx, *to)
}

// refuseSamePart is an error if the movie has the part already, or if nothing
// would be known of it.
func refuseSamePart(ctx context.Context, tx *store.Tx, c catalog.Character) error {
	if c.Name == "" && c.Actor.ID == 0 {
		return catalog.Invalidf("a part needs a name or an actor")
	}
	same, err := tx.SameCharacter(ctx, c)
	if err != nil || same == 0 {
		return err
	}
	cs, err := tx.CharactersByID(ctx, same)
	if err != nil {
		return err
	}
	return &catalog.ExistsError{Kind: catalog.KindCharacter, ID: same, Name: cs[0].Label()}
}

func newCharacterAddCmd(a *app) *cobra.Command {
	var f characterFlags
	c := &cobra.Command{
		Use: "add [NAME]", Short: "Add a part to a movie",
		Long: `Add a part to a movie. NAME is the character's name; it or --actor may be left out
where it is not known.

On a terminal, without a name and without flags, a form asks for the part;
--interactive opens it with what the flags say.`,
		Example: `  moviedb character add "Ash" --movie "Alien (1979)" --actor "Ian Holm" --role supporting --create
  moviedb character add --movie "Alien (1979)" --actor "Bolaji Badejo" --create`,
		Args: args(0, 1, "the name"),
		RunE: func(c *cobra.Command, words []string) error { return a.characterAdd(c, words, f) },
	}
	f.add(c)
	return c
}

func (a *app) characterAdd(c *cobra.Command, words []string, f characterFlags) error {
	if err := positional(c, words, "name"); err != nil {
		return err
	}
	if len(words) > 0 {
		f.name = words[0]
	}
	if err := output.CheckFields[output.Character](a.fields); err != nil {
		return err
	}
	if asked, err := a.formed(c, f.interactive, len(words) == 0, func() error { return a.characterAddForm(c, f) }); asked {
		return err
	}
	p, err := f.patch(c.Flags().Changed)
	if err != nil {
		return err
	}
	if p.movie == nil || *p.movie == (catalog.Ref{}) {
		return usagef(c.CommandPath(), "missing --movie: a part belongs to a movie")
	}
	if (p.name == nil || *p.name == "") && (p.actor == nil || *p.actor == (catalog.Ref{})) {
		return usagef(c.CommandPath(), "missing name: a part needs a name or --actor")
	}
	mk := &maker{create: f.create}
	added, err := a.insertCharacter(c.Context(), p, mk)
	if err != nil {
		return err
	}
	mk.tell(a, false)
	return a.characters().wrote(a, "added", added)
}

// insertCharacter adds a part.
func (a *app) insertCharacter(ctx context.Context, p characterPatch, mk *maker) (added []catalog.Character, err error) {
	err = a.update(ctx, false, func(tx *store.Tx) error {
		mk.begin()
		cs := make([]catalog.Character, 1)
		if err := p.apply(ctx, tx, mk, &cs[0]); err != nil {
			return err
		}
		if err := tx.InsertCharacters(ctx, cs); err != nil {
			return err
		}
		added, err = tx.CharactersByID(ctx, cs[0].ID)
		return err
	})
	return added, err
}

func newCharacterEditCmd(a *app) *cobra.Command {
	var f characterFlags
	c := &cobra.Command{
		Use: "edit CHARACTER…", Short: "Change parts",
		Long: `Change what the flags say, of one part or of several, and leave the rest alone. An
empty value clears: --actor "".

On a terminal, for one part and without flags, a form shows what it is now, and
what was changed in it is saved; --interactive opens it with what the flags say.`,
		Example: `  moviedb character edit "Ellen Ripley" --role lead
  moviedb character edit "Ellen Ripley" --name Ripley --dry-run`,
		Args: args(1, -1, "which character to edit"),
		RunE: func(c *cobra.Command, words []string) error {
			if asked, err := a.editFormed(c, words, f.interactive, func() error { return a.characterEditForm(c, words[0], f) }); asked {
				return err
			}
			if err := needChange(c, "name", "movie", "actor", "role", "description"); err != nil {
				return err
			}
			p, err := f.patch(c.Flags().Changed)
			if err != nil {
				return err
			}
			if p.movie != nil && *p.movie == (catalog.Ref{}) {
				return usagef("", "--movie: a part belongs to a movie, so it cannot be cleared")
			}
			return editRecords(a, c, a.characters(), words, editing[catalog.Character]{dry: f.dry, create: f.create, change: p.changing()})
		},
	}
	f.add(c)
	addDryRun(c, &f.dry)
	return c
}

// changing returns what makes the changes to one part.
func (p characterPatch) changing() change[catalog.Character] {
	return func(ctx context.Context, tx *store.Tx, mk *maker, to *catalog.Character) error {
		was := *to
		if err := p.apply(ctx, tx, mk, to); err != nil {
			return err
		}
		if p.actor != nil { // one that dangles reads as none
			was.Actor.ID = -1
		}
		return tx.UpdateCharacter(ctx, was, *to)
	}
}
