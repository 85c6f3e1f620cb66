package cmd

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/output"
	"github.com/moviedb/moviedb/internal/store"
)

func (a *app) persons() records[catalog.Person, output.Person, output.DeletedPerson] {
	public := func(p catalog.Person) output.Person { return output.NewPerson(p, a.locate) }
	return records[catalog.Person, output.Person, output.DeletedPerson]{
		kind: catalog.KindPerson, columns: output.PersonColumns(),
		id: func(p catalog.Person) int64 { return p.ID }, label: catalog.Person.Label,
		public: public,
		deleted: func(p catalog.Person) output.DeletedPerson {
			return output.DeletedPerson{Person: public(p), Deleted: true}
		},
		byID: (*store.Tx).PersonsByID, remove: (*store.Tx).DeletePersons,
	}
}

func newPersonCmd(a *app) *cobra.Command {
	show := newShowCmd(a, a.persons(),
		`Show everything about one person: the movies directed, the parts played
and the photos.`,
		`  moviedb person show "Agnès Varda"
  moviedb person show "Kurosawa, Akira" --json`,
		func(ctx context.Context, tx *store.Tx, p catalog.Person) (output.PersonDetail, error) {
			directed, err := tx.Directed(ctx, p.ID)
			if err != nil {
				return output.PersonDetail{}, err
			}
			parts, err := collect(tx.Characters(ctx, catalog.CharacterFilter{Actor: p.ID}))
			if err != nil {
				return output.PersonDetail{}, err
			}
			photos, err := collect(tx.Photos(ctx, catalog.PhotoFilter{Person: p.ID}))
			for _, ph := range photos {
				a.warnMissing("photo", ph.File)
			}
			return output.NewPersonDetail(p, directed, parts, photos, a.locate), err
		})
	remove := newDeleteCmd(a, a.persons(),
		`Delete people. Somebody who directed a movie or plays a part in one is kept,
unless --detach empties those references. Several people go together or not at
all.`,
		`  moviedb person delete "Ridley Scott" --detach --dry-run
  moviedb person delete "Ridley Scott" --detach --yes`, true)
	merge := newMergeCmd(a, a.persons(), merger[catalog.Person]{merge: (*store.Tx).MergePersons, differ: birthsThatDiffer},
		`Make one person of several who are the same. The movies, parts and photos of
those named first become those of the person after --into, who keeps their name
and every value they have; what they lack comes from the first who has it. The
others are deleted. A part or a photo that two of them have is kept once. All of
it is done or nothing.`,
		`  moviedb person merge "Walter Cameron" --into "James Cameron" --dry-run
  moviedb person merge "Ruy Guerra" --into "Ciro Guerra" --yes`)
	return noun("person", "Directors and actors", "Add, list, show, edit, delete and merge people.",
		newPersonAddCmd(a), newPersonListCmd(a), show, newPersonEditCmd(a), remove, merge)
}

func newPersonListCmd(a *app) *cobra.Command {
	var f pageFlags
	var filter catalog.PersonFilter
	var country string
	c := &cobra.Command{
		Use: "list", Short: "List people",
		Long: `List people, all or those that every filter lets through. --name finds words in
names, whatever their case, accents and order: all of the words have to be there,
and the last may be the beginning of one. --role director lists who directed a
movie, --role actor who plays a part in one, and both who did both. --missing finds
what has yet to be filled in.`,
		Example: `  moviedb person list --sort name --limit 10
  moviedb person list --name kurosawa
  moviedb person list --name "mif" --role actor --fields id,last_name,first_name
  moviedb person list --role director --role actor --sort name --limit 5
  moviedb person list --born 1890..1910 --gender female --country France --count
  moviedb person list --missing photo,date_of_birth --limit 5`,
		Args: args(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			p, err := f.page(a, c)
			if err != nil {
				return err
			}
			filter.Page = p
			l := &listed[catalog.Person, catalog.PersonFilter]{filter: filter, page: p, rows: (*store.Tx).Persons, total: (*store.Tx).CountPersons}
			l.refs = []filterRef{{kind: catalog.KindCountry, flag: "country", text: country, to: &l.filter.Country}}
			return printList(c, a, a.persons(), &f, l)
		},
	}
	fs := c.Flags()
	fs.Var(lineFlag(&filter.Name), "name", "only people with these `words` in the name, the last perhaps not whole")
	fs.Var(lineFlag(&filter.Gender), "gender", "only people of this gender, as the `word` was given to them, in whatever case")
	fs.StringVar(&country, "country", "", "only people from this `country`")
	fs.Var(&filter.Born, "born", "only people born in these `years`: 1932, 1890..1910, ..1900, 1980..")
	fs.Var(&wordsFlag{catalog.PersonRoles(), &filter.Roles}, "role", "only people who are one: director or actor; of both `roles`, who are both")
	fs.Var(&wordsFlag{catalog.PersonGaps(), &filter.Missing}, "missing", "only people without a `what`: "+strings.Join(catalog.PersonGaps(), ", ")+"; of several, without any")
	f.add(c, "name, date_of_birth, gender, country, created_at, updated_at, id")
	return c
}

// personFlags are the values of the flags of "person add" and "person edit".
type personFlags struct {
	firstName, lastName, biography, dateOfBirth, gender, country string
	create, duplicate, dry, interactive                          bool
}

func (f *personFlags) add(c *cobra.Command) {
	fs := c.Flags()
	fs.StringVar(&f.firstName, "first-name", "", "the first `name`")
	fs.StringVar(&f.lastName, "last-name", "", "the last `name`; a single name is a last name")
	fs.StringVar(&f.dateOfBirth, "date-of-birth", "", "the `date` of birth: 1932, 1932-04 or 1932-04-04")
	fs.StringVar(&f.gender, "gender", "", "the gender, in any `word`")
	fs.StringVar(&f.country, "country", "", "the `country` they come from, by name, code or id")
	fs.StringVar(&f.biography, "biography", "", "a life, `text` of any length")
	addCreate(c, &f.create, "the country")
	addInteractive(c, &f.interactive)
}

// personPatch is what the flags say about a person, checked.
type personPatch struct {
	firstName, lastName, biography, dateOfBirth, gender *string
	country                                             *catalog.Ref
}

func (f *personFlags) patch(is told) (p personPatch, err error) {
	r := &flagReader{told: is}
	p.firstName = take(r, "first-name", f.firstName, catalog.CleanLine)
	p.lastName = take(r, "last-name", f.lastName, catalog.CleanLine)
	p.biography = take(r, "biography", f.biography, catalog.CleanText)
	p.dateOfBirth = take(r, "date-of-birth", f.dateOfBirth, catalog.ParseDate)
	p.gender = take(r, "gender", f.gender, catalog.CleanLine)
	p.country = r.ref(catalog.KindCountry, "country", f.country)
	return p, r.err
}

func (p personPatch) apply(ctx context.Context, tx *store.Tx, mk *maker, to *catalog.Person) error {
	set(&to.FirstName, p.firstName)
	set(&to.LastName, p.lastName)
	set(&to.Biography, p.biography)
	set(&to.DateOfBirth, p.dateOfBirth)
	set(&to.Gender, p.gender)
	if p.country == nil {
		return nil
	}
	id, err := mk.id(ctx, tx, catalog.KindCountry, "country", *p.country)
	to.Country = catalog.Named{ID: id}
	return err
}

func newPersonAddCmd(a *app) *cobra.Command {
	var f personFlags
	c := &cobra.Command{
		Use: "add [NAME]", Short: "Add a person",
		Long: `Add one person. "Lars von Trier" and "Trier, Lars von" are both split into first
and last name; --first-name and --last-name say it exactly. A person of the same
name (and, where both are known, the same date of birth) is refused; --duplicate
adds them anyway. "Tom Holland (1996)" says the year of birth.

On a terminal, without a name and without flags, a form asks for the person;
--interactive opens it with what the flags say.`,
		Example: `  moviedb person add "Tom Holland" --date-of-birth 1996-06-01 --country "United Kingdom"
  moviedb person add Cher`,
		Args: args(0, 1, "the name"),
		RunE: func(c *cobra.Command, words []string) error { return a.personAdd(c, words, f) },
	}
	f.add(c)
	c.Flags().BoolVar(&f.duplicate, "duplicate", false, "add them even if the name is there already")
	return c
}

func (a *app) personAdd(c *cobra.Command, words []string, f personFlags) error {
	if err := output.CheckFields[output.Person](a.fields); err != nil {
		return err
	}
	if asked, err := a.formed(c, f.interactive, len(words) == 0, func() error { return a.personAddForm(c, words, f) }); asked {
		return err
	}
	p, err := f.patch(c.Flags().Changed)
	if err != nil {
		return err
	}
	if len(words) > 0 {
		if p.firstName != nil || p.lastName != nil {
			return usagef(c.CommandPath(), "the name is given twice: %s and by --first-name or --last-name", catalog.Quote(words[0]))
		}
		name, err := catalog.CleanLine(words[0])
		if err != nil {
			return err
		}
		if base, year := catalog.SplitYear(name); year != 0 { // as people are named everywhere
			born := strconv.Itoa(year)
			if p.dateOfBirth != nil && catalog.Year(*p.dateOfBirth) != year {
				return usagef(c.CommandPath(), "%s and --date-of-birth %s are different years", catalog.Quote(words[0]), *p.dateOfBirth)
			}
			if p.dateOfBirth == nil {
				p.dateOfBirth = &born
			}
			name = base
		}
		first, last := catalog.SplitName(name)
		p.firstName, p.lastName = &first, &last
	}
	if p.lastName == nil || *p.lastName == "" {
		return usagef(c.CommandPath(), "missing name: write moviedb person add NAME, or --last-name")
	}
	mk := &maker{create: f.create}
	added, err := a.insertPerson(c.Context(), p, mk, f.duplicate)
	if err != nil {
		return err
	}
	mk.tell(a, false)
	return a.persons().wrote(a, "added", added)
}

// insertPerson adds a person.
func (a *app) insertPerson(ctx context.Context, p personPatch, mk *maker, duplicate bool) (added []catalog.Person, err error) {
	err = a.update(ctx, false, func(tx *store.Tx) error {
		mk.begin()
		var person catalog.Person
		if err := p.apply(ctx, tx, mk, &person); err != nil {
			return err
		}
		if !duplicate {
			if err := refuseSamePerson(ctx, tx, person); err != nil {
				return err
			}
		}
		ps := []catalog.Person{person}
		if err := tx.InsertPersons(ctx, ps); err != nil {
			return err
		}
		added, err = tx.PersonsByID(ctx, ps[0].ID)
		return err
	})
	return added, err
}

// refuseSamePerson is an error if somebody of the name is in the catalog and
// the dates of birth do not tell them apart.
func refuseSamePerson(ctx context.Context, tx *store.Tx, p catalog.Person) error {
	same, err := tx.SamePersons(ctx, p.Name())
	if err != nil {
		return err
	}
	for _, s := range same {
		born := s.Detail
		if born != "" && p.DateOfBirth != "" && !strings.HasPrefix(born, p.DateOfBirth) && !strings.HasPrefix(p.DateOfBirth, born) {
			continue
		}
		s.Detail = ""
		return &catalog.ExistsError{Kind: catalog.KindPerson, ID: s.ID, Name: s.Label(), Hint: "--duplicate adds another person of the name"}
	}
	return nil
}

func newPersonEditCmd(a *app) *cobra.Command {
	var f personFlags
	c := &cobra.Command{
		Use: "edit PERSON…", Short: "Change people",
		Long: `Change what the flags say, of one person or of several, and leave the rest alone.
An empty value clears: --biography "".

On a terminal, for one person and without flags, a form shows what is known now,
and what was changed in it is saved; --interactive opens it with what the flags
say.`,
		Example: `  moviedb person edit "Agnès Varda" --date-of-birth 1928-05-30 --gender female
  moviedb person edit "Agnès Varda" --country Belgium --create`,
		Args: args(1, -1, "which person to edit"),
		RunE: func(c *cobra.Command, words []string) error {
			if asked, err := a.editFormed(c, words, f.interactive, func() error { return a.personEditForm(c, words[0], f) }); asked {
				return err
			}
			if err := needChange(c, "first-name", "last-name", "date-of-birth", "gender", "country", "biography"); err != nil {
				return err
			}
			p, err := f.patch(c.Flags().Changed)
			if err != nil {
				return err
			}
			if p.lastName != nil && *p.lastName == "" {
				return usagef("", "--last-name: a person needs one, so it cannot be cleared; a single name is a last name")
			}
			return editRecords(a, c, a.persons(), words, editing[catalog.Person]{dry: f.dry, create: f.create, change: p.changing()})
		},
	}
	f.add(c)
	addDryRun(c, &f.dry)
	return c
}

// changing returns what makes the changes to one person.
func (p personPatch) changing() change[catalog.Person] {
	return func(ctx context.Context, tx *store.Tx, mk *maker, to *catalog.Person) error {
		was := *to
		if err := p.apply(ctx, tx, mk, to); err != nil {
			return err
		}
		if p.country != nil { // one that dangles reads as none
			was.Country.ID = -1
		}
		return tx.UpdatePerson(ctx, was, *to)
	}
}
