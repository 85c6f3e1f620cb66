package store_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
)

// TestWhatIsWrittenIsRead writes each kind of record with all its values, then
// with none that may be absent.
func TestWhatIsWrittenIsRead(t *testing.T) {
	o, _ := catalogOf(t)
	ctx := t.Context()
	zero := 0.0
	for _, full := range []bool{true, false} {
		movie := catalog.Movie{Title: "Ran"}
		person := catalog.Person{LastName: "Mifune"}
		part := catalog.Character{Movie: catalog.Titled{ID: 1, Title: "Cléo from 5 to 7", Year: 1962}}
		genre := catalog.Genre{Name: "Jidaigeki"}
		user := catalog.User{Username: "aki"}
		file := catalog.File{URL: "https://c.example"}
		if full {
			movie = catalog.Movie{Title: "Ran", Description: "two\nlines", Budget: &zero, ReleaseDate: "1985-06-01", Duration: 162, Country: catalog.Named{ID: 2, Name: "Japan"},
				Director: catalog.Named{ID: 2, Name: "Chishū Ryū"}, Poster: catalog.File{ID: 1, Name: "a.jpg", Key: "aa/aa.jpg"}}
			person = catalog.Person{FirstName: "Toshirō", LastName: "Mifune", Biography: "actor", DateOfBirth: "1920-04", Gender: "male", Country: catalog.Named{ID: 2, Name: "Japan"}}
			part = catalog.Character{Name: "Antoine", Description: "soldier", Role: "lead", Movie: catalog.Titled{ID: 1, Title: "Cléo from 5 to 7", Year: 1962}, Actor: catalog.Named{ID: 2, Name: "Chishū Ryū"}}
			genre.Notes = "swords"
			user = catalog.User{Username: "aki", FirstName: "Aki", LastName: "K", Email: "aki@x", HasPassword: true, Avatar: catalog.File{ID: 2, Name: "b.png", Key: "bb/bb.png"}}
			file = catalog.File{Name: "c.png", MIME: "image/png", Key: "cc/cc.png", URL: "https://c.example"}
		}
		dry(t, o, func(tx *store.Tx) error {
			movies, persons, parts, genres := []catalog.Movie{movie}, []catalog.Person{person}, []catalog.Character{part}, []catalog.Genre{genre}
			countries, files := []catalog.Country{{Name: "Brazil"}}, []catalog.File{file}
			hash := ""
			if full {
				hash = "$argon2id$x"
			}
			userID, err := tx.InsertUser(ctx, user, hash)
			photoID, photoErr := tx.InsertPhoto(ctx, 1, 2, full)
			err = errors.Join(err, photoErr, tx.InsertMovies(ctx, movies), tx.InsertPersons(ctx, persons), tx.InsertCharacters(ctx, parts),
				tx.InsertGenres(ctx, genres), tx.InsertCountries(ctx, countries), tx.InsertFiles(ctx, files))
			if err != nil {
				return err
			}
			check := func(got any, err error, want any) {
				t.Helper()
				g := reflect.ValueOf(got).Index(0)
				stamps := g.FieldByName("CreatedAt").String() + g.FieldByName("UpdatedAt").String()
				g.FieldByName("CreatedAt").SetString("")
				g.FieldByName("UpdatedAt").SetString("")
				if id := g.FieldByName("ID").Int(); err != nil || id != 3 || len(stamps) != 40 || !reflect.DeepEqual(g.Interface(), want) {
					t.Errorf("got  %+v, %v, made and changed %q\nwant %+v with id 3", g.Interface(), err, stamps, want)
				}
			}
			movie.ID, person.ID, part.ID, genre.ID, user.ID, file.ID = 3, 3, 3, 3, 3, 3
			if movies[0].ID != 3 || persons[0].ID != 3 || parts[0].ID != 3 || genres[0].ID != 3 || countries[0].ID != 3 || files[0].ID != 3 || userID != 3 || photoID != 3 {
				t.Error("the ids are not those that were given")
			}
			all := func() {
				t.Helper()
				gotMovies, err := tx.MoviesByID(ctx, 3)
				check(gotMovies, err, movie)
				gotPersons, err := tx.PersonsByID(ctx, 3)
				check(gotPersons, err, person)
				gotParts, err := tx.CharactersByID(ctx, 3)
				check(gotParts, err, part)
				gotGenres, err := tx.GenresByID(ctx, 3)
				check(gotGenres, err, genre)
				gotUsers, err := tx.UsersByID(ctx, 3)
				check(gotUsers, err, user)
				gotFiles, err := tx.FilesByID(ctx, 3)
				check(gotFiles, err, file)
				gotCountries, err := tx.CountriesByID(ctx, 3)
				check(gotCountries, err, catalog.Country{ID: 3, Name: countries[0].Name})
				gotPhotos, err := tx.PhotosByID(ctx, 3)
				check(gotPhotos, err, catalog.Photo{ID: 3, Person: catalog.Named{ID: 1, Name: "Agnès Varda"}, File: catalog.File{ID: 2, Name: "b.png", Key: "bb/bb.png"}, Primary: full})
			}
			all()
			if got, err := tx.PasswordHash(ctx, 3); err != nil || got != hash {
				t.Errorf("hash %q, %v", got, err)
			}
			// And once more after each was changed.
			wasMovie, wasPerson, wasPart, wasUser := movie, person, part, user
			movie.Title, person.LastName, part.Role, genre.Name, user.Username, countries[0].Name = "Ikiru", "Shimura", "cameo", "Drama II", "akira", "Brasil"
			movie.Budget = nil
			err = errors.Join(tx.UpdateMovie(ctx, wasMovie, movie), tx.UpdatePerson(ctx, wasPerson, person), tx.UpdateCharacter(ctx, wasPart, part), tx.UpdateGenre(ctx, genre),
				tx.UpdateUser(ctx, wasUser, user), tx.UpdateCountry(ctx, countries[0]))
			if err != nil {
				return err
			}
			all()
			return nil
		})
	}
}

func TestRecordsComeInTheOrderOfTheirIds(t *testing.T) {
	o, _ := catalogOf(t)
	view(t, o, func(tx *store.Tx) error {
		got, err := tx.MoviesByID(t.Context(), 2, 1, 2)
		if err != nil || got[0].ID != 2 || got[1].ID != 1 || got[2].ID != 2 {
			t.Errorf("%+v, %v", got, err)
		}
		return nil
	})
}

// TestADanglingReferenceReadsAsNone: somebody deleted by hand what others refer
// to, without foreign keys.
func TestADanglingReferenceReadsAsNone(t *testing.T) {
	o, db := catalogOf(t, "foreign_keys(0)")
	mustExec(t, db, `DELETE FROM persons; DELETE FROM countries; DELETE FROM files; DELETE FROM genres; DELETE FROM movies WHERE id = 2; DELETE FROM users`)
	ctx := t.Context()
	view(t, o, func(tx *store.Tx) error {
		for _, m := range collect(t, tx.Movies(ctx, catalog.MovieFilter{})) {
			if m.Country.ID != 0 || m.Director.ID != 0 || m.Poster.ID != 0 || len(m.Genres) != 0 {
				t.Errorf("%+v", m)
			}
		}
		parts := collect(t, tx.Characters(ctx, catalog.CharacterFilter{}))
		if len(parts) != 2 || parts[0].Actor.ID != 0 || parts[0].Movie.ID != 1 || parts[1].Movie.ID != 0 {
			t.Errorf("%+v", parts)
		}
		for _, p := range collect(t, tx.Photos(ctx, catalog.PhotoFilter{})) {
			if p.Person.ID != 0 || p.File.ID != 0 {
				t.Errorf("%+v", p)
			}
		}
		for _, n := range nouns() {
			for _, sort := range n.orders(t, tx) {
				if _, err := n.list(t, tx, catalog.Page{Sort: sort}); err != nil {
					t.Errorf("%s by %v: %v", n.kind, sort, err)
				}
			}
		}
		if _, err := resolve(t, tx, "character", "cleo"); err != nil {
			t.Error(err)
		}
		return nil
	})
}

func TestLinksDoneTwiceAreDoneOnce(t *testing.T) {
	o, _ := catalogOf(t)
	ctx := t.Context()
	dry(t, o, func(tx *store.Tx) error {
		count := func(what string, want int64, run func() (int64, error)) {
			t.Helper()
			if got, err := run(); err != nil || got != want {
				t.Errorf("%s: %d, %v; want %d", what, got, err, want)
			}
		}
		links := []store.Link{{Movie: 1, Genre: 1}, {Movie: 1, Genre: 2}, {Movie: 2, Genre: 1}}
		count("link", 2, func() (int64, error) { return tx.LinkGenres(ctx, links) })
		count("link again", 0, func() (int64, error) { return tx.LinkGenres(ctx, links) })
		count("unlink", 2, func() (int64, error) { return tx.UnlinkGenre(ctx, 1, []int64{1, 2, 99}) })
		count("unlink again", 0, func() (int64, error) { return tx.UnlinkGenre(ctx, 1, []int64{1, 2, 99}) })
		count("favor", 1, func() (int64, error) { return tx.AddFavorites(ctx, 1, []int64{1, 2}) })
		count("favor again", 0, func() (int64, error) { return tx.AddFavorites(ctx, 1, []int64{1, 2}) })
		count("forget", 2, func() (int64, error) { return tx.RemoveFavorites(ctx, 1, []int64{1, 2}) })
		count("forget again", 0, func() (int64, error) { return tx.RemoveFavorites(ctx, 1, []int64{1, 2}) })
		if err := tx.SetGenres(ctx, 1, []int64{2, 1}); err != nil {
			return err
		}
		got, err := tx.MoviesByID(ctx, 1)
		if want := []catalog.Named{{ID: 1, Name: "Drama"}, {ID: 2, Name: "Comedy"}}; err != nil || !slices.Equal(got[0].Genres, want) {
			t.Errorf("%+v, %v", got, err)
		}
		return tx.SetGenres(ctx, 1, nil)
	})
}

func TestPhotosOfAPerson(t *testing.T) {
	o, db := catalogOf(t)
	mustExec(t, db, `INSERT INTO photos (id, person_id, file_id) VALUES (3, 1, 2)`)
	ctx := t.Context()
	dry(t, o, func(tx *store.Tx) error {
		primary := func(want int64) {
			t.Helper()
			got, err := tx.PersonsByID(ctx, 1)
			if err != nil || got[0].PrimaryPhoto.ID != want {
				t.Errorf("%+v, %v; want file %d", got[0].PrimaryPhoto, err, want)
			}
		}
		primary(1)
		if err := tx.SetPrimaryPhoto(ctx, 3); err != nil {
			return err
		}
		primary(2)
		for file, want := range map[int64]int64{1: 1, 2: 3, 99: 0} {
			if got, err := tx.PhotoOf(ctx, 1, file); err != nil || got != want {
				t.Errorf("photo with file %d: %d, %v; want %d", file, got, err, want)
			}
		}
		if err := tx.DeletePhotos(ctx, []int64{3}); err != nil {
			return err
		}
		primary(0)
		if n, err := tx.CountPhotosOf(ctx, 1); err != nil || n != 1 {
			t.Errorf("%d photos, %v", n, err)
		}
		return nil
	})
}

func TestAFileIsFoundByItsKeyOrItsURL(t *testing.T) {
	o, db := catalogOf(t)
	mustExec(t, db, `INSERT INTO files (id, url) VALUES (3, 'https://a.example'), (4, 'https://a.example')`)
	view(t, o, func(tx *store.Tx) error {
		for _, tc := range []struct {
			key, url string
			want     int64
		}{{"aa/aa.jpg", "", 1}, {"aa/aa.jpg", "https://b.example", 1}, {"no", "", 0}, {"", "https://a.example", 3}, {"", "https://c.example", 0}} {
			if got, err := tx.FileByKey(t.Context(), tc.key, tc.url); err != nil || got != tc.want {
				t.Errorf("%q %q: %d, %v; want %d", tc.key, tc.url, got, err, tc.want)
			}
		}
		for key, want := range map[string]bool{"aa/aa.jpg": true, "no": false} {
			if got, err := tx.HasFileKey(t.Context(), key); err != nil || got != want {
				t.Errorf("%q: %v, %v", key, got, err)
			}
		}
		return nil
	})
}

// TestWhoRefersToARecord: a conflict lists up to ten, and --detach lets all go.
func TestWhoRefersToARecord(t *testing.T) {
	o, _ := catalogOf(t)
	ctx := t.Context()
	update(t, o, func(tx *store.Tx) error {
		movies := make([]catalog.Movie, 12)
		for i := range movies {
			movies[i] = catalog.Movie{Title: sprint("Film %d", i), Country: catalog.Named{ID: 1}, Director: catalog.Named{ID: 1}}
		}
		return tx.InsertMovies(ctx, movies)
	})
	remove := map[catalog.Kind]func(*store.Tx, []int64) error{
		"country": func(tx *store.Tx, ids []int64) error { return tx.DeleteCountries(ctx, ids) },
		"person":  func(tx *store.Tx, ids []int64) error { return tx.DeletePersons(ctx, ids) },
		"file":    func(tx *store.Tx, ids []int64) error { return tx.DeleteFiles(ctx, ids) },
	}
	for kind, want := range map[catalog.Kind]string{
		"country": "country 1 (label 1) is still in use by 14 other records; --detach empties those references:\n  movie 1  Cléo from 5 to 7 (1962) (country)",
		"person":  "person 1 (label 1) is still in use by 14 other records; --detach empties those references:\n  movie 1  Cléo from 5 to 7 (1962) (director)",
		"file":    "file 1 (label 1) is still in use by 3 other records; --detach empties those references:\n  movie 1  Cléo from 5 to 7 (1962) (poster)\n  user 1  anna (avatar)\n  photo 1  Agnès Varda (picture)",
	} {
		dry(t, o, func(tx *store.Tx) error {
			err := tx.CheckUnused(ctx, kind, []int64{99, 1, 2}, func(id int64) string { return sprint("label %d", id) })
			var used *catalog.InUseError
			if !errors.As(err, &used) || !strings.HasPrefix(err.Error(), want) || len(used.Referrers) != min(10, used.Total) {
				t.Errorf("%s: %v", kind, err)
			}
			if err := tx.Detach(ctx, kind, []int64{1, 2}); err != nil {
				return err
			}
			if err := tx.CheckUnused(ctx, kind, []int64{1, 2}, func(int64) string { return "" }); err != nil {
				t.Errorf("%s after detaching: %v", kind, err)
			}
			return remove[kind](tx, []int64{1, 2})
		})
	}
	for _, kind := range []catalog.Kind{"movie", "genre", "user", "character", "photo"} {
		view(t, o, func(tx *store.Tx) error {
			return tx.CheckUnused(ctx, kind, []int64{1}, func(int64) string { return "" })
		})
	}
}

func TestWhatADeletionTakesAlong(t *testing.T) {
	o, _ := catalogOf(t)
	view(t, o, func(tx *store.Tx) error {
		for kind, want := range map[catalog.Kind]string{
			"movie": "[1 character 1 genre link 1 favorite] []", "person": "[1 photo] [1 movie as director 1 character as actor]",
			"genre": "[1 link to a movie] []", "country": "[] [1 movie as country 1 person as country]", "user": "[1 favorite] []",
		} {
			owned, referring, err := tx.Uses(t.Context(), kind, []int64{1, 99})
			if got := sprint("%v %v", owned[1], referring[1]); err != nil || got != want || len(owned[99])+len(referring[99]) != 0 {
				t.Errorf("%s: %s, %v; want %s", kind, got, err, want)
			}
		}
		return nil
	})
}

func TestTheSameRecord(t *testing.T) {
	o, db := catalogOf(t)
	mustExec(t, db, `INSERT INTO movies (id, title) VALUES (3, 'LATE SPRING'); INSERT INTO characters (id, movie_id) VALUES (3, 1), (4, 1)`)
	ctx := t.Context()
	view(t, o, func(tx *store.Tx) error {
		for _, tc := range []struct {
			title string
			year  int
			want  int64
		}{{"late  spring", 1949, 2}, {"Late Spring", 0, 3}, {"Late Spring", 1950, 0}} {
			got, err := tx.SameMovies(ctx, tc.title, tc.year)
			if err != nil || len(got) > 1 || (len(got) == 1) != (tc.want != 0) || len(got) == 1 && got[0].ID != tc.want {
				t.Errorf("%s %d: %+v, %v", tc.title, tc.year, got, err)
			}
		}
		persons, err := tx.SamePersons(ctx, "AGNES VARDA")
		if want := []catalog.Candidate{{ID: 1, Name: "Agnès Varda", Year: 1928, Detail: "1928-05-30"}}; err != nil || !slices.Equal(persons, want) {
			t.Errorf("%+v, %v", persons, err)
		}
		for want, c := range map[int64]catalog.Character{
			1: {Name: "Cléo", Movie: catalog.Titled{ID: 1}, Actor: catalog.Named{ID: 1}},
			4: {ID: 3, Movie: catalog.Titled{ID: 1}}, // nameless and without an actor, both
			0: {Name: "Cléo", Movie: catalog.Titled{ID: 1}},
		} {
			if got, err := tx.SameCharacter(ctx, c); err != nil || got != want {
				t.Errorf("%+v: %d, %v; want %d", c, got, err, want)
			}
		}
		return nil
	})
}

// TestWhatAnImportKnows: keys in, records out, whatever their number.
func TestWhatAnImportKnows(t *testing.T) {
	o, _ := catalogOf(t)
	update(t, o, nil)
	ctx := t.Context()
	view(t, o, func(tx *store.Tx) error {
		keys := make([]string, 1100)
		for i := range keys {
			keys[i] = sprint("no %d", i)
		}
		keys[0], keys[1099] = "late spring", "cleo from 5 to 7"
		movies, err := tx.MoviesByKey(ctx, keys)
		slices.SortFunc(movies, func(a, b store.KnownMovie) int { return int(a.ID - b.ID) })
		want := []store.KnownMovie{{"cleo from 5 to 7", 1962, 1, 1, "agnes varda"}, {"late spring", 1949, 2, 2, "chishu ryu"}}
		if err != nil || !slices.Equal(movies, want) {
			t.Errorf("%+v, %v", movies, err)
		}
		persons, err := tx.PersonsByKey(ctx, []string{"chishu ryu", "x"})
		if want := []store.KnownPerson{{"chishu ryu", 2, "Chishū Ryū", 1904}}; err != nil || !slices.Equal(persons, want) {
			t.Errorf("%+v, %v", persons, err)
		}
		same(t, "genres", []string{sprint("%v", collect(t, tx.GenreKeys(ctx)))}, []string{"[{drama 1} {comedy 2}]"})
		same(t, "countries", []string{sprint("%v", collect(t, tx.CountryKeys(ctx)))}, []string{"[{france 1} {japan 2}]"})
		if id, err := tx.LastID(ctx, catalog.KindMovie); err != nil || id != 2 {
			t.Errorf("last id %d, %v", id, err)
		}
		return nil
	})
}
