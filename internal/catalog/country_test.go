package catalog

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
)

func TestCountryAliasesMeetInOneSet(t *testing.T) {
	for _, names := range [][]string{
		{"USA", "U.S.", "US", "U.S.A.", "u.s.a", "United States of America", "united states", "America", "The United States", "ＵＳＡ"},
		{"UK", "U.K.", "Great Britain", "GB", "GBR", "United Kingdom", "the UK"},
		{"South Korea", "Korea, Republic of", "Republic of Korea", "KR", "Korea (the Republic of)", "KOREA, SOUTH", "Korea - South"},
		{"North Korea", "Korea, Democratic People's Republic of", "Korea, Democratic People’s Republic of", "DPRK"},
		{"Russia", "Russian Federation", "RU", "rus"},
		{"Czechia", "Czech Republic", "CZ", "CZE"},
		{"Türkiye", "Turkey", "TURKIYE", "tr", "Tu\u0308rkiye"},
		{"Ivory Coast", "Côte d'Ivoire", "Côte d’Ivoire", "COTE D IVOIRE", "Cote D'Ivoire", "CI"},
		{"Burma", "Myanmar", "MM"},
		{"Holland", "Netherlands", "The Netherlands", "Netherlands (the)", "NL"},
		{"Vietnam", "Viet Nam", "Viet-Nam", "VN"},
		{"Iran", "Iran, Islamic Republic of", "Islamic Republic of Iran", "Iran (Islamic Republic of)", "IR"},
		{"Hong Kong", "Hongkong", "HK", "HKG"},
		{"Taiwan", "Taiwan, Province of China", "TW"},
		{"Macedonia", "North Macedonia", "Republic of North Macedonia", "MK", "F.Y.R.O.M."},
		{"Swaziland", "Eswatini", "SZ"},
		{"Cape Verde", "Cabo Verde", "CV"},
		{"UAE", "U.A.E.", "United Arab Emirates", "AE"},
		{"Democratic Republic of the Congo", "Democratic Republic of Congo", "DR Congo", "CD", "Congo (the Democratic Republic of the)"},
		{"Trinidad and Tobago", "Trinidad & Tobago", "Trinidad-Tobago", "TT"},
		{"Saint Lucia", "St. Lucia", "St Lucia", "LC"},
		{"Bosnia and Herzegovina", "Bosnia-Herzegovina", "Bosnia & Herzegovina", "BA"},
		{"Soviet Union", "USSR", "U.S.S.R.", "SU", "SUN", "Union of Soviet Socialist Republics"},
		{"Yugoslavia", "YU", "YUG"},
		{"Czechoslovakia", "CS", "CSK", "Czecho-Slovakia"},
		{"East Germany", "DD", "DDR", "German Democratic Republic", "GDR"},
		{"Serbia and Montenegro", "SCG", "Serbia & Montenegro"},
		{"Laos", "Lao People's Democratic Republic"},
		{"Vatican", "Holy See", "Vatican City", "VA"},
	} {
		want := sortedAliases(names[0])
		for _, name := range names {
			got := CountryAliases(name)
			if got[0] != Fold(name) {
				t.Errorf("CountryAliases(%q)[0] = %q, want %q", name, got[0], Fold(name))
			}
			for _, w := range want {
				if !slices.Contains(got, w) {
					t.Errorf("CountryAliases(%q) = %q has no %q", name, got, w)
				}
			}
		}
	}
}

func TestCountryAliasesKeepApartWhatIsNotSurelyTheSame(t *testing.T) {
	for _, name := range []string{
		"Korea", "Congo", "England", "Scotland", "Wales", "Northern Ireland", "Virgin Islands", "Saint Martin",
		"Saint", "The", "of", "the and", "", " ", "|", "||", "us|usa", "|us|", "N/A", "n.a", "Atlantis", "Wakanda",
		"Federal Republic of Yugoslavia", "Republic of China", "Germany, Austria", "US/UK", "USA, UK", "日本", "É",
	} {
		if got := CountryAliases(name); len(got) != 1 || got[0] != Fold(name) {
			t.Errorf("CountryAliases(%q) = %q, want only its fold", name, got)
		}
	}
	apart := []string{
		"Germany", "East Germany", "West Germany", "Russia", "Soviet Union", "Ukraine", "Serbia", "Yugoslavia",
		"Serbia and Montenegro", "Montenegro", "Croatia", "Czechia", "Slovakia", "Czechoslovakia", "Netherlands",
		"Netherlands Antilles", "South Korea", "North Korea", "China", "Taiwan", "Hong Kong", "Macao", "Ireland",
		"United Kingdom", "England", "Samoa", "American Samoa", "Guinea", "Guinea-Bissau", "Equatorial Guinea",
		"Papua New Guinea", "Dominica", "Dominican Republic", "Niger", "Nigeria", "Sudan", "South Sudan", "Vietnam",
		"North Vietnam", "Yemen", "South Yemen", "DR Congo", "Republic of the Congo", "Congo", "Zaire", "Kosovo",
		"Burkina Faso", "Upper Volta", "Zimbabwe", "Rhodesia", "Benin", "Dahomey", "Iran", "Iraq", "Mali", "Malta",
	}
	for i, a := range apart {
		for _, b := range apart[i+1:] {
			if got := CountryAliases(a); slices.Contains(got, Fold(b)) {
				t.Errorf("CountryAliases(%q) = %q holds %q", a, got, b)
			}
		}
	}
}

func TestCountryTableIsFoldedAndWithoutRepeats(t *testing.T) {
	seen := map[string]string{}
	loose := map[string]int{}
	lines := strings.Split(strings.Trim(countryTable, "\n"), "\n")
	for n, line := range lines {
		if !strings.HasPrefix(line, "|") || !strings.HasSuffix(line, "|") {
			t.Errorf("line %q does not begin and end with |", line)
		}
		for alias := range strings.SplitSeq(strings.Trim(line, "|"), "|") {
			if alias == "" || Fold(alias) != alias || !printableASCII(alias) {
				t.Errorf("alias %q is not folded ASCII", alias)
			}
			if other, ok := seen[alias]; ok {
				t.Errorf("alias %q stands in %q and %q", alias, other, line)
			}
			seen[alias] = line
			key := string(appendLoose(nil, alias))
			if other, ok := loose[key]; ok && other != n && len(key) > 3 {
				t.Errorf("alias %q of %q is also loosely in %q", alias, line, lines[other])
			}
			loose[key] = n
		}
	}
	for _, ambiguous := range []string{"congo", "korea", "virginislands"} {
		if _, ok := loose[ambiguous]; ok {
			t.Errorf("%q is in the table", ambiguous)
		}
	}
	if want := 249 + 1 + 13; len(lines) != want {
		t.Errorf("%d lines, want %d", len(lines), want)
	}
}

// isoCountry is an entry of the iso-codes package of Debian.
type isoCountry struct {
	Alpha2   string `json:"alpha_2"`
	Alpha3   string `json:"alpha_3"`
	Name     string `json:"name"`
	Common   string `json:"common_name"`
	Official string `json:"official_name"`
}

func TestEveryISOCountryIsKnownByCodesAndNames(t *testing.T) {
	data, err := os.ReadFile("../../../shared/data/iso-countries/iso_3166-1.json")
	if err != nil {
		t.Skip(err)
	}
	var file struct {
		Countries []isoCountry `json:"3166-1"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Countries) != 249 {
		t.Fatalf("%d countries, want 249", len(file.Countries))
	}
	owner := map[string]string{}
	for _, c := range file.Countries {
		want := sortedAliases(c.Alpha2)
		if len(want) < 3 {
			t.Errorf("%s is not known", c.Alpha2)
		}
		for _, alias := range want {
			if other, ok := owner[alias]; ok {
				t.Errorf("%q is %s and %s", alias, other, c.Alpha2)
			}
			owner[alias] = c.Alpha2
		}
		for _, name := range []string{c.Alpha3, c.Name, c.Common, c.Official} {
			if name == "" || name == "Congo" { // two countries bear it
				continue
			}
			for _, form := range []string{name, strings.ToUpper(name), strings.ToLower(name)} {
				if got := sortedAliases(form); !slices.Equal(got, want) {
					t.Errorf("%s: CountryAliases(%q) = %q, want %q", c.Alpha2, form, got, want)
				}
			}
		}
	}
}

// sortedAliases returns the aliases of a name in an order that does not depend
// on which of them it is.
func sortedAliases(name string) []string {
	aliases := CountryAliases(name)
	slices.Sort(aliases)
	return aliases
}

func FuzzCountryAliases(f *testing.F) {
	for _, s := range []string{"USA", "u. s.", "Côte d’Ivoire", "the", "|us|", "N/A", "Korea", "\xff", "saint", "日本"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got := CountryAliases(name)
		if got[0] != Fold(name) {
			t.Errorf("CountryAliases(%q)[0] = %q, want %q", name, got[0], Fold(name))
		}
		for _, alias := range got[1:] {
			back := CountryAliases(alias)
			if alias == got[0] || len(back) != strings.Count(countryLine(alias), "|")+1 {
				t.Errorf("CountryAliases(%q) = %q, which %q does not know", name, got, alias)
			}
		}
	})
}

func BenchmarkCountryAliases(b *testing.B) {
	for _, name := range []string{"USA", "zimbabwe", "Korea (Rep. of)", "Great  Britain!", "Middle-earth"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				CountryAliases(name)
			}
		})
	}
}
