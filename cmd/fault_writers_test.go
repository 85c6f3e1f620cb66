package cmd_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// crowd is several writers, one command after the other each, on one catalog.
type crowd struct {
	*place
	each int // commands of a writer

	sync.Mutex
	want    map[string]int // rows that have to be there in the end, by a query that counts them
	slowest time.Duration
	slow    string // the slowest command
	done    int
}

// writer is one of them.
type writer struct {
	*crowd
	t    *testing.T
	id   int
	made int // rounds
}

// run runs one command, which has to succeed.
func (w *writer) run(text string) {
	w.t.Helper()
	c := line(text)
	began := time.Now()
	r := finish(w.t, w.call(nil, c.args), "")
	took := time.Since(began)
	if r.code != 0 {
		w.t.Errorf("moviedb %q: exit %d: %s", c.args, r.code, r.err)
	}
	w.Lock()
	defer w.Unlock()
	w.done++
	if took > w.slowest {
		w.slowest, w.slow = took, c.String()
	}
}

// rows expects n rows more of a query.
func (w *writer) rows(n int, query string, args ...any) {
	w.Lock()
	defer w.Unlock()
	w.want[fmt.Sprintf(query, args...)] += n
}

// round is twenty commands of all kinds. id tells the names of this writer and
// round from those of all others; what is called Shared is everybody's.
func (w *writer) round() []func() {
	id := fmt.Sprintf("%d.%d", w.id, w.made)
	film, person, genre := "Film~"+id, "Per~Son"+id, "Genre"+id
	picture := fmt.Sprintf("../in/picture-%d.png", (w.id*31+w.made*7)%96)
	sub := func(query, noun string) func() {
		return func() {
			w.rows(1, "SELECT count(*) FROM "+query, noun+strings.NewReplacer("~", " ").Replace(id))
		}
	}
	return []func(){
		func() {
			w.run("movie add " + film + " --release-date 1999")
			sub("movies WHERE title = '%s'", "Film ")()
		},
		func() {
			w.run("movie edit " + film + " --duration 99 --description Text~of~" + id)
			sub("movies WHERE duration = 99 AND description = '%s'", "Text of ")()
		},
		func() {
			w.run("person add " + person)
			sub("persons WHERE first_name = 'Per' AND last_name = '%s'", "Son")()
		},
		func() {
			w.run("character add Part" + id + " --movie " + film + " --actor " + person + " --role lead")
			sub("characters WHERE name = '%s' AND actor_id IS NOT NULL", "Part")()
		},
		func() { w.run("genre add " + genre); sub("genres WHERE name = '%s'", "Genre")() },
		func() {
			w.run("genre link " + genre + " Shared~Film " + film)
			w.rows(2, "SELECT count(*) FROM movie_genres JOIN genres ON genres.id = genre_id WHERE name = '%s'", "Genre"+id)
		},
		func() {
			w.run("photo add " + person + " " + picture)
			sub("persons WHERE primary_photo_id IS NOT NULL AND last_name = '%s'", "Son")()
		},
		func() { w.run("photo add Shared~Person " + picture) },
		func() { w.run("country add Land" + id); sub("countries WHERE name LIKE '%%%s!'", "Land")() },
		func() { w.run("country edit Land" + id + " --name Land" + id + "!") },
		func() { w.run("user add user" + id); sub("users WHERE username = '%s'", "user")() },
		func() {
			w.run("user favorite user" + id + " Shared~Film " + film)
			w.rows(2, "SELECT count(*) FROM favorite_movies JOIN users ON users.id = user_id WHERE username = '%s'", "user"+id)
		},
		func() { w.run("movie edit Shared~Film --description By~" + id) },
		func() { w.run("person edit Shared~Person --biography By~" + id) },
		func() { w.run("file add " + w.note(id)); sub("files WHERE file_name = 'note%s'", "")() },
		func() { w.run("movie add Short~" + id) },
		func() {
			w.run("movie delete Short~" + id + " --yes")
			w.rows(0, "SELECT count(*) FROM movies WHERE title = 'Short %s'", id)
		},
		func() {
			w.run("import movies " + w.list(id))
			w.rows(3, "SELECT count(*) FROM movies WHERE title LIKE 'Listed %s %%'", id)
		},
		func() { w.run("person add Twin~Son" + id) },
		func() { w.last(id, person) },
	}
}

// last collects garbage for some writers, and merges two people for the others.
func (w *writer) last(id, person string) {
	if w.id%4 == 0 {
		w.run("file gc --now --yes")
		return
	}
	w.run("person merge Twin~Son" + id + " --into " + person + " --yes")
	w.rows(0, "SELECT count(*) FROM persons WHERE first_name = 'Twin' AND last_name = 'Son%s'", id)
}

// note writes a file that nobody else has.
func (w *writer) note(id string) string {
	w.write("note"+id, "note "+id)
	return "../in/note" + id
}

// list writes a list of three films.
func (w *writer) list(id string) string {
	w.write("list"+id+".csv", fmt.Sprintf("title,year,director,genres\nListed %[1]s a,1980,Director One,Drama\nListed %[1]s b,1981,Director Two,Drama\nListed %[1]s c,1982,,Shared Genre\n", id))
	return "../in/list" + id + ".csv"
}

// work gives the writer's commands.
func (w *writer) work() {
	for n := 0; n < w.each; {
		for _, step := range w.round() {
			if n++; n > w.each {
				return
			}
			step()
		}
		w.made++
	}
}

// reading has a reader go round until the writers are done, and returns how
// often it read and the longest that took.
func (p *place) reading(t *testing.T, done *atomic.Bool) (reads int, slowest time.Duration) {
	for !done.Load() {
		for _, text := range []string{"movie list --json", "search film --json", "stats --json", "person list --json", "photo list --json"} {
			began := time.Now()
			r := finish(t, p.call(nil, strings.Fields(text)), "")
			slowest = max(slowest, time.Since(began))
			if r.code != 0 || !json.Valid([]byte(r.out)) {
				t.Errorf("a reader, moviedb %s: exit %d: %s", text, r.code, r.err)
			}
			reads++
		}
	}
	return reads, slowest
}

// Sixteen writers of mixed commands, some on the same records, and two readers:
// every command succeeds, and everything is there in the end.
func TestFaultManyWriters(t *testing.T) {
	needs(t, "sqlite3", "sha256sum")
	each := faultCount(t, "MOVIEDB_WRITES", 20, 2)
	sizes := []int{2, 16}
	if !long() {
		sizes = []int{3}
	}
	for _, journal := range []string{"wal", "delete"} {
		for _, writers := range sizes {
			t.Run(fmt.Sprintf("%s, %d writers", journal, writers), func(t *testing.T) { manyWriters(t, journal, writers, each) })
		}
	}
}

func manyWriters(t *testing.T, journal string, writers, each int) {
	p := newPlace(t, "000")
	p.env = append(p.env, "MOVIEDB_JOURNAL="+journal)
	makePictures(t, filepath.Join(p.root, "in"), 96)
	p.ok("movie", "add", "Shared Film")
	p.ok("person", "add", "Shared Person")
	c := &crowd{place: p, each: each, want: map[string]int{}}
	var working, readers sync.WaitGroup
	var done atomic.Bool
	for range 2 {
		readers.Go(func() {
			n, slowest := p.reading(t, &done)
			t.Logf("a reader read %d times, at most in %s", n, slowest.Round(time.Millisecond))
		})
	}
	began := time.Now()
	for id := range writers {
		working.Go(func() { (&writer{crowd: c, t: t, id: id}).work() })
	}
	working.Wait()
	done.Store(true)
	readers.Wait()
	t.Logf("%d commands in %s; the slowest took %s: %s", c.done, time.Since(began).Round(time.Second), c.slowest.Round(time.Millisecond), c.slow)
	if c.done != writers*each {
		t.Errorf("%d commands, want %d", c.done, writers*each)
	}
	c.verify(t)
}

// verify counts with the shell what the writers were told is there.
func (c *crowd) verify(t *testing.T) {
	t.Helper()
	seen, err := c.verified("")
	if err != nil {
		t.Fatal(err)
	}
	var sql strings.Builder
	queries := make([]string, 0, len(c.want))
	for q := range c.want {
		queries = append(queries, q)
	}
	slices.Sort(queries)
	for _, q := range queries {
		sql.WriteString(q + ";\n")
	}
	counts, lost := strings.Fields(c.shell(sql.String())), 0
	for i, q := range queries {
		if counts[i] != fmt.Sprint(c.want[q]) {
			lost++
			t.Errorf("%s: %s, want %d", q, counts[i], c.want[q])
		}
	}
	t.Logf("%d counts compared, %d wrong; %d files with their content", len(queries), lost, len(seen.keys))
	if text := c.shell("SELECT description FROM movies WHERE title = 'Shared Film'"); !strings.HasPrefix(text, "By ") && c.each > 13 {
		t.Errorf("the shared film is %q", text)
	}
	c.ok("file", "gc", "--now", "--yes")
	if _, err := c.tree(lasting); err != nil {
		t.Error(err)
	}
	if out := c.ok("check"); os.Getenv("MOVIEDB_WRITES") != "" {
		t.Logf("check: %s", out)
	}
}
