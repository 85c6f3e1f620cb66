package cmd

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/output"
	"github.com/moviedb/moviedb/internal/password"
	"github.com/moviedb/moviedb/internal/store"
)

// errWrongPassword is the one answer for an unknown user, a user without a
// password and a wrong password.
var errWrongPassword = errors.New("wrong username or password")

func addPasswordStdin(c *cobra.Command, stdin *bool) {
	c.Flags().BoolVar(stdin, "password-stdin", false, "read the password from the first line of standard input")
}

// stdinPassword reads a password from standard input.
func (a *app) stdinPassword() ([]byte, error) {
	if a.InTerminal {
		return nil, usagef("", "--password-stdin needs a pipe; on a terminal leave it out and be asked")
	}
	line, err := bufio.NewReader(io.LimitReader(a.In, 1<<16)).ReadBytes('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the password from standard input: %w", err)
	}
	return password.Line(line), nil
}

// checkPassword refuses what nobody should use, and says nothing of it.
func checkPassword(secret []byte) error {
	switch {
	case len(secret) == 0:
		return catalog.Invalidf("the password is empty")
	case len(secret) < password.Least:
		return catalog.Invalidf("the password is too short: it has %d bytes, the least is %d", len(secret), password.Least)
	case len(secret) > password.Most:
		return catalog.Invalidf("the password is too long: it has %d bytes, the most is %d", len(secret), password.Most)
	}
	return nil
}

// passwordFromStdin returns the hash of a new password.
func (a *app) passwordFromStdin() (string, error) {
	secret, err := a.stdinPassword()
	if err != nil {
		return "", err
	}
	return hashNew(secret)
}

func hashNew(secret []byte) (string, error) {
	if err := checkPassword(secret); err != nil {
		return "", err
	}
	return password.Hash(secret, password.Default())
}

// askPassword asks for a password without showing it.
func (a *app) askPassword(ctx context.Context, prompt string) ([]byte, error) {
	type answer struct {
		secret []byte
		err    error
	}
	done := make(chan answer, 1)
	go func() {
		secret, err := a.ReadPassword(ctx, prompt)
		done <- answer{secret, err}
	}()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case got := <-done:
		if errors.Is(got.err, io.EOF) {
			return nil, context.Canceled
		}
		return got.secret, got.err
	}
}

// newPassword gets a new password's hash: from standard input, or asked twice.
func (a *app) newPassword(ctx context.Context, stdin bool) (string, error) {
	if stdin {
		return a.passwordFromStdin()
	}
	if !a.mayAsk() || a.ReadPassword == nil {
		return "", usagef("", "a password needs --password-stdin where nobody can be asked")
	}
	secret, err := a.askPassword(ctx, "New password: ")
	if err != nil {
		return "", err
	}
	if err := checkPassword(secret); err != nil {
		return "", err
	}
	again, err := a.askPassword(ctx, "Once more: ")
	if err != nil {
		return "", err
	}
	if !bytes.Equal(secret, again) {
		return "", catalog.Invalidf("the two passwords differ; nothing was changed")
	}
	return hashNew(secret)
}

func newUserPasswdCmd(a *app) *cobra.Command {
	var stdin bool
	c := &cobra.Command{
		Use: "passwd USER", Short: "Set a user's password",
		Long: `Set a user's password. It is asked for twice and not shown, or read from standard
input; it is never an argument. Only an Argon2id hash of it is stored.`,
		Example: `  echo 'correct horse' | moviedb user passwd ann --password-stdin`,
		Args:    args(1, 1, "which user"),
		RunE: func(c *cobra.Command, words []string) error {
			refs, err := parseRefs(catalog.KindUser, words)
			if err != nil {
				return err
			}
			if err := output.CheckFields[output.User](a.fields); err != nil {
				return err
			}
			ctx := c.Context()
			if err := a.view(ctx, func(tx *store.Tx) error { // before anything is asked
				_, err := tx.ResolveAll(ctx, catalog.KindUser, refs)
				return err
			}); err != nil {
				return err
			}
			hash, err := a.newPassword(ctx, stdin)
			if err != nil {
				return err
			}
			var us []catalog.User
			err = a.change(ctx, false, func(tx *store.Tx) error {
				if us, err = a.users().resolve(ctx, tx, refs); err != nil {
					return err
				}
				if err := tx.SetPasswordHash(ctx, us[0].ID, hash); err != nil {
					return err
				}
				us, err = tx.UsersByID(ctx, us[0].ID)
				return err
			})
			if err != nil {
				return err
			}
			return a.users().wrote(a, "set the password of", us)
		},
	}
	addPasswordStdin(c, &stdin)
	return c
}

func newUserVerifyCmd(a *app) *cobra.Command {
	var stdin bool
	c := &cobra.Command{
		Use: "verify USER", Short: "Check a user's password",
		Long: `Check a user's password, asked for or read from standard input. A wrong password,
a user without one and a user who does not exist are the same: exit 1.`,
		Example: `  echo 'correct horse' | moviedb user verify ann --password-stdin`,
		Args:    args(1, 1, "which user"),
		RunE: func(c *cobra.Command, words []string) error {
			// A name that cannot be one is an unknown user like any other.
			refs, unreadable := parseRefs(catalog.KindUser, words)
			if err := output.CheckFields[output.User](a.fields); err != nil {
				return err
			}
			secret, err := a.givenPassword(c.Context(), stdin)
			if err != nil {
				return err
			}
			if unreadable != nil {
				password.Waste(secret, password.Default())
				return errWrongPassword
			}
			u, err := a.verify(c.Context(), refs, secret)
			if err != nil {
				return err
			}
			return a.users().wrote(a, "verified", []catalog.User{u})
		},
	}
	addPasswordStdin(c, &stdin)
	return c
}

// givenPassword gets a password to check.
func (a *app) givenPassword(ctx context.Context, stdin bool) ([]byte, error) {
	if stdin {
		return a.stdinPassword()
	}
	if !a.mayAsk() || a.ReadPassword == nil {
		return nil, usagef("", "a password needs --password-stdin where nobody can be asked")
	}
	return a.askPassword(ctx, "Password: ")
}

// verify returns the user if the password is right. A hash that costs less than
// today's is made again, if the catalog can be written.
func (a *app) verify(ctx context.Context, refs []catalog.Ref, secret []byte) (u catalog.User, err error) {
	hash := ""
	err = a.view(ctx, func(tx *store.Tx) error {
		us, err := a.users().resolve(ctx, tx, refs)
		if errors.Is(err, catalog.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		u = us[0]
		hash, err = tx.PasswordHash(ctx, u.ID)
		return err
	})
	if err != nil {
		return u, err
	}
	if hash == "" {
		password.Waste(secret, password.Default())
		return u, errWrongPassword
	}
	ok, weak, err := password.Verify(secret, hash, password.Default())
	if err != nil {
		return u, fmt.Errorf("user %d has a password hash that cannot be checked (%w); set a new one with 'moviedb user passwd'", u.ID, err)
	}
	if !ok {
		return u, errWrongPassword
	}
	if weak {
		a.rehash(ctx, u.ID, hash, secret)
	}
	return u, nil
}

// rehash stores a dearer hash of a password that was just verified, unless the
// password changed meanwhile. That it could not be stored is no reason to turn
// a user away.
func (a *app) rehash(ctx context.Context, id int64, old string, secret []byte) {
	hash, err := password.Hash(secret, password.Default())
	if err != nil {
		return
	}
	err = a.update(ctx, false, func(tx *store.Tx) error {
		now, err := tx.PasswordHash(ctx, id)
		if err != nil || now != old {
			return err
		}
		return tx.SetPasswordHash(ctx, id, hash)
	})
	if err != nil {
		a.note("warning: the password's hash could not be renewed: %v", err)
	}
}
