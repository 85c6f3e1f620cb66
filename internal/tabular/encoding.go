package tabular

import (
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
	"golang.org/x/text/transform"

	"github.com/moviedb/moviedb/internal/catalog"
)

const (
	utf8Name = "utf-8"
	utf8BOM  = "\xef\xbb\xbf"
)

// charset is an encoding; decoder is nil for UTF-8, which needs none.
type charset struct {
	name    string
	decoder transform.Transformer
}

// chooseEncoding returns the encoding of a file that begins with head. A byte
// order mark wins over the name that was given, as in browsers (WHATWG Encoding,
// "decode"): no table begins with the letters it would be in another encoding, so
// the name is a mistake, or meant for other files of the same command.
func chooseEncoding(head []byte, given string) (charset, error) {
	named, err := namedEncoding(given)
	if err != nil {
		return charset{}, err
	}
	if marked, ok := markedEncoding(string(head)); ok {
		return marked, nil
	}
	if given != "" {
		return named, nil
	}
	switch {
	case looksLikeUTF16(head, 1):
		return decodeUTF16("utf-16le", unicode.LittleEndian), nil
	case looksLikeUTF16(head, 0):
		return decodeUTF16("utf-16be", unicode.BigEndian), nil
	}
	return charset{name: utf8Name}, nil
}

// markedEncoding returns the encoding that a byte order mark names.
func markedEncoding(head string) (charset, bool) {
	switch {
	case strings.HasPrefix(head, utf8BOM):
		return charset{name: utf8Name}, true
	case strings.HasPrefix(head, "\xff\xfe\x00\x00"):
		return charset{"utf-32le", utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM).NewDecoder()}, true
	case strings.HasPrefix(head, "\x00\x00\xfe\xff"):
		return charset{"utf-32be", utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM).NewDecoder()}, true
	case strings.HasPrefix(head, "\xff\xfe"):
		return decodeUTF16("utf-16le", unicode.LittleEndian), true
	case strings.HasPrefix(head, "\xfe\xff"):
		return decodeUTF16("utf-16be", unicode.BigEndian), true
	}
	return charset{}, false
}

// decodeUTF16 decodes UTF-16. A byte order mark stays, as that of UTF-8.
func decodeUTF16(name string, order unicode.Endianness) charset {
	return charset{name, unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder()}
}

// namedEncoding looks an encoding up by its name: that of the WHATWG first,
// where latin1 is windows-1252 since files that say the one are the other.
func namedEncoding(name string) (charset, error) {
	label := strings.ToLower(strings.TrimSpace(name))
	if label == "" || label == utf8Name || label == "utf8" || label == "utf-8-sig" {
		return charset{name: utf8Name}, nil
	}
	if enc, err := htmlindex.Get(label); err == nil && enc != encoding.Replacement {
		if canonical, err := htmlindex.Name(enc); err == nil {
			if canonical == utf8Name {
				return charset{name: utf8Name}, nil
			}
			return charset{canonical, enc.NewDecoder()}, nil
		}
	}
	if enc, err := ianaindex.IANA.Encoding(label); err == nil && enc != nil && enc != encoding.Replacement {
		return charset{label, enc.NewDecoder()}, nil
	}
	return charset{}, catalog.Invalidf("--encoding: %s is no encoding known here; common ones are utf-8, latin1, windows-1252, "+
		"iso-8859-2, iso-8859-15, macintosh, utf-16le, utf-16be, shift_jis, euc-kr, gb18030 and big5", catalog.Quote(name))
}

// looksLikeUTF16 reports whether the bytes at even (0) or odd (1) places are
// NULs as they are in UTF-16 of text that is mostly ASCII, and the others not.
func looksLikeUTF16(head []byte, place int) bool {
	pairs := len(head) / 2
	if pairs == 0 || head[place] != 0 {
		return false
	}
	nuls, others := 0, 0
	for i := range pairs {
		if head[2*i+place] == 0 {
			nuls++
		}
		if head[2*i+1-place] == 0 {
			others++
		}
	}
	return nuls*10 >= pairs*6 && others*8 <= nuls
}
