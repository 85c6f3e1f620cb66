package blob

import (
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/moviedb/moviedb/internal/catalog"
)

const (
	maxNameLen  = 255 // bytes
	defaultName = "file"
)

// BaseName returns a name fit to be stored for a file that came from path: its
// last part, behind slashes and backslashes, in valid UTF-8 and NFC, of one
// line without control characters, at most 255 bytes. A name that is too long
// keeps its extension; what has no name is "file".
func BaseName(path string) string {
	path = strings.TrimRight(path, `/\`)
	name := harmless(path[strings.LastIndexAny(path, `/\`)+1:])
	if len(name) > maxNameLen {
		name = harmless(shorten(name))
	}
	switch name {
	case "", ".", "..":
		return defaultName
	}
	return name
}

// harmless returns a name without the characters that the catalog refuses.
func harmless(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\r', r == '\t', r == '\u0085', r == '\u2028', r == '\u2029':
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, "\ufffd"))
	clean, err := catalog.CleanLine(name)
	if err != nil {
		return ""
	}
	return clean
}

// shorten cuts a name to 255 bytes, between two characters and before its
// extension.
func shorten(name string) string {
	ext := path.Ext(name)
	if len(ext) > maxExtLen {
		ext = ""
	}
	end := maxNameLen - len(ext)
	for end > 0 && !utf8.RuneStart(name[end]) {
		end--
	}
	return name[:end] + ext
}

// ExtensionMismatch reports whether the extension of a name promises another
// type than the content has: "photo.jpg" that holds a PNG. An extension that
// is not known promises nothing.
func ExtensionMismatch(name, mime string) bool {
	mime, _, _ = strings.Cut(mime, ";")
	mime = strings.ToLower(strings.TrimSpace(mime))
	promised := promisedTypes(strings.ToLower(path.Ext(name)))
	return len(promised) > 0 && !slices.Contains(promised, mime)
}

// promisedTypes returns the types that files of an extension have. Text and
// what is packed like a ZIP is not told apart well enough to warn of.
func promisedTypes(ext string) []string {
	switch ext {
	case ".jpg", ".jpeg", ".jpe", ".jfif", ".pjpeg":
		return []string{"image/jpeg"}
	case ".png", ".apng":
		return []string{mimePNG, "image/apng", "image/vnd.mozilla.apng"}
	case ".gif":
		return []string{"image/gif"}
	case ".webp":
		return []string{"image/webp"}
	case ".bmp", ".dib":
		return []string{"image/bmp", "image/x-bmp", "image/x-ms-bmp"}
	case ".tif", ".tiff":
		return []string{"image/tiff"}
	case ".svg":
		return []string{mimeSVG}
	case ".ico":
		return []string{"image/x-icon", "image/vnd.microsoft.icon"}
	case ".avif":
		return []string{mimeAVIF, "image/heif", "image/heif-sequence"}
	case ".heic", ".heif":
		return []string{mimeHEIC, "image/heic-sequence", "image/heif", "image/heif-sequence"}
	case ".jxl":
		return []string{"image/jxl"}
	case ".psd":
		return []string{"image/vnd.adobe.photoshop", "image/x-psd"}
	case ".pdf":
		return []string{"application/pdf"}
	case ".mp4", ".m4v", ".mov":
		return []string{"video/mp4", "video/x-m4v", "video/quicktime", "audio/mp4"}
	case ".mkv", ".webm":
		return []string{"video/matroska", "video/x-matroska", "video/webm"}
	case ".avi":
		return []string{"video/x-msvideo"}
	case ".mp3":
		return []string{"audio/mpeg"}
	}
	return nil
}
