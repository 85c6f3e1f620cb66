package password_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/password"
)

// small keeps tests quick.
func small() password.Params { return password.Params{Memory: 64, Time: 1, Threads: 1} }

func TestHashIsAPHCStringThatVerifies(t *testing.T) {
	secrets := []string{"correct horse", "  leading and trailing  ", "пароль🔑", strings.Repeat("x", password.Most), "with\x00nul"}
	shape := regexp.MustCompile(`^\$argon2id\$v=19\$m=64,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$`)
	for _, s := range secrets {
		phc, err := password.Hash([]byte(s), small())
		if err != nil || !shape.MatchString(phc) {
			t.Fatalf("Hash(%q) = %q, %v", s, phc, err)
		}
		again, _ := password.Hash([]byte(s), small())
		if again == phc {
			t.Errorf("two hashes of %q are the same: no salt", s)
		}
		if ok, weak, err := password.Verify([]byte(s), phc, small()); !ok || weak || err != nil {
			t.Errorf("Verify(%q) = %v, %v, %v", s, ok, weak, err)
		}
		for _, wrong := range []string{s + " ", strings.TrimSpace(s) + "x", "", s[:len(s)-1]} {
			if ok, _, _ := password.Verify([]byte(wrong), phc, small()); ok {
				t.Errorf("Verify(%q) against the hash of %q is true", wrong, s)
			}
		}
	}
}

func TestDefaultIsNotBelowOWASP(t *testing.T) {
	if p := password.Default(); p.Memory < 19*1024 || p.Time < 2 || p.Threads < 1 {
		t.Errorf("Default() = %+v", p)
	}
}

func TestRaisedParametersMakeAHashWeak(t *testing.T) {
	phc, err := password.Hash([]byte("secret"), small())
	if err != nil {
		t.Fatal(err)
	}
	for _, more := range []password.Params{{Memory: 65, Time: 1, Threads: 1}, {Memory: 64, Time: 2, Threads: 1}} {
		if ok, weak, err := password.Verify([]byte("secret"), phc, more); !ok || !weak || err != nil {
			t.Errorf("Verify against %+v = %v, weak %v, %v", more, ok, weak, err)
		}
	}
}

func TestStringsThatAreNoHashAreRefused(t *testing.T) {
	good, err := password.Hash([]byte("secret"), small())
	if err != nil {
		t.Fatal(err)
	}
	bad := []string{"", "secret", "$argon2id$", strings.Replace(good, "argon2id", "argon2i", 1), strings.Replace(good, "v=19", "v=16", 1),
		strings.Replace(good, "m=64", "m=4294967295", 1), strings.Replace(good, "m=64", "m=0", 1), strings.Replace(good, "t=1", "t=0", 1),
		strings.Replace(good, "t=1", "t=999999", 1), strings.Replace(good, "p=1", "p=0", 1), strings.Replace(good, "p=1", "p=300", 1),
		strings.Replace(good, "p=1", "p=1x", 1), good + "$", good[:len(good)-30], good + "="}
	for _, phc := range bad {
		if ok, _, err := password.Verify([]byte("secret"), phc, small()); ok || !errors.Is(err, password.ErrFormat) {
			t.Errorf("Verify(%q) = %v, %v; want ErrFormat", phc, ok, err)
		}
	}
}

func TestLineIsTheFirstLineAsItIs(t *testing.T) {
	for in, want := range map[string]string{"a\nb": "a", "a\r\n": "a", " a ": " a ", "": "", "\n": ""} {
		if got := string(password.Line([]byte(in))); got != want {
			t.Errorf("Line(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzVerify(f *testing.F) {
	f.Add("$argon2id$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, phc string) {
		if strings.Contains(phc, "m=") && len(phc) > 40 && !strings.Contains(phc, "m=64,t=1,") {
			return // the cost of a real one is not what is looked for
		}
		if ok, _, _ := password.Verify([]byte("no such password"), phc, password.Params{Memory: 64, Time: 1, Threads: 1}); ok {
			t.Errorf("%q verifies", phc)
		}
	})
}
