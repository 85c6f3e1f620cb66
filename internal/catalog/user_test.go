package catalog

import (
	"errors"
	"testing"
)

func TestUsernameIsOneWordThatIsNoID(t *testing.T) {
	for _, good := range []string{"ann", "Ann_B", "42nd", "анна", "a.b-c", " ann "} {
		if got, err := ParseUsername(good); err != nil || got == "" {
			t.Errorf("ParseUsername(%q) = %q, %v", good, got, err)
		}
	}
	for _, bad := range []string{"", " ", "12", "ann b", "ann\u00a0b", "a\nb", "id:3", "name:x", "\x1b[31m"} {
		if got, err := ParseUsername(bad); !errors.Is(err, ErrInvalid) {
			t.Errorf("ParseUsername(%q) = %q, %v; want ErrInvalid", bad, got, err)
		}
	}
}

func TestEmailIsABareAddress(t *testing.T) {
	for _, good := range []string{"ann@example.org", "a.b+c@sub.example.org", "ann@localhost"} {
		if got, err := ParseEmail(good); err != nil || got != good {
			t.Errorf("ParseEmail(%q) = %q, %v", good, got, err)
		}
	}
	for _, bad := range []string{"", "ann", "ann@", "@example.org", "Ann <ann@example.org>", "a@b, c@d", "ann@example.org\r\nBcc: x@y.z"} {
		if got, err := ParseEmail(bad); !errors.Is(err, ErrInvalid) {
			t.Errorf("ParseEmail(%q) = %q, %v; want ErrInvalid", bad, got, err)
		}
	}
}
