package cmd

import (
	"strings"

	"github.com/moviedb/moviedb/internal/bulk"
	"github.com/moviedb/moviedb/internal/csvio"
)

// importKinds are the kinds of files, in the order in which one imports them.
func importKinds() []importKind { return append(largeImportKinds(), smallImportKinds()...) }

// largeImportKinds are those of films, people and parts.
func largeImportKinds() []importKind {
	return []importKind{
		of(csvio.Movies(), bulk.Movies, importKind{
			short: "Read movies", dates: true, creates: true, updates: true, favorite: true,
			long: `Read movies with their countries, directors, genres and casts.

Genres are separated by | or ; or commas. A cast is "Actor as Character; Actor as
Character". People, genres and countries that are not there yet are made. Where
no column has the year it is taken from behind the title: Toy Story (1995).

A movie whose title and year are there already is skipped, or updated with
--on-conflict update. Where the file has ids of its own (id, tconst, movieId …),
two ids are two movies, whatever their titles.`,
			example: `  moviedb import movies testdata/sample/movies.csv
  moviedb import movies testdata/sample/movies.csv --dry-run --json
  moviedb import movies - --map 'Name=title,Year=year' < testdata/csv/letterboxd.csv
  moviedb import movies --template`,
		}),
		of(csvio.Persons(), bulk.Persons, importKind{
			short: "Read people", dates: true, creates: true, updates: true,
			long: `Read people. A name is in first_name and last_name, or whole in name.

A person whose name is there already is skipped, or updated with --on-conflict
update; another date of birth makes the row a bad one, unless the file tells its
people apart by ids.`,
			example: `  moviedb import persons testdata/csv/persons.csv
  moviedb import persons testdata/csv/persons.csv --on-conflict update`,
		}),
		of(csvio.Characters(), bulk.Characters, importKind{
			short: "Read the parts of films", dates: true, creates: true, updates: true,
			long: `Read who plays whom in which film. A film is named by title and year, an actor
by name; both are made if they are not there yet. The part is one that is there
if film, actor and the character's name are the same.`,
			example: `  moviedb import characters testdata/csv/characters.csv
  moviedb import characters testdata/csv/characters.csv --no-create --keep-going --dry-run`,
		}),
	}
}

// smallImportKinds are those of what there are few of, and of links.
func smallImportKinds() []importKind {
	return []importKind{
		of(csvio.Genres(), bulk.Genres, importKind{
			short: "Read genres", updates: true,
			long:    `Read genres with their notes.`,
			example: `  moviedb import genres testdata/csv/genres.csv`,
		}),
		of(csvio.Countries(), bulk.Countries, importKind{
			short: "Read countries", updates: true,
			long:    `Read countries. USA, U.S. and United States are one country.`,
			example: `  moviedb import countries testdata/csv/countries.csv`,
		}),
		of(csvio.Users(), bulk.Users, importKind{
			short: "Read users", updates: true,
			long:    `Read users. Their passwords are set with user passwd.`,
			example: `  moviedb import users testdata/csv/users.csv`,
		}),
		of(csvio.Favorites(), bulk.Favorites, importKind{
			short: "Read favorites", dates: true, creates: true,
			long: `Read which user keeps which film. Users and films that are not there yet are
made.`,
			example: `  moviedb import favorites testdata/csv/favorites.csv`,
		}),
		of(csvio.Photos(), bulk.Photos, importKind{
			short: "Read photos", creates: true, updates: true, pictures: true,
			long: `Read photos of people. Paths go from the folder of the file; the pictures are
copied into the managed directory. People who are not there yet are made. The
first photo of a person is the primary one, unless another row says so.`,
			example: `  moviedb import photos testdata/csv/photos.csv`,
		}),
	}
}

// wrapped breaks a text into lines that fit a terminal.
func wrapped(s string) string {
	const width = 80
	var b strings.Builder
	at := len("The columns are ")
	for i, word := range strings.Fields(s) {
		switch {
		case i > 0 && at+1+len(word) >= width:
			b.WriteString("\n")
			at = 0
		case i > 0:
			b.WriteString(" ")
			at++
		}
		b.WriteString(word)
		at += len(word)
	}
	return b.String()
}
