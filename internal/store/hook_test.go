package store_test

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
)

// hooks are called after a connection was opened or closed, with its data
// source name, so that something can happen at just that moment.
type hooks struct{ opened, closed func(dsn string) }

// driver registers the driver of db with the hooks and returns its name.
func (h *hooks) driver(db *sql.DB) string {
	name := fmt.Sprintf("sqlite-hooked-%p", h) // registered for good, so no other gets its address
	sql.Register(name, hookedDriver{db.Driver(), h})
	return name
}

type hookedDriver struct {
	driver.Driver
	*hooks
}

func (d hookedDriver) Open(dsn string) (driver.Conn, error) {
	c, err := d.Driver.Open(dsn)
	if err != nil {
		return nil, err
	}
	if d.opened != nil {
		d.opened(dsn)
	}
	return hookedConn{c.(connection), dsn, d.hooks}, nil
}

// connection is what database/sql uses of modernc's.
type connection interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
}

type hookedConn struct {
	connection
	dsn string
	*hooks
}

func (c hookedConn) Close() error {
	err := c.connection.Close()
	if c.closed != nil {
		c.closed(c.dsn)
	}
	return err
}
