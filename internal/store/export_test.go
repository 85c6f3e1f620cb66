package store

import "database/sql"

// SQL is the connection of the transaction, for tests that look at tables.
func (tx *Tx) SQL() *sql.Conn { return tx.conn }
