package store

import (
	"context"
	"hash/maphash"
	"math"
	"slices"
)

// keyTable finds the ids of records by their keys in little memory: 8 bytes a
// slot, half to three quarters of the slots filled. It holds no key but 32 bits
// of its hash, so what it answers has to be looked at.
type keyTable struct {
	slots []uint64            // hash in the upper half, id in the lower; 0 is free
	used  int                 // slots
	more  map[uint32][]uint32 // ids beyond the first few of a hash
	hash  func(key string) uint32
}

// fewIDs is how many ids of one hash get a slot: a thousand films of one title
// would be a thousand slots to walk past.
const fewIDs = 8

// newKeyTable makes a table with a hash function, which need not be a good one.
func newKeyTable(hash func(string) uint32) *keyTable {
	return &keyTable{slots: make([]uint64, 1<<10), more: map[uint32][]uint32{}, hash: hash}
}

// newKeyHash makes a hash function, another one each time.
func newKeyHash() func(string) uint32 {
	seed := maphash.MakeSeed()
	return func(key string) uint32 { return uint32(maphash.String(seed, key)) }
}

// add notes an id under a key. It is false for an id that needs more than 32
// bits, which is not noted.
func (t *keyTable) add(key string, id int64) bool {
	if id <= 0 || id > math.MaxUint32 {
		return false
	}
	if t.used >= len(t.slots)/4*3 {
		t.grow()
	}
	hash := t.hash(key)
	if t.put(uint64(hash)<<32 | uint64(id)) {
		t.used++
	} else {
		t.more[hash] = append(t.more[hash], uint32(id))
	}
	return true
}

// put fills a slot, unless enough have the same hash.
func (t *keyTable) put(slot uint64) bool {
	mask := uint64(len(t.slots) - 1)
	same := 0
	i := slot >> 32 & mask
	for ; t.slots[i] != 0; i = (i + 1) & mask {
		if t.slots[i]>>32 == slot>>32 {
			same++
		}
	}
	if same >= fewIDs {
		return false
	}
	t.slots[i] = slot
	return true
}

func (t *keyTable) grow() {
	old := t.slots
	t.slots = make([]uint64, 2*len(old))
	for _, slot := range old {
		if slot != 0 {
			t.put(slot)
		}
	}
}

// find appends the ids noted under a key to ids, and maybe some of others.
func (t *keyTable) find(ids []int64, key string) []int64 {
	hash, mask := uint64(t.hash(key)), uint64(len(t.slots)-1)
	for _, id := range t.more[uint32(hash)] {
		ids = append(ids, int64(id))
	}
	for i := hash & mask; t.slots[i] != 0; i = (i + 1) & mask {
		if t.slots[i]>>32 == hash {
			ids = append(ids, int64(t.slots[i]&math.MaxUint32))
		}
	}
	return ids
}

// loadKeys makes a keyTable of key rows.
func (tx *Tx) loadKeys(ctx context.Context, query string, hash func(string) uint32) (*keyTable, error) {
	t := newKeyTable(hash)
	for k, err := range rows(ctx, tx, scanIDKey, query) {
		if err != nil {
			return nil, err
		}
		t.add(k.Key, k.ID)
	}
	return t, nil
}

func scanIDKey(s scanner, k *KeyedID) error { return s.Scan(&k.ID, &k.Key) }

// byKey returns the records with any of the keys, by id: with the query for
// keys, or, where a keyTable stands in for the index, with the one for ids.
func byKey[T any](ctx context.Context, tx *Tx, t *keyTable, scan func(scanner, *T) error, forKeys, forIDs string, keys []string, key func(*T) string) ([]T, error) {
	if t == nil {
		return eachIn(ctx, tx, scan, forKeys, keys)
	}
	var ids []int64
	for _, k := range keys {
		ids = t.find(ids, k)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	slices.Sort(ids)
	found, err := eachIn(ctx, tx, scan, forIDs, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	asked := make(map[string]bool, len(keys))
	for _, k := range keys {
		asked[k] = true
	}
	return slices.DeleteFunc(found, func(r T) bool { return !asked[key(&r)] }), nil
}
