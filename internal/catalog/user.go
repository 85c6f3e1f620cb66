package catalog

import (
	"net/mail"
	"strings"
	"unicode"
)

// ParseUsername reads a username: one word, with a character that is no digit,
// because all digits are an id. The error wraps ErrInvalid.
func ParseUsername(s string) (string, error) {
	name, err := CleanLine(s)
	if err != nil {
		return "", err
	}
	switch {
	case name == "":
		return "", Invalidf("a username cannot be blank")
	case strings.ContainsFunc(name, unicode.IsSpace):
		return "", Invalidf("%s is not a username: it has white space in it", Quote(s))
	case strings.Trim(name, "0123456789") == "":
		return "", Invalidf("%s is not a username: all digits would be an id; add a letter", Quote(s))
	case strings.HasPrefix(name, "id:") || strings.HasPrefix(name, "name:"):
		return "", Invalidf("%s is not a username: id: and name: are what ids and names are marked with", Quote(s))
	}
	return name, nil
}

// ParseEmail reads an e-mail address by the rules of net/mail, without a name
// around it. The error wraps ErrInvalid.
func ParseEmail(s string) (string, error) {
	text, err := CleanLine(s)
	if err != nil {
		return "", err
	}
	addr, err := mail.ParseAddress(text)
	if err != nil || addr.Address != text {
		return "", Invalidf("%s is not an e-mail address; write one like ann@example.org", Quote(s))
	}
	return text, nil
}
