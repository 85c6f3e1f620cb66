package catalog

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The largest values the catalog takes.
const (
	maxDuration = 100_000 // minutes
	maxBudget   = 1e15
)

// ParseDuration reads how long a film is, in whole minutes from 1 to 100,000:
// 136, 136.0, 136 min, 2h 16m, 2:16 or PT2H16M. Other text, a fraction of a
// minute and 0 are refused with ErrInvalid: a film of unknown length has no
// duration.
func ParseDuration(s string) (int, error) {
	s = trim(s)
	minutes, ok := clockMinutes(s)
	if !ok {
		minutes, ok = unitMinutes(strings.ToLower(s))
	}
	switch {
	case ok && minutes < 1:
		return 0, Invalidf("%s is no duration: a film lasts 1 minute or more; leave it out if it is not known", Quote(s))
	case ok && minutes > maxDuration:
		return 0, Invalidf("%s is too long: a film lasts at most %d minutes", Quote(s), maxDuration)
	case ok:
		return minutes, nil
	case isNegative(s):
		return 0, Invalidf("%s is negative; a film lasts 1 minute or more", Quote(s))
	case isFraction(s):
		return 0, Invalidf("%s has a fraction; write whole minutes, such as 136", Quote(s))
	}
	return 0, Invalidf("%s is not a duration; write minutes or hours and minutes, such as 136 or 2h 16m", Quote(s))
}

// clockMinutes reads hours and minutes with a colon between them.
func clockMinutes(s string) (int, bool) {
	h, m, ok := strings.Cut(s, ":")
	if !ok || len(m) != 2 {
		return 0, false
	}
	hours, okHours := minutesOf(h)
	minutes, okMinutes := minutesOf(m)
	return 60*hours + minutes, okHours && okMinutes && minutes < 60
}

// unitMinutes reads lower-case text that has numbers with units, such as
// 2h 16m or pt2h16m, or a number alone, which is minutes.
func unitMinutes(s string) (int, bool) {
	s, iso := strings.CutPrefix(s, "pt")
	hours, minutes := -1, -1
	for s != "" {
		number, unit, rest := nextAmount(s)
		n, ok := minutesOf(number)
		switch {
		case !ok || iso && (len(unit) != 1 || len(s)-len(rest) != len(number)+1):
			return 0, false
		case unit == "" && rest == "" && hours < 0 && minutes < 0:
			return n, true
		case isHourUnit(unit) && hours < 0 && minutes < 0:
			hours = n
		case isMinuteUnit(unit) && minutes < 0:
			minutes = n
		default:
			return 0, false
		}
		s = rest
	}
	return 60*max(hours, 0) + max(minutes, 0), hours >= 0 || minutes >= 0
}

// nextAmount cuts a number and its unit from the front of s, with the white
// space between and after them.
func nextAmount(s string) (number, unit, rest string) {
	number, rest = cutFunc(s, func(r rune) bool { return r >= '0' && r <= '9' || r == '.' })
	rest = strings.TrimLeftFunc(rest, unicode.IsSpace)
	unit, rest = cutFunc(rest, func(r rune) bool { return r >= 'a' && r <= 'z' })
	return number, unit, strings.TrimLeftFunc(rest, unicode.IsSpace)
}

// cutFunc splits s after its leading characters that f likes.
func cutFunc(s string, f func(rune) bool) (string, string) {
	i := strings.IndexFunc(s, func(r rune) bool { return !f(r) })
	if i < 0 {
		return s, ""
	}
	return s[:i], s[i:]
}

// minutesOf reads digits, and a fraction if it is zero. A number that is too
// large for any duration comes back as one that is just too large.
func minutesOf(s string) (int, bool) {
	whole, fraction, dotted := strings.Cut(s, ".")
	if dotted && (fraction == "" || strings.Trim(fraction, "0") != "") {
		return 0, false
	}
	if !onlyDigits(whole) {
		return 0, false
	}
	n, err := strconv.Atoi(whole)
	if err != nil || n > maxDuration {
		n = maxDuration + 1
	}
	return n, true
}

// isHourUnit reports whether a lower-case word stands for hours.
func isHourUnit(word string) bool {
	switch word {
	case "h", "hr", "hrs", "hour", "hours":
		return true
	}
	return false
}

// isMinuteUnit reports whether a lower-case word stands for minutes.
func isMinuteUnit(word string) bool {
	switch word {
	case "m", "min", "mins", "minute", "minutes":
		return true
	}
	return false
}

// ParseBudget reads an amount of money from 0 to 1e15: a decimal number with a
// point, perhaps in well-formed groups of thousands (30,000,000), after at most
// one currency sign or code of three letters, which is not kept. 0 is an amount
// and not an absent one. Other text is refused with ErrInvalid.
func ParseBudget(s string) (float64, error) {
	s = trim(s)
	text := trimCurrency(s)
	whole, fraction, dotted := strings.Cut(text, ".")
	switch {
	case isNegative(text) || isNegative(s) || strings.HasPrefix(s, "-") && isNegative("-"+trimCurrency(s[1:])):
		return 0, Invalidf("%s is negative; a budget is 0 or more", Quote(s))
	case strings.Contains(fraction, "."):
		return 0, Invalidf("%s has more than one point; group thousands with commas, such as 1,000,000.50", Quote(s))
	case strings.Contains(whole, ",") && onlyDigits(strings.ReplaceAll(whole, ",", "")) && !goodGroups(whole):
		return 0, Invalidf("%s has commas that are not at the thousands; write 1,000,000 or 1000000", Quote(s))
	}
	whole = strings.ReplaceAll(whole, ",", "")
	if !onlyDigits(whole) || dotted && !onlyDigits(fraction) {
		return 0, Invalidf("%s is not an amount; write the number in full, such as 56700000 or 56,700,000", Quote(s))
	}
	f, err := strconv.ParseFloat(whole+"."+fraction, 64)
	if err != nil || f > maxBudget {
		return 0, Invalidf("%s is too large; a budget is at most %s", Quote(s), FormatBudget(maxBudget))
	}
	return f, nil
}

// trimCurrency returns s without one leading currency sign or code of three
// letters, and the white space after it.
func trimCurrency(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case unicode.Is(unicode.Sc, r):
	case len(s) > 3 && isLetter(s[0]) && isLetter(s[1]) && isLetter(s[2]):
		size = 3
	default:
		return s
	}
	return trim(s[size:])
}

// isLetter reports whether c is a letter of ASCII.
func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// goodGroups reports whether digits and commas are one to three digits and
// then groups of three.
func goodGroups(s string) bool {
	first, rest, _ := strings.Cut(s, ",")
	if len(first) < 1 || len(first) > 3 {
		return false
	}
	for group := range strings.SplitSeq(rest, ",") {
		if len(group) != 3 {
			return false
		}
	}
	return true
}

// FormatBudget returns the shortest decimal number that ParseBudget reads as f,
// never with an exponent: 19000000, 12.5.
func FormatBudget(f float64) string {
	if f == 0 {
		return "0" // not -0
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// ParseCount reads a whole number from 0, in base 10. Other text is refused
// with ErrInvalid.
func ParseCount(s string) (int, error) {
	n, err := parseWhole(s, 0, math.MaxInt)
	return int(n), err
}

// ParseID reads the id of a record: a whole number from 1, in base 10. Other
// text is refused with ErrInvalid.
func ParseID(s string) (int64, error) { return parseWhole(s, 1, math.MaxInt64) }

// parseWhole reads a whole number between least and most.
func parseWhole(s string, least, most int64) (int64, error) {
	s = trim(s)
	if !onlyDigits(s) {
		if isNegative(s) && onlyDigits(s[1:]) {
			return 0, Invalidf("%s is negative; write a whole number from %d", Quote(s), least)
		}
		return 0, Invalidf("%s is not a whole number", Quote(s))
	}
	n, err := strconv.ParseInt(s, 10, 64)
	switch {
	case err != nil || n > most:
		return 0, Invalidf("%s is too large; write a number up to %d", Quote(s), most)
	case n < least:
		return 0, Invalidf("%s is too small; write a whole number from %d", Quote(s), least)
	}
	return n, nil
}

// onlyDigits reports whether s is one decimal digit or more.
func onlyDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// isNegative reports whether s begins with a minus and a digit.
func isNegative(s string) bool {
	return len(s) > 1 && s[0] == '-' && s[1] >= '0' && s[1] <= '9'
}

// isFraction reports whether s begins with a number that has a decimal point.
func isFraction(s string) bool {
	whole, rest := cutFunc(s, func(r rune) bool { return r >= '0' && r <= '9' })
	return whole != "" && len(rest) > 1 && rest[0] == '.' && rest[1] >= '0' && rest[1] <= '9'
}
