package catalog

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/fuzzkit"
)

func TestSplitNameIsSensible(t *testing.T) {
	for _, test := range []struct{ in, first, last string }{
		{"", "", ""},
		{"Cher", "", "Cher"},
		{"Tom Holland", "Tom", "Holland"},
		{"Lars von Trier", "Lars", "von Trier"},
		{"Robert Downey Jr.", "Robert", "Downey Jr."},
		{"Robert Downey Jr", "Robert", "Downey Jr"},
		{"Sonny Jr.", "", "Sonny Jr."},
		{"Harry Connick Jr. III", "Harry", "Connick Jr. III"},
		{"Bong Joon-ho", "Bong", "Joon-ho"},
		{"Helena Bonham Carter", "Helena Bonham", "Carter"},
		{"Samuel L. Jackson", "Samuel L.", "Jackson"},
		{"Robert De Niro", "Robert", "De Niro"},
		{"robert de niro", "robert", "de niro"},
		{"ROBERT DE NIRO", "ROBERT", "DE NIRO"},
		{"Al Pacino", "Al", "Pacino"},
		{"Van Morrison", "Van", "Morrison"},
		{"Gus Van Sant", "Gus", "Van Sant"},
		{"Jean-Claude Van Damme", "Jean-Claude", "Van Damme"},
		{"Benicio Del Toro", "Benicio", "Del Toro"},
		{"Oscar De La Hoya", "Oscar", "De La Hoya"},
		{"Ana de la Reguera", "Ana", "de la Reguera"},
		{"Olivia de Havilland", "Olivia", "de Havilland"},
		{"Dick van Dyke Jr.", "Dick", "van Dyke Jr."},
		{"van Gogh", "", "van Gogh"},
		{"de la Cruz", "", "de la Cruz"},
		{"José Ortega y Gasset", "José", "Ortega y Gasset"},
		{"Jill St. John", "Jill", "St. John"},
		{"The Rock", "", "The Rock"},
		{`Dwayne "The Rock" Johnson`, `Dwayne "The Rock"`, "Johnson"},
		{"Chris Evans (II)", "Chris", "Evans (II)"},
		{"Henry V", "Henry", "V"},
		{"John Paul Smith V", "John Paul", "Smith V"},
		{"黒澤 明", "黒澤", "明"},
		{"黒澤　明", "黒澤", "明"},
		{"黒澤明", "", "黒澤明"},
		{"  Tom\u00a0 Holland ", "Tom", "Holland"},
		{"Holland, Tom", "Tom", "Holland"},
		{"Holland,Tom", "Tom", "Holland"},
		{"von Trier, Lars", "Lars", "von Trier"},
		{"Trier, Lars von", "Lars", "von Trier"},
		{"Beethoven, Ludwig van", "Ludwig", "van Beethoven"},
		{"Downey Jr., Robert", "Robert", "Downey Jr."},
		{"Downey, Robert, Jr.", "Robert", "Downey Jr."},
		{"Downey, Robert Jr.", "Robert", "Downey Jr."},
		{"Robert Downey, Jr.", "Robert", "Downey Jr."},
		{"King, Martin Luther, Jr.", "Martin Luther", "King Jr."},
		{"Downey, Jr.", "", "Downey Jr."},
		{"Bonham Carter, Helena", "Helena", "Bonham Carter"},
		{"Tom Holland,", "Tom", "Holland"},
		{", Tom", "", "Tom"},
		{",", "", ","},
		{"Tyler, the Creator", "Tyler, the", "Creator"},
		{"Tyler, The Creator", "Tyler, The", "Creator"},
		{"Earth, Wind, Fire", "Earth, Wind,", "Fire"},
	} {
		first, last := SplitName(test.in)
		if first != test.first || last != test.last {
			t.Errorf("SplitName(%q) = %q, %q, want %q, %q", test.in, first, last, test.first, test.last)
		}
	}
}

func TestJoinNameUsesWhatIsThere(t *testing.T) {
	for _, test := range []struct{ first, last, want string }{
		{"", "", ""},
		{"", "Cher", "Cher"},
		{"Tom", "", "Tom"},
		{"Tom", "Holland", "Tom Holland"},
	} {
		if got := JoinName(test.first, test.last); got != test.want {
			t.Errorf("JoinName(%q, %q) = %q, want %q", test.first, test.last, got, test.want)
		}
	}
}

// checkSplit checks what is true of the split of any name.
func checkSplit(t *testing.T, name string) {
	t.Helper()
	first, last := SplitName(name)
	joined := JoinName(first, last)
	collapsed := strings.Join(strings.Fields(name), " ")
	switch {
	case collapsed != "" && last == "":
		t.Errorf("SplitName(%q) = %q, %q: no last name", name, first, last)
	case !strings.Contains(name, ",") && joined != collapsed:
		t.Errorf("SplitName(%q) = %q, %q, which joins to %q", name, first, last, joined)
	case joined != strings.Join(strings.Fields(joined), " "):
		t.Errorf("SplitName(%q) = %q, %q, which has white space to spare", name, first, last)
	}
	if again := JoinName(SplitName(joined)); again != joined {
		t.Errorf("SplitName(%q) joins to %q, and that to %q", name, joined, again)
	}
}

func TestNamesOfRealPeoplePrintAsTheyCame(t *testing.T) {
	file, err := os.Open("../../../shared/data/netflix-titles/netflix_titles.csv")
	if err != nil {
		t.Skip(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		for name := range strings.SplitSeq(row[3]+","+row[4], ",") {
			checkSplit(t, strings.TrimSpace(name))
		}
	}
}

func FuzzSplitName(f *testing.F) {
	addTexts(f, "Lars von Trier", "Robert Downey Jr.", "Holland, Tom", "a, b, Jr", "The", "y y y", ", ,", "A, the B",
		"van der", "(a)", "黒澤　明", "\xff", "von, von", "Jr. Jr.", "V V V", "a\u00a0 b")
	share := fuzzkit.NewShare(f)
	f.Fuzz(func(t *testing.T, shape []byte, raw string) {
		share.Try(t)
		s := textOf(shape, raw, nameText)
		name, err := CleanLine(s)
		if err != nil {
			checkValueError(t, s, err)
			return
		}
		share.Accept()
		checkSplit(t, name)
	})
}
