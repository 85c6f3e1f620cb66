package bulk

import "hash/maphash"

// claims remembers which record is which of the file's own, where the file has
// keys of its own: two of its records are two records here, whatever their
// names, and one that comes again is a repeat. A key takes 8 bytes.
type claims struct {
	seed  maphash.Seed // only equality counts, so that it may differ each time
	pages map[int64]*[claimPage]uint64
}

const claimPage = 1024

func newClaims() *claims {
	return &claims{seed: maphash.MakeSeed(), pages: map[int64]*[claimPage]uint64{}}
}

// hash is that of a key, 0 for "", which claims nothing.
func (c *claims) hash(key string) uint64 {
	if key == "" {
		return 0
	}
	return maphash.String(c.seed, key) | 1
}

// of returns the hash of the key that claims a record, 0 if none does.
func (c *claims) of(id int64) uint64 {
	if page := c.pages[id/claimPage]; page != nil {
		return page[id%claimPage]
	}
	return 0
}

// owned tells whether a key, if it is one, claims a record, or another key does.
// Most records of a key that many have are known by that alone.
func (c *claims) owned(id int64, hash uint64) (mine, another bool) {
	if hash == 0 {
		return false, false
	}
	claimed := c.of(id)
	return claimed == hash, claimed != 0 && claimed != hash
}

// claim says which key a record has; a hash of 0 gives it back.
func (c *claims) claim(id int64, hash uint64) {
	page := c.pages[id/claimPage]
	if page == nil {
		if hash == 0 {
			return
		}
		page = new([claimPage]uint64)
		c.pages[id/claimPage] = page
	}
	page[id%claimPage] = hash
}

// candidate is a record of the key that a row has.
type candidate struct {
	id   int64
	fits bool // nothing that both sides say differs
	same bool // what tells records of the key apart is the same on both sides; with a key, also if both lack it
}

// choice is what a row is compared with other records of its key.
type choice struct {
	id    int64 // the record it is; 0 is a new one
	doubt []candidate
	clash []candidate
}

// choose tells which of the candidates a row is. With a key of its own it is
// the one that the key claims, else one that fits and no other key claims, else
// a new one: the key says that it is none of the others. Without a key it is the
// one that fits; several that fit leave a doubt if doubtful, and if none fits
// the row clashes with all of them.
func (c *claims) choose(hash uint64, doubtful bool, all []candidate) choice {
	var free, fits, same []candidate
	for _, k := range all {
		switch claimed := c.of(k.id); {
		case hash != 0 && claimed == hash:
			return choice{id: k.id}
		case hash != 0 && claimed != 0:
			continue
		}
		free = append(free, k)
		if k.fits {
			fits = append(fits, k)
		}
		if k.fits && k.same {
			same = append(same, k)
		}
	}
	if len(same) > 0 {
		fits = same
	}
	switch {
	case len(free) == 0 || len(fits) == 0 && hash != 0:
		return choice{}
	case len(fits) == 0:
		return choice{clash: free}
	case len(fits) > 1 && hash == 0 && doubtful:
		return choice{doubt: fits}
	}
	return choice{id: fits[0].id}
}
