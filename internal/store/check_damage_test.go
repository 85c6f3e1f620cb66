package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
)

// brokenIndexes are word indexes and indexes of SQLite that are damaged inside.
func brokenIndexes() []damage {
	return []damage{
		{name: "part of words dropped", script: `DROP TABLE movie_words_data`, found: []string{"derived_wrong movie_words 0: the word index is damaged"}, quick: true},
		{name: "settings of words dropped", script: `DROP TABLE person_words_config`, found: []string{"derived_wrong person_words 0: the word index is damaged"}, quick: true},
		{name: "version of words", script: `UPDATE person_words_config SET v = 99`, found: []string{"derived_wrong person_words 0: the word index is damaged"}, quick: true},
		{name: "words garbled", script: `UPDATE movie_words_data SET block = randomblob(length(block)) WHERE id > 10`,
			found: []string{"derived_wrong movie_words 0: the word index is damaged"}, quick: true},
		{name: "words cut", script: `DELETE FROM movie_texts_data WHERE id > 10`, found: []string{"derived_wrong movie_texts 0: "}, quick: true},
		{name: "index without rows", script: `DROP INDEX movies_director; CREATE INDEX movies_director ON movies (director_id) WHERE director_id < 0;
			UPDATE sqlite_schema SET sql = 'CREATE INDEX movies_director ON movies (director_id)' WHERE name = 'movies_director'`,
			found: []string{"index_wrong movies 0: the index movies_director does not have the rows of its table"}, quick: true},
	}
}

// Values that the rules of today refuse are named with their rows, and stay.
func TestCheckNamesRefusedValues(t *testing.T) {
	o := checkable(t)
	byHand(t, o, `
		UPDATE movies SET title = 'two' || char(10) || 'lines' WHERE id = 1;
		UPDATE movies SET description = char(27) || '[31m' WHERE id = 2;
		UPDATE movies SET budget = -1, duration = 0, release_date = '1972-02-30' WHERE id = 3;
		UPDATE persons SET first_name = ' Akira', date_of_birth = '1799' WHERE id = 1;
		UPDATE persons SET last_name = 'Mifune' || char(769), gender = '' WHERE id = 3;
		UPDATE genres SET name = char(160) WHERE id = 1;
		UPDATE users SET username = '12', email = 'nobody' WHERE id = 1;
		UPDATE files SET url = 'ftp://f.example' WHERE id = 1;
		UPDATE characters SET "createdAt" = 'now' WHERE id = 1;
		INSERT INTO countries (id, name) VALUES (-4, 'Nowhere'), (7, 'UNITED  states'), (8, 'jäpan')`)
	before := written(t, o)
	want := []string{
		"value_refused files 1: url: \"ftp://f.example\" is not an http", "value_refused countries -4: id: -4 is no id",
		"value_refused genres 1: name: it is blank", "value_refused users 1: username: \"12\" is not a username", "value_refused users 1: email: \"nobody\"",
		"value_refused persons 1: first_name: \" Akira\" has white space", "value_refused persons 1: date_of_birth: \"1799\"",
		"value_refused persons 3: last_name: ", "value_refused persons 3: gender: it is blank",
		"value_refused movies 1: title: \"two\\nlines\" has more than one line", "value_refused movies 2: description: \"\\x1b[31m\" has a control",
		"value_refused movies 3: budget: ", "value_refused movies 3: release_date: \"1972-02-30\"", "value_refused movies 3: duration: ",
		"value_refused characters 1: created_at: \"now\" is not a time",
		"duplicate_name countries 7: the name is that of country 2", "duplicate_name countries 8: the name is that of country 1",
	}
	for _, fix := range []bool{false, true} {
		update(t, o, nil) // brings the keys up to date
		got := inspect(t, o, store.CheckOptions{Fix: fix})
		(&damage{name: "values"}).check(t, fmt.Sprint("fix ", fix), got, want)
		same(t, "after", written(t, o), before)
	}
}

// A rule of the caller is heeded instead of the column's own.
func TestCheckHeedsRulesOfTheCaller(t *testing.T) {
	o := checkable(t)
	rules := map[string]func(string) error{"email": func(s string) error { return catalog.Invalidf("no %s", s) }}
	same(t, "found", inspect(t, o, store.CheckOptions{Rules: rules}), []string{"value_refused users 1: email: no ann@example.org"})
}

// Somebody's change that waits for the next command is nothing wrong.
func TestCheckKnowsOfChangesByHand(t *testing.T) {
	o := checkable(t)
	byHand(t, o, `UPDATE movies SET title = 'Rashomon', description = NULL WHERE id = 1; DELETE FROM movies WHERE id = 3; INSERT INTO movies (title) VALUES ('Ran');
		INSERT INTO characters (name, movie_id) VALUES ('Hidetora', 4); UPDATE genres SET name = 'Jidaigeki' WHERE id = 1;
		DELETE FROM characters WHERE movie_id = 3; DELETE FROM movie_genres WHERE movie_id = 3; DELETE FROM favorite_movies WHERE movie_id = 3`)
	for _, quick := range []bool{false, true} {
		same(t, "found", inspect(t, o, store.CheckOptions{Quick: quick}), nil)
	}
	noted, err := store.Inspect(t.Context(), o, store.CheckOptions{Report: func(catalog.Finding) error { return nil }}, func(*store.Check) error { return nil })
	if err != nil || noted != 5 {
		t.Errorf("%d noted, %v; want 5", noted, err)
	}
	byHand(t, o, `UPDATE stale SET old_name = 'x' WHERE kind = 'movie' AND id = 3`)
	(&damage{name: "a note"}).check(t, "falsified", inspect(t, o, store.CheckOptions{}), []string{"derived_wrong movie_words 0: "})
	byHand(t, o, `UPDATE stale SET old_name = 'Été — 夏の日' WHERE kind = 'movie' AND id = 3`)
	same(t, "repaired", inspect(t, o, store.CheckOptions{Fix: true}), nil)
	db := hand(t, o.Path)
	if n := value(t, db, `SELECT count(*) FROM stale`); n != "0" {
		t.Errorf("%s notes are left", n)
	}
	db.Close()
	likeRebuilt(t, o, nil)
}

// Where a row and its index differ, one of them is not what was written: nobody
// knows which, so that no repair throws one away.
func TestCheckKeepsBothSidesOfADamagedRow(t *testing.T) {
	o := checkable(t)
	content := bytesOf(t, o.Path)
	at := strings.LastIndex(content, "Kikuchiyo")
	if strings.Count(content, "Kikuchiyo") < 3 || at < 0 {
		t.Fatal("the name is not in table and indexes")
	}
	hurt := content[:at] + "Kakuchiyo" + content[at+len("Kikuchiyo"):]
	if err := os.WriteFile(o.Path, []byte(hurt), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, fix := range []bool{false, true} {
		found := inspect(t, o, store.CheckOptions{Fix: fix})
		if len(found) == 0 || slices.ContainsFunc(found, func(f string) bool { return strings.HasPrefix(f, "fixed ") }) {
			t.Errorf("fix %v: found %q", fix, found)
		}
		if !slices.ContainsFunc(found, func(f string) bool { return strings.HasPrefix(f, "damaged ") }) {
			t.Errorf("fix %v: found %q", fix, found)
		}
	}
	if bytesOf(t, o.Path) != hurt {
		t.Error("the file was changed")
	}
}

// A file that was overwritten or cut gives findings or one error, and no
// repair touches it.
func TestCheckOfADamagedFile(t *testing.T) {
	o := checkable(t)
	whole := bytesOf(t, o.Path)
	const page = 4096
	garbage := strings.Repeat("garbage ", page/8)
	damaged := map[string]string{
		"cut":          whole[:len(whole)/2],
		"cut oddly":    whole[:len(whole)-page/3],
		"one page":     whole[:page],
		"header alone": whole[:100],
		"schema":       whole[:200] + garbage[:page-200] + whole[page:],
	}
	for i := 2; i < len(whole)/page; i += 7 {
		damaged[fmt.Sprint("page ", i)] = whole[:i*page] + garbage + whole[(i+1)*page:]
	}
	for name, content := range damaged {
		path := filepath.Join(t.TempDir(), "moviedb.db")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		d := o
		d.Path = path
		for _, co := range []store.CheckOptions{{}, {Quick: true}, {Fix: true}} {
			var found []catalog.Finding
			co.Report = func(f catalog.Finding) error { found = append(found, f); return nil }
			_, err := store.Inspect(t.Context(), d, co, func(*store.Check) error { return nil })
			if err != nil && !strings.Contains(err.Error(), "moviedb.db") {
				t.Errorf("%s: the error does not say of what: %v", name, err)
			}
			if err == nil && len(found) == 0 && !co.Quick {
				t.Errorf("%s, fix %v: nothing found", name, co.Fix)
			}
			isDamaged := slices.ContainsFunc(found, func(f catalog.Finding) bool { return f.Code == catalog.FindingDamaged })
			if isDamaged && slices.ContainsFunc(found, func(f catalog.Finding) bool { return f.Fixed }) {
				t.Errorf("%s: something was repaired: %v", name, found)
			}
			if (isDamaged || err != nil) && bytesOf(t, path) != content {
				t.Errorf("%s, %+v: the file was changed", name, co)
			}
		}
	}
}
