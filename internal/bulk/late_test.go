package bulk

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
)

// schemaAndWords reads a catalog as anybody could: its schema, and what its word indexes
// find for some words.
func schemaAndWords(t *testing.T, o Options) (schema, words string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+o.Store.Path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	read := func(query string) string {
		var s sql.NullString
		if err := db.QueryRow(query).Scan(&s); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		return s.String
	}
	if ok := read(`PRAGMA integrity_check`); ok != "ok" {
		t.Fatal(ok)
	}
	schema = read(`SELECT group_concat(name || ' ' || coalesce(sql, ''), char(10)) FROM (SELECT name, sql FROM sqlite_schema ORDER BY name)`)
	for _, w := range []string{"film", "17", "fi*", "zoe"} {
		words += read(`SELECT count(*) || ':' || total(rowid) FROM movie_words('`+w+`')`) + " " +
			read(`SELECT count(*) || ':' || total(rowid) FROM person_words('`+w+`')`) + " "
	}
	return schema, words + read(`SELECT count(*) FROM stale`)
}

// A long import builds indexes after its rows. The catalog is then like one
// that had them all the time, and like one whose derived rows were rebuilt.
func TestLateIndexesAreTheSameIndexes(t *testing.T) {
	var b strings.Builder
	b.WriteString("title,year,director,genres,cast\n")
	for i := range 10_000 + 2500 {
		fmt.Fprintf(&b, "Film %d,%d,Zoé %d,Drama|Crime,Ann %d as Part %d\n", i, 1900+i%100, i%500, i%300, i%200)
	}
	late := absent(t)
	load(t, late, b.String())
	early := absent(t)
	rows := strings.SplitAfter(b.String(), "\n")
	for part := rows[1:]; len(part) > 0; {
		n := min(len(part), 10_000/2)
		load(t, early, rows[0]+strings.Join(part[:n], ""))
		part = part[n:]
	}
	schema, words := schemaAndWords(t, late)
	wantSchema, wantWords := schemaAndWords(t, early)
	if schema != wantSchema {
		t.Errorf("the schema is\n%s\nwant\n%s", schema, wantSchema)
	}
	if words != wantWords {
		t.Errorf("the words find %s, want %s", words, wantWords)
	}
	err := store.Update(t.Context(), late.Store, func(tx *store.Tx) error { return tx.Rebuild(t.Context()) })
	if err != nil {
		t.Fatal(err)
	}
	if _, rebuilt := schemaAndWords(t, late); rebuilt != words {
		t.Errorf("rebuilt, the words find %s, before %s", rebuilt, words)
	}
	// And the next write is an ordinary one.
	load(t, late, "title,year\nÉtude,1999\n")
	err = store.Update(t.Context(), late.Store, func(tx *store.Tx) error {
		_, err := tx.Resolve(t.Context(), catalog.KindMovie, catalog.Ref{Text: "etude", Name: "etude"})
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
