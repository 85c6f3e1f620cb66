package fuzzkit

// Source makes values from the bytes of a fuzzer's input: most bytes make
// something that is accepted, and a small change of them a small change of it.
type Source struct {
	data []byte
}

// From returns a source of the bytes.
func From(data []byte) *Source { return &Source{data: data} }

// Left tells whether there are bytes left.
func (s *Source) Left() bool { return len(s.data) > 0 }

// N returns a number from 0 up to below n, from one byte if n is at most 256,
// else from two; 0 when the bytes are used up.
func (s *Source) N(n int) int {
	v := int(s.byte())
	if n > 256 {
		v = v<<8 | int(s.byte())
	}
	return v % n
}

// byte takes the next byte.
func (s *Source) byte() byte {
	if len(s.data) == 0 {
		return 0
	}
	b := s.data[0]
	s.data = s.data[1:]
	return b
}

// Text returns the next bytes as a text, up to limit of them.
func (s *Source) Text(limit int) string {
	n := min(s.N(limit+1), len(s.data))
	text := string(s.data[:n])
	s.data = s.data[n:]
	return text
}

// Pick returns one of the list.
func Pick[T any](s *Source, list ...T) T { return list[s.N(len(list))] }
