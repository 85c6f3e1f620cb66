package blob

import (
	"bytes"
	"encoding/binary"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// The MIME types that get a word of their own.
const (
	mimeUnknown = "application/octet-stream"
	mimeSVG     = "image/svg+xml"
	mimePNG     = "image/png"
	mimeAVIF    = "image/avif"
	mimeHEIC    = "image/heic"
)

// sniff returns the MIME type of content, without parameters, and the extension
// that goes with it, by the first bytes of it. Where mimetype is known to err
// it looks for itself: at SVG without its name space, and at AVIF and HEIC under
// their common brand.
func sniff(head []byte) (mime, ext string) {
	if len(head) == 0 {
		return mimeUnknown, ""
	}
	if mime, ext := sniffPicture(head); mime != "" {
		return mime, ext
	}
	m := mimetype.Detect(head)
	mime, _, _ = strings.Cut(m.String(), ";")
	mime, ext = strings.TrimSpace(mime), m.Extension()
	switch {
	case m.Is("image/heif"), m.Is("image/heif-sequence"):
		return heifFamily(head, mime, ext)
	case mime != mimeSVG && isText(m) && isSVG(head):
		return mimeSVG, ".svg"
	}
	return mime, ext
}

// sniffPicture is sniff for pictures whose first bytes leave no doubt. mimetype
// would call one a PDF that has %PDF- in its first 1,024 bytes, and an APNG,
// which is a PNG to everybody, by a name of its own.
func sniffPicture(head []byte) (mime, ext string) {
	begins := func(with string) bool { return bytes.HasPrefix(head, []byte(with)) }
	switch {
	case begins("\xff\xd8\xff"):
		return "image/jpeg", ".jpg"
	case begins("\x89PNG\r\n\x1a\n"):
		return mimePNG, ".png"
	case begins("GIF87a"), begins("GIF89a"):
		return "image/gif", ".gif"
	case begins("II*\x00"), begins("MM\x00*"):
		return "image/tiff", ".tiff"
	case begins("RIFF") && len(head) >= 12 && string(head[8:12]) == "WEBP":
		return "image/webp", ".webp"
	}
	return "", ""
}

// isText tells that a type is text of some kind.
func isText(m *mimetype.MIME) bool {
	for ; m != nil; m = m.Parent() {
		if m.Is("text/plain") {
			return true
		}
	}
	return false
}

// isSVG tells whether the first element of a text is svg, whatever comments,
// declarations and byte order mark come before it.
func isSVG(text []byte) bool {
	text = bytes.ReplaceAll(text, []byte{0}, nil) // UTF-16 is good enough so
	for _, mark := range []string{"\xef\xbb\xbf", "\xff\xfe", "\xfe\xff"} {
		text = bytes.TrimPrefix(text, []byte(mark))
	}
	for {
		text = bytes.TrimLeft(text, " \t\r\n\f")
		switch {
		case bytes.HasPrefix(text, []byte("<!--")):
			text = after(text, "-->")
		case bytes.HasPrefix(text, []byte("<?")):
			text = after(text, "?>")
		case bytes.HasPrefix(text, []byte("<!")):
			text = afterDoctype(text)
		case bytes.HasPrefix(text, []byte("<")):
			name := text[1:]
			if i := bytes.IndexAny(name, " \t\r\n\f/>"); i >= 0 {
				name = name[:i]
			}
			if i := bytes.IndexByte(name, ':'); i >= 0 {
				name = name[i+1:]
			}
			return strings.EqualFold(string(name), "svg")
		default:
			return false
		}
	}
}

// after returns what follows the first end in text, nothing if it has none.
func after(text []byte, end string) []byte {
	_, rest, _ := bytes.Cut(text, []byte(end))
	return rest
}

// afterDoctype returns what follows a document type declaration, which may
// hold others between brackets.
func afterDoctype(text []byte) []byte {
	bracket := bytes.IndexByte(text, '[')
	if end := bytes.IndexByte(text, '>'); bracket < 0 || end >= 0 && end < bracket {
		return after(text, ">")
	}
	return after(after(text, "]"), ">")
}

// heifFamily tells AVIF from HEIC by the compatible brands of a file whose
// major brand is that of both.
func heifFamily(head []byte, mime, ext string) (string, string) {
	if len(head) < 16 || string(head[4:8]) != "ftyp" {
		return mime, ext
	}
	end := min(int64(binary.BigEndian.Uint32(head)), int64(len(head)))
	for i := int64(16); i+4 <= end; i += 4 {
		switch string(head[i : i+4]) {
		case "avif", "avis":
			return mimeAVIF, ".avif"
		case "heic", "heix", "heim", "heis", "hevc", "hevx":
			return mimeHEIC, ".heic"
		}
	}
	return mime, ext
}

// typeName says what a type that is none of the six is in a message: "it is …".
func typeName(mime string) string {
	switch mime {
	case mimeUnknown:
		return "not a picture"
	case mimeSVG:
		return "an SVG drawing, not a picture"
	case mimeAVIF:
		return "a picture in AVIF"
	case mimeHEIC, "image/heic-sequence":
		return "a picture in HEIC"
	case "image/heif", "image/heif-sequence":
		return "a picture in HEIF"
	case "image/jxl":
		return "a picture in JPEG XL"
	case "image/x-icon":
		return "an icon in ICO"
	case "text/plain":
		return "text, not a picture"
	case "text/html":
		return "a web page, not a picture"
	case "application/pdf":
		return "a PDF document, not a picture"
	}
	if strings.HasPrefix(mime, "image/") {
		return "a picture in " + mime
	}
	return mime + ", not a picture"
}
