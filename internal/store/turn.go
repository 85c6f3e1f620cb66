package store

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"strconv"
	"time"

	sqlite3 "modernc.org/sqlite/lib"
)

// busyTimeout is the value of the pragma, in milliseconds.
func (o Options) busyTimeout() string { return strconv.FormatInt(o.BusyTimeout.Milliseconds(), 10) }

// immediately begins a write transaction, and waits for its turn as long as the
// busy timeout says.
//
// SQLite's own waiting would have each waiter look more and more rarely, at last
// ten times a second, while whoever has just come looks at once. Of sixteen
// processes that write without a pause some then wait past any timeout, though
// the lock is free hundreds of times meanwhile. So this waits itself, and who has
// waited long looks no more rarely than others.
func (o Options) immediately(ctx context.Context, conn *sql.Conn) (err error) {
	if _, err := conn.ExecContext(ctx, "PRAGMA busy_timeout = 0"); err != nil {
		return err
	}
	defer func() {
		_, again := conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA busy_timeout = "+o.busyTimeout())
		err = errors.Join(err, again)
	}()
	return o.inTurn(ctx, func() error {
		_, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE")
		return err
	})
}

// inTurn does what needs a lock again and again, until nobody else has it or the
// busy timeout is over.
func (o Options) inTurn(ctx context.Context, do func() error) error {
	for began := time.Now(); ; {
		err := do()
		left := o.BusyTimeout - time.Since(began)
		if errorCode(err)&0xff != sqlite3.SQLITE_BUSY || left <= 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(min(left, pause(time.Since(began)))):
		}
	}
}

// pause is how long one who has waited so long waits before it looks again: a
// moment at first, then a time of chance, so that none is always late. Looking
// takes time from the one who has the lock: on a busy machine sixteen who look
// every few milliseconds hold up what all of them wait for.
func pause(waited time.Duration) time.Duration {
	switch {
	case waited < 10*time.Millisecond:
		return 2 * time.Millisecond
	case waited < time.Second:
		return 20*time.Millisecond + rand.N(60*time.Millisecond)
	}
	return 10*time.Millisecond + rand.N(40*time.Millisecond)
}
