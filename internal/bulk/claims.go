package bulk

import "hash/maphash"

// claims remembers which record is which of the file's own, where the file has
// keys of its own: two of its records are two records here, whatever their
// names, and one that comes again is a repeat. A key takes 8 bytes.
type claims struct {
	seed  maphash.Seed // only equality counts, so that it may differ each time
	pages map[int64]*[claimPage]uint64

	free, fits, same []candidate // room for choose
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
	at   int  // its place among the records of the key
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
// the row clashes with all of them. The lists of the choice hold until the next.
func (c *claims) choose(hash uint64, doubtful bool, all []candidate) choice {
	free, fits, same := c.free[:0], c.fits[:0], c.same[:0]
	defer func() { c.free, c.fits, c.same = free, fits, same }()
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
	best := fits
	if len(same) > 0 {
		best = same
	}
	switch {
	case len(free) == 0 || len(best) == 0 && hash != 0:
		return choice{}
	case len(best) == 0:
		return choice{clash: free}
	case len(best) > 1 && hash == 0 && doubtful:
		return choice{doubt: best}
	}
	return choice{id: best[0].id}
}
