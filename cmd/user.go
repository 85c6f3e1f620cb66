package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/output"
	"github.com/moviedb/moviedb/internal/store"
)

func (a *app) users() records[catalog.User, output.User, output.DeletedUser] {
	public := func(u catalog.User) output.User { return output.NewUser(u, a.locate) }
	return records[catalog.User, output.User, output.DeletedUser]{
		kind: catalog.KindUser, columns: output.UserColumns(),
		id: func(u catalog.User) int64 { return u.ID }, label: catalog.User.Label,
		public: public,
		deleted: func(u catalog.User) output.DeletedUser {
			return output.DeletedUser{User: public(u), Deleted: true}
		},
		byID: (*store.Tx).UsersByID, remove: (*store.Tx).DeleteUsers,
	}
}

func newUserCmd(a *app) *cobra.Command {
	show := newShowCmd(a, a.users(), "Show one user: name, e-mail address, avatar and favorites. A password is never shown.",
		`  moviedb user show ann
  moviedb user show ann --json`,
		func(ctx context.Context, tx *store.Tx, u catalog.User) (output.UserDetail, error) {
			a.warnMissing("avatar", u.Avatar)
			favorites, err := tx.Favorites(ctx, u.ID)
			return output.NewUserDetail(u, favorites, a.locate), err
		})
	remove := newDeleteCmd(a, a.users(), "Delete users and their favorites. Movies and pictures stay. Several go together or not at all.",
		`  moviedb user delete ann --dry-run
  moviedb user delete ann --yes`, false)
	return noun("user", "People who keep favorites", "Add, list, show, edit and delete users, their passwords and their favorite movies.",
		newUserAddCmd(a), newUserListCmd(a), show, newUserEditCmd(a), newUserPasswdCmd(a), newUserVerifyCmd(a),
		newUserFavoriteCmd(a), newUserFavoritesCmd(a), newUserUnfavoriteCmd(a), remove)
}

func newUserListCmd(a *app) *cobra.Command {
	var f pageFlags
	var filter catalog.UserFilter
	c := &cobra.Command{
		Use: "list", Short: "List users", Long: "List users, all or those whose username begins with a text.",
		Example: `  moviedb user list --sort username
  moviedb user list --name an --count
  moviedb user list --fields username,email --json`,
		Args: args(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			p, err := f.page(a, c)
			if err != nil {
				return err
			}
			filter.Page = p
			return printList(c, a, a.users(), &f,
				&listed[catalog.User, catalog.UserFilter]{filter: filter, page: p, rows: (*store.Tx).Users, total: (*store.Tx).CountUsers})
		},
	}
	c.Flags().Var(lineFlag(&filter.Name), "name", "only users whose username begins with this `text`, whatever its case and accents")
	f.add(c, "username, name, email, created_at, updated_at, id")
	return c
}

// userFlags are the values of the flags of "user add" and "user edit".
type userFlags struct {
	username, firstName, lastName, email string
	avatar                               pictureFlag
	dry, interactive                     bool
}

func (f *userFlags) add(c *cobra.Command, clear bool) {
	fs := c.Flags()
	fs.StringVar(&f.username, "username", "", "the `name` to sign in with: one word, not all digits")
	fs.StringVar(&f.firstName, "first-name", "", "the first `name`")
	fs.StringVar(&f.lastName, "last-name", "", "the last `name`")
	fs.StringVar(&f.email, "email", "", "the e-mail `address`")
	addInteractive(c, &f.interactive)
	f.avatar.name = "avatar"
	f.avatar.add(c, clear)
}

// userPatch is what the flags say about a user, checked.
type userPatch struct {
	username, firstName, lastName, email *string
	avatar                               picture
}

// patch reads the flags. The avatar is taken in last, when all else is right;
// the caller discards it.
func (f *userFlags) patch(a *app, c *cobra.Command, is told) (p userPatch, err error) {
	r := &flagReader{told: is}
	p.username = take(r, "username", f.username, catalog.ParseUsername)
	p.firstName = take(r, "first-name", f.firstName, catalog.CleanLine)
	p.lastName = take(r, "last-name", f.lastName, catalog.CleanLine)
	p.email = take(r, "email", f.email, catalog.ParseEmail)
	if r.err != nil {
		return p, r.err
	}
	p.avatar, err = f.avatar.read(c.Context(), a, c, is, f.dry)
	return p, err
}

func (p *userPatch) apply(ctx context.Context, a *app, tx *store.Tx, u *catalog.User) error {
	set(&u.Username, p.username)
	set(&u.FirstName, p.firstName)
	set(&u.LastName, p.lastName)
	set(&u.Email, p.email)
	if err := refuseUser(ctx, tx, *u); err != nil {
		return err
	}
	if !p.avatar.given {
		return nil
	}
	f, err := p.avatar.keep(ctx, a, tx, "avatar")
	u.Avatar = f
	return err
}

// refuseUser is an error if another user has the name or the address.
func refuseUser(ctx context.Context, tx *store.Tx, u catalog.User) error {
	if err := refuseName(ctx, tx, catalog.KindUser, u.Username, u.ID); err != nil {
		return err
	}
	if u.Email == "" {
		return nil
	}
	other, err := tx.UserByEmail(ctx, u.Email)
	if err != nil || other == 0 || other == u.ID {
		return err
	}
	return &catalog.ExistsError{Kind: catalog.KindUser, ID: other, Name: u.Email, Hint: "an e-mail address belongs to one user"}
}

func newUserAddCmd(a *app) *cobra.Command {
	var f userFlags
	var stdin bool
	c := &cobra.Command{
		Use: "add [USERNAME]", Short: "Add a user",
		Long: `Add one user. Usernames and e-mail addresses are unique, whatever their case. No
password is stored unless --password-stdin is given; 'moviedb user passwd' sets
one later.

On a terminal, without a name and without flags, a form asks for the user and a
password; --interactive opens it with what the flags say.`,
		Example: `  moviedb user add ann --first-name Ann --email ann@example.org
  echo 'correct horse' | moviedb user add bob --password-stdin`,
		Args: args(0, 1, "the username"),
		RunE: func(c *cobra.Command, words []string) error { return a.userAdd(c, words, f, stdin) },
	}
	f.add(c, false)
	addPasswordStdin(c, &stdin)
	return c
}

func (a *app) userAdd(c *cobra.Command, words []string, f userFlags, stdin bool) error {
	if err := positional(c, words, "username"); err != nil {
		return err
	}
	if len(words) > 0 {
		f.username = words[0]
	}
	if asked, err := a.formed(c, f.interactive, len(words) == 0, func() error { return a.userAddForm(c, f) }); asked {
		return err
	}
	if stdin && f.avatar.path == "-" {
		return usagef(c.CommandPath(), "--password-stdin and --avatar - both read standard input")
	}
	if !c.Flags().Changed("username") {
		return usagef(c.CommandPath(), "missing username: write moviedb user add USERNAME, or --username")
	}
	if err := output.CheckFields[output.User](a.fields); err != nil {
		return err
	}
	p, err := f.patch(a, c, c.Flags().Changed)
	defer p.avatar.discard()
	if err != nil {
		return err
	}
	if *p.username == "" {
		return usagef(c.CommandPath(), "missing username: it cannot be blank")
	}
	hash := ""
	if stdin {
		if hash, err = a.passwordFromStdin(); err != nil {
			return err
		}
	}
	added, err := a.insertUser(c.Context(), &p, hash)
	if err != nil {
		return err
	}
	return a.users().wrote(a, "added", added)
}

// insertUser adds a user; a hash of "" is no password.
func (a *app) insertUser(ctx context.Context, p *userPatch, hash string) (added []catalog.User, err error) {
	err = a.update(ctx, false, func(tx *store.Tx) error {
		var u catalog.User
		if err := p.apply(ctx, a, tx, &u); err != nil {
			return err
		}
		id, err := tx.InsertUser(ctx, u, hash)
		if err != nil {
			return err
		}
		added, err = tx.UsersByID(ctx, id)
		return err
	})
	return added, err
}

func newUserEditCmd(a *app) *cobra.Command {
	var f userFlags
	c := &cobra.Command{
		Use: "edit USER…", Short: "Change users",
		Long: `Change what the flags say, of one user or of several, and leave the rest alone. An
empty value clears: --email "".

On a terminal, for one user and without flags, a form shows what is known now, and
what was changed in it is saved; --interactive opens it with what the flags say.`,
		Example: `  moviedb user edit ann --last-name Lee --avatar testdata/media/ripley.png
  moviedb user edit ann --no-avatar --email ""`,
		Args: args(1, -1, "which user to edit"),
		RunE: func(c *cobra.Command, words []string) error {
			if asked, err := a.editFormed(c, words, f.interactive, func() error { return a.userEditForm(c, words[0], f) }); asked {
				return err
			}
			if err := needChange(c, "username", "first-name", "last-name", "email", "avatar", "no-avatar"); err != nil {
				return err
			}
			if len(words) > 1 && (c.Flags().Changed("username") || f.email != "") {
				return usagef(c.CommandPath(), "--username and --email go with one user, not with %d", len(words))
			}
			p, err := f.patch(a, c, c.Flags().Changed)
			defer p.avatar.discard()
			if err != nil {
				return err
			}
			if p.username != nil && *p.username == "" {
				return usagef("", "--username: it cannot be cleared")
			}
			return editRecords(a, c, a.users(), words, editing[catalog.User]{dry: f.dry,
				change: p.changing(a)})
		},
	}
	f.add(c, true)
	addDryRun(c, &f.dry)
	return c
}

// changing returns what makes the changes to one user.
func (p *userPatch) changing(a *app) change[catalog.User] {
	return func(ctx context.Context, tx *store.Tx, _ *maker, u *catalog.User) error {
		was := *u
		if err := p.apply(ctx, a, tx, u); err != nil {
			return err
		}
		if p.avatar.given { // one that dangles reads as none
			was.Avatar.ID = -1
		}
		return tx.UpdateUser(ctx, was, *u)
	}
}
