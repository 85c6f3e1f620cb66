package catalog

import (
	"net/url"
	"strconv"
)

// ParseURL reads the address that a file came from: http or https, with a host.
// The error wraps ErrInvalid.
func ParseURL(s string) (string, error) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return "", Invalidf("%s is not an http or https address", Quote(s))
	}
	return CleanLine(s)
}

// ParseTimestamp reads a time as the catalog stores it: 2026-11-23T21:09:51Z. It
// looks at the shape alone, as the schema does. The error wraps ErrInvalid.
func ParseTimestamp(s string) (string, error) {
	const shape = "0000-00-00T00:00:00Z"
	ok := len(s) == len(shape)
	for i := 0; ok && i < len(shape); i++ {
		digit := s[i] >= '0' && s[i] <= '9'
		ok = digit && shape[i] == '0' || s[i] == shape[i]
	}
	if !ok {
		return "", Invalidf("%s is not a time; write it as 2026-11-23T21:09:51Z", Quote(s))
	}
	return s, nil
}

// CheckText tells why the program would not write a text into a column of the
// schema, whose name says which rule it has to keep; nil if it would. A column
// without a rule here, such as file_key, takes any. The error wraps ErrInvalid.
func CheckText(column, text string) error {
	rule := textRule(column)
	if rule == nil {
		return nil
	}
	clean, err := rule(text)
	switch {
	case err != nil:
		return err
	case clean == "":
		return Invalidf("it is blank")
	case clean == text:
		return nil
	case trim(text) != text:
		return Invalidf("%s has white space at its ends", Quote(text))
	}
	return Invalidf("%s is not in the form that is stored (NFC, lines ending in a newline)", Quote(text))
}

func textRule(column string) func(string) (string, error) {
	switch column {
	case "title", "name", "first_name", "last_name", "gender", "role", "file_name", "mime_type":
		return CleanLine
	case "description", "biography", "notes":
		return CleanText
	case "release_date", "date_of_birth":
		return ParseDate
	case "username":
		return ParseUsername
	case "email":
		return ParseEmail
	case "url":
		return ParseURL
	case "createdAt", "updatedAt", "created_at", "updated_at":
		return ParseTimestamp
	}
	return nil
}

// CheckNumber is CheckText for a number: a float64, or an int64 of another
// column.
func CheckNumber(column string, number any) error {
	switch n := number.(type) {
	case float64:
		if n >= 0 && n <= maxBudget { // without the way through a text that most need not go
			return nil
		}
		_, err := ParseBudget(FormatBudget(n))
		return err
	case int64:
		switch {
		case column == "duration":
			if n >= 1 && n <= maxDuration {
				return nil
			}
			_, err := ParseDuration(strconv.FormatInt(n, 10))
			return err
		case column == "is_primary" && n != 0 && n != 1:
			return Invalidf("%d is neither 0 nor 1", n)
		case column == "id" && n < 1:
			return Invalidf("%d is no id; ids are whole numbers from 1", n)
		}
	}
	return nil
}
