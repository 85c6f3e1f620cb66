package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/output"
	"github.com/moviedb/moviedb/internal/store"
)

func (a *app) countries() records[catalog.Country, output.Country, output.DeletedCountry] {
	return records[catalog.Country, output.Country, output.DeletedCountry]{
		kind: catalog.KindCountry, columns: output.CountryColumns(),
		id: func(c catalog.Country) int64 { return c.ID }, label: catalog.Country.Label,
		public: output.NewCountry,
		deleted: func(c catalog.Country) output.DeletedCountry {
			return output.DeletedCountry{Country: output.NewCountry(c), Deleted: true}
		},
		byID: (*store.Tx).CountriesByID, remove: (*store.Tx).DeleteCountries,
	}
}

func newCountryCmd(a *app) *cobra.Command {
	show := newShowCmd(a, a.countries(), "Show one country. It is found by name, by ISO 3166 code and by common alias.",
		`  moviedb country show USA
  moviedb country show "United Kingdom" --json`,
		func(_ context.Context, _ *store.Tx, c catalog.Country) (output.Country, error) {
			return output.NewCountry(c), nil
		})
	remove := newDeleteCmd(a, a.countries(),
		`Delete countries. One that movies or people come from is kept, unless --detach
empties those references. Several go together or not at all.`,
		`  moviedb country delete USA --detach --dry-run
  moviedb country delete "Soviet Union" --detach --yes`, true)
	merge := newMergeCmd(a, a.countries(), merger[catalog.Country]{merge: (*store.Tx).MergeCountries},
		`Make one country of several. The movies and people of those named first come to
be from the country after --into, which keeps its name. The others are deleted.
All of it is done or nothing.`,
		`  moviedb country merge Czechoslovakia --into "Czech Republic" --dry-run
  moviedb country merge "West Germany" --into Germany --yes`)
	return noun("country", "Countries of films and people",
		`Add, list, show, edit, delete and merge countries. A country is named by its name, its
ISO 3166 code or a common alias: "United States", US, USA.`,
		newCountryAddCmd(a), newCountryListCmd(a), show, newCountryEditCmd(a), remove, merge)
}

func newCountryListCmd(a *app) *cobra.Command {
	var f pageFlags
	var filter catalog.CountryFilter
	c := &cobra.Command{
		Use: "list", Short: "List countries", Long: "List countries, all or those whose name begins with a text.",
		Example: `  moviedb country list --sort name
  moviedb country list --name united
  moviedb country list --limit 3 --json`,
		Args: args(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			p, err := f.page(a, c)
			if err != nil {
				return err
			}
			filter.Page = p
			return printList(c, a, a.countries(), &f,
				&listed[catalog.Country, catalog.CountryFilter]{filter: filter, page: p, rows: (*store.Tx).Countries, total: (*store.Tx).CountCountries})
		},
	}
	c.Flags().Var(lineFlag(&filter.Name), "name", "only countries whose name begins with this `text`, whatever its case and accents")
	f.add(c, "name, created_at, updated_at, id")
	return c
}

func newCountryAddCmd(a *app) *cobra.Command {
	var name string
	var interactive bool
	c := &cobra.Command{
		Use: "add [NAME]", Short: "Add a country",
		Long: `Add one country. A name, code or alias of one that is there already is refused.
On a terminal, without a name, a form asks for it.`,
		Example: `  moviedb country add Nepal
  moviedb country add "Burkina Faso" --json`,
		Args: args(0, 1, "the name"),
		RunE: func(c *cobra.Command, words []string) error {
			if err := positional(c, words, "name"); err != nil {
				return err
			}
			if len(words) > 0 {
				name = words[0]
			}
			if asked, err := a.formed(c, interactive, len(words) == 0, func() error { return a.countryAddForm(c, name) }); asked {
				return err
			}
			clean, err := given(c.Flags().Changed, "name", name, catalog.CleanLine)
			if err != nil {
				return err
			}
			var country catalog.Country
			set(&country.Name, clean)
			return addNamed(a, c, a.countries(), country.Name, insertCountry(country))
		},
	}
	addInteractive(c, &interactive)
	c.Flags().StringVar(&name, "name", "", "the `name`")
	return c
}

// insertCountry returns what adds a country.
func insertCountry(country catalog.Country) func(context.Context, *store.Tx) (int64, error) {
	return func(ctx context.Context, tx *store.Tx) (int64, error) {
		cs := []catalog.Country{country}
		err := tx.InsertCountries(ctx, cs)
		return cs[0].ID, err
	}
}

func newCountryEditCmd(a *app) *cobra.Command {
	var name string
	var dry, interactive bool
	c := &cobra.Command{
		Use: "edit COUNTRY", Short: "Rename a country",
		Long: `Rename one country. Movies and people keep referring to it. On a terminal, without
--name, a form shows its name.`,
		Example: `  moviedb country edit "Soviet Union" --name USSR --dry-run
  moviedb country edit USA --name USA`,
		Args: args(1, -1, "which country to edit"),
		RunE: func(c *cobra.Command, words []string) error {
			if asked, err := a.editFormed(c, words, interactive, func() error { return a.countryEditForm(c, words[0], name, dry) }); asked {
				return err
			}
			if err := needChange(c, "name"); err != nil {
				return err
			}
			clean, err := given(c.Flags().Changed, "name", name, catalog.CleanLine)
			if err != nil {
				return err
			}
			if err := checkRename(c, *clean, words); err != nil {
				return err
			}
			return editRecords(a, c, a.countries(), words, editing[catalog.Country]{dry: dry,
				change: renaming(*clean)})
		},
	}
	addInteractive(c, &interactive)
	c.Flags().StringVar(&name, "name", "", "the new `name`")
	addDryRun(c, &dry)
	return c
}

// renaming returns what gives one country a name.
func renaming(name string) change[catalog.Country] {
	return func(ctx context.Context, tx *store.Tx, _ *maker, to *catalog.Country) error {
		to.Name = name
		if err := refuseName(ctx, tx, catalog.KindCountry, to.Name, to.ID); err != nil {
			return err
		}
		return tx.UpdateCountry(ctx, *to)
	}
}
