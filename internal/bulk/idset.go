package bulk

// idSet is a set of record ids, a bit each where they lie close together. The
// zero value is empty.
type idSet struct {
	pages map[int64]*[idSetPage / 64]uint64
}

const idSetPage = 4096

// add puts an id in and reports whether it was there already.
func (s *idSet) add(id int64) (already bool) {
	page := s.pages[id/idSetPage]
	if page == nil {
		if s.pages == nil {
			s.pages = map[int64]*[idSetPage / 64]uint64{}
		}
		page = new([idSetPage / 64]uint64)
		s.pages[id/idSetPage] = page
	}
	word, bit := &page[id%idSetPage/64], uint64(1)<<(id%64)
	already = *word&bit != 0
	*word |= bit
	return already
}

// has tells whether an id is in the set.
func (s *idSet) has(id int64) bool {
	page := s.pages[id/idSetPage]
	return page != nil && page[id%idSetPage/64]&(1<<(id%64)) != 0
}
