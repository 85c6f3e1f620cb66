package store

import (
	"context"
	"database/sql"
)

// SQL is the connection of the transaction, for tests that look at tables.
func (tx *Tx) SQL() *sql.Conn { return tx.conn }

// FullLoad is how many new records at a time make a table late.
const FullLoad = fullLoad

// Late tells whether a kind's table is late, and whether its keys are found
// without an index.
func (tx *Tx) Late(kind string) (late, hashed bool) {
	return tx.late.is(kind), tx.late.hashed(kind) != nil
}

// MakeLate makes all tables of a bulk late, with a hash function for the keys;
// nil is the usual one.
func (tx *Tx) MakeLate(ctx context.Context, hash func(string) uint32) (err error) {
	for _, t := range lateTables() {
		if err := tx.late.load(ctx, tx, t.kind, fullLoad); err != nil {
			return err
		}
	}
	if hash == nil {
		return nil
	}
	for _, t := range lateTables() {
		if tx.late.hashed(t.kind) == nil {
			continue
		}
		if tx.late.keys[t.kind], err = tx.loadKeys(ctx, t.keyed, hash); err != nil {
			return err
		}
	}
	return nil
}

// KeyTable is keyTable.
type KeyTable = keyTable

// NewKeyTable makes one.
func NewKeyTable(hash func(string) uint32) *KeyTable { return newKeyTable(hash) }

// NewKeyHash makes a hash function.
func NewKeyHash() func(string) uint32 { return newKeyHash() }

// Add notes an id under a key.
func (t *KeyTable) Add(key string, id int64) bool { return t.add(key, id) }

// Find returns the ids noted under a key, and maybe others.
func (t *KeyTable) Find(key string) []int64 { return t.find(nil, key) }
