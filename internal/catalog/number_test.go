package catalog

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/fuzzkit"
)

func TestParseDurationReadsMinutesAndHours(t *testing.T) {
	for in, want := range map[string]int{
		"136": 136, "136.0": 136, "136.00": 136, "136 min": 136, "136min": 136, "136 mins": 136, "136 minutes": 136,
		"1 minute": 1, "136m": 136, "136.0 min": 136, "136 MIN": 136, " 136\n": 136, "136\u00a0min": 136,
		"2h 16m": 136, "2h16m": 136, "2h": 120, "2 h 16 min": 136, "2 hours 16 minutes": 136, "1 hour": 60, "2H 16M": 136,
		"2 hr 16 min": 136, "0h 5m": 5, "1h 90m": 150,
		"2:16": 136, "02:16": 136, "0:05": 5, "PT2H16M": 136, "PT136M": 136, "PT2H": 120, "pt2h16m": 136,
		"010": 10, "008": 8, "1": 1, "100000": 100000,
	} {
		if got, err := ParseDuration(in); got != want || err != nil {
			t.Errorf("ParseDuration(%q) = %d, %v, want %d", in, got, err, want)
		}
	}
}

func TestParseDurationSaysWhatIsWrong(t *testing.T) {
	const (
		shape = " is not a duration; write minutes or hours and minutes, such as 136 or 2h 16m"
		zero  = " is no duration: a film lasts 1 minute or more; leave it out if it is not known"
		long  = " is too long: a film lasts at most 100000 minutes"
		part  = " has a fraction; write whole minutes, such as 136"
	)
	for in, want := range map[string]string{
		"": shape, "ninety": shape, "2 Seasons": shape, "1 Season": shape, "0x10": shape, "1_000": shape, "1,000": shape,
		"2:5": shape, "2:60": shape, "2:16:00": shape, ":16": shape, "2:": shape, "2h 16m 5s": shape, "16m 2h": shape,
		"2h 2h": shape, "5m 5m": shape, "h": shape, "PT": shape, "PT2H 16M": shape, "PT136": shape, "PT2HOURS": shape,
		"136.": shape, "１３６": shape, "+5": shape, "1e2": shape, "2h16": shape, "136 min min": shape, "NaN": shape,
		"0": zero, "0.0": zero, "0h": zero, "0:00": zero, "PT0M": zero,
		"100001": long, "99999999999999999999": long, "99999999999999999999h": long, "99999999999999999999:00": long,
		"136.5": part, "1.5h": part, "136.01 min": part,
		"-5": " is negative; a film lasts 1 minute or more",
	} {
		got, err := ParseDuration(in)
		if got != 0 || !errors.Is(err, ErrInvalid) || err.Error() != `"`+in+`"`+want {
			t.Errorf("ParseDuration(%q) = %d, %v, want the error %s", in, got, err, want)
		}
	}
}

func TestParseBudgetReadsAmounts(t *testing.T) {
	for in, want := range map[string]float64{
		"0": 0, "0.0": 0, "30000000": 3e7, "19000000.0": 1.9e7, "12.5": 12.5, "010": 10, " 5\n": 5,
		"30,000,000": 3e7, "30,000,000.50": 30000000.5, "1,000": 1000, "$1,000": 1000, "$ 1,000": 1000, "€12.50": 12.5,
		"£5": 5, "₹ 5,000": 5000, "¥100": 100, "USD 1,000": 1000, "usd1000": 1000, "EUR\u00a05": 5, "1000000000000000": 1e15,
	} {
		if got, err := ParseBudget(in); got != want || err != nil {
			t.Errorf("ParseBudget(%q) = %v, %v, want %v", in, got, err, want)
		}
	}
}

func TestParseBudgetSaysWhatIsWrong(t *testing.T) {
	const (
		shape  = " is not an amount; write the number in full, such as 56700000 or 56,700,000"
		groups = " has commas that are not at the thousands; write 1,000,000 or 1000000"
		points = " has more than one point; group thousands with commas, such as 1,000,000.50"
		minus  = " is negative; a budget is 0 or more"
		large  = " is too large; a budget is at most 1000000000000000"
	)
	for in, want := range map[string]string{
		"": shape, "$": shape, "USD": shape, "$56.7M": shape, "56.7 million": shape, "1e6": shape, "NaN": shape, "Inf": shape,
		"Infinity": shape, "0x10": shape, "1_000": shape, "$$5": shape, "USD $5": shape, "5 USD": shape, "5.": shape, ".5": shape,
		"1 000": shape, "1'000": shape, "1.5,000": shape, "+5": shape, "１": shape, "--5": shape, "US$ 5": shape,
		"1,00": groups, "1,0000": groups, ",100": groups, "100,": groups, "1000,000": groups, "10,00,000": groups, "1,,000": groups,
		"1.000.000": points, "1,000.5.0": points,
		"-1": minus, "$-5": minus, "-$5": minus, "- 5": shape, "-USD 5": minus, "-0": minus,
		"1000000000000001": large, "1" + strings.Repeat("0", 50): large, "9,999,999,999,999,999": large,
	} {
		got, err := ParseBudget(in)
		if got != 0 || !errors.Is(err, ErrInvalid) || err.Error() != Quote(in)+want {
			t.Errorf("ParseBudget(%q) = %v, %v, want the error %s", in, got, err, want)
		}
	}
	if _, err := ParseBudget(strings.Repeat("9", 400)); !errors.Is(err, ErrInvalid) {
		t.Errorf("400 digits: %v, want ErrInvalid", err)
	}
}

func TestFormatBudgetHasNoExponent(t *testing.T) {
	for in, want := range map[float64]string{
		0: "0", 12.5: "12.5", 19000000: "19000000", 1e15: "1000000000000000", 0.1: "0.1", 30000000.55: "30000000.55",
	} {
		if got := FormatBudget(in); got != want {
			t.Errorf("FormatBudget(%v) = %q, want %q", in, got, want)
		}
	}
	if got := FormatBudget(math.Copysign(0, -1)); got != "0" {
		t.Errorf("FormatBudget(-0) = %q, want 0", got)
	}
}

func TestParseCountAndID(t *testing.T) {
	for in, want := range map[string]int64{"1": 1, "010": 10, " 7 ": 7, "9223372036854775807": math.MaxInt64} {
		if got, err := ParseID(in); got != want || err != nil {
			t.Errorf("ParseID(%q) = %d, %v, want %d", in, got, err, want)
		}
		if got, err := ParseCount(in); int64(got) != want || err != nil {
			t.Errorf("ParseCount(%q) = %d, %v, want %d", in, got, err, want)
		}
	}
	if got, err := ParseCount("0"); got != 0 || err != nil {
		t.Errorf("ParseCount(0) = %d, %v", got, err)
	}
	for in, want := range map[string]string{
		"0":                    `"0" is too small; write a whole number from 1`,
		"-1":                   `"-1" is negative; write a whole number from 1`,
		"":                     `"" is not a whole number`,
		"x":                    `"x" is not a whole number`,
		"1.0":                  `"1.0" is not a whole number`,
		"+1":                   `"+1" is not a whole number`,
		"0x1":                  `"0x1" is not a whole number`,
		"1_0":                  `"1_0" is not a whole number`,
		"-1x":                  `"-1x" is not a whole number`,
		"9223372036854775808":  `"9223372036854775808" is too large; write a number up to 9223372036854775807`,
		"99999999999999999999": `"99999999999999999999" is too large; write a number up to 9223372036854775807`,
	} {
		if got, err := ParseID(in); got != 0 || !errors.Is(err, ErrInvalid) || err.Error() != want {
			t.Errorf("ParseID(%q) = %d, %v, want the error %s", in, got, err, want)
		}
		if got, err := ParseCount(in); in != "0" && (got != 0 || !errors.Is(err, ErrInvalid)) {
			t.Errorf("ParseCount(%q) = %d, %v, want ErrInvalid", in, got, err)
		}
	}
}

// numbers are seeds for the fuzzers of this file.
func numbers() []string {
	return []string{"136", "136.0", "2h 16m", "2:16", "PT2H16M", "-5", "0x10", "1_000", "010", "30,000,000.50", "$56.7M",
		"1,00", "USD 1,000", "€1", "1e6", "NaN", "99999999999999999999", "", " ", "\xff", "١٢"}
}

func FuzzParseDuration(f *testing.F) {
	addTexts(f, numbers()...)
	share := fuzzkit.NewShare(f)
	f.Fuzz(func(t *testing.T, shape []byte, raw string) {
		share.Try(t)
		s := textOf(shape, raw, durationText)
		got, err := ParseDuration(s)
		if err != nil {
			checkValueError(t, s, err)
			return
		}
		share.Accept()
		if got < 1 || got > maxDuration || strings.ContainsAny(s, "-_,x") {
			t.Errorf("ParseDuration(%q) = %d", s, got)
		}
		if again, err := ParseDuration(strconv.Itoa(got)); again != got || err != nil {
			t.Errorf("ParseDuration(%q) = %d, but then %d, %v", s, got, again, err)
		}
	})
}

func FuzzParseBudget(f *testing.F) {
	addTexts(f, numbers()...)
	share := fuzzkit.NewShare(f)
	f.Fuzz(func(t *testing.T, shape []byte, raw string) {
		share.Try(t)
		s := textOf(shape, raw, budgetText)
		got, err := ParseBudget(s)
		if err != nil {
			checkValueError(t, s, err)
			return
		}
		share.Accept()
		if !(got >= 0 && got <= maxBudget) || strings.ContainsAny(s, "-_") {
			t.Errorf("ParseBudget(%q) = %v", s, got)
		}
		text := FormatBudget(got)
		if again, err := ParseBudget(text); again != got || err != nil || strings.ContainsAny(text, "eE+") {
			t.Errorf("ParseBudget(%q) = %s, but then %v, %v", s, text, again, err)
		}
	})
}

func FuzzParseWhole(f *testing.F) {
	addTexts(f, numbers()...)
	share := fuzzkit.NewShare(f)
	f.Fuzz(func(t *testing.T, shape []byte, raw string) {
		share.Try(t)
		s := textOf(shape, raw, wholeText)
		id, err := ParseID(s)
		count, errCount := ParseCount(s)
		if err == nil {
			share.Accept()
		}
		switch {
		case errCount != nil:
			checkValueError(t, s, errCount)
			if err == nil {
				t.Errorf("ParseID(%q) = %d, but ParseCount fails: %v", s, id, errCount)
			}
		case err != nil:
			checkValueError(t, s, err)
			if count != 0 {
				t.Errorf("ParseCount(%q) = %d, but ParseID fails: %v", s, count, err)
			}
		case id != int64(count) || id < 1:
			t.Errorf("ParseID(%q) = %d, ParseCount = %d", s, id, count)
		}
	})
}
