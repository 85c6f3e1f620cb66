package cmd_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/password"
)

// command is a call of the program, with its code when nothing is in its way.
type command struct {
	args  []string
	stdin string
	code  int
	twice bool // it can be given again though it was done
}

// on is a command with the place it runs in.
type on struct {
	command
	place *place
}

func (c command) String() string { return strings.Join(c.args, " ") }

// line is a command of words without blanks in them; ~ stands for one.
func line(text string) command {
	words := strings.Fields(text)
	for i, w := range words {
		words[i] = strings.ReplaceAll(w, "~", " ")
	}
	return command{args: words}
}

func (c command) with(stdin string) command { c.stdin = stdin; return c }
func (c command) again() command            { c.twice = true; return c }
func (c command) exits(code int) command    { c.code = code; return c }

// stockCommands fill the catalog that most commands run on.
func stockCommands() []command {
	return []command{
		line("genre add Giallo"), line("genre add Doomed"), line("country add Nepal"), line("country add Sikkim"),
		line("person add Ann~Other --country Nepal --biography A~life."), line("person add Tom~Holland"), line("person add Tom~Hollande --country Sikkim"),
		line("photo add Ann~Other ../in/picture-0.png ../in/picture-1.png ../in/picture-2.png"),
		line("photo add Tom~Holland ../in/picture-1.png"),
		line("movie add Jabberwocky --release-date 1977 --director Ann~Other --country Nepal --genre Giallo --poster ../in/picture-3.png"),
		line("character add Dennis --movie Jabberwocky --actor Ann~Other --role lead"),
		line("character add Griselda --movie Jabberwocky --actor Tom~Hollande"),
		line("user add ann --password-stdin").with("correct horse\n"), line("user add old"),
		line("user add bob --avatar ../in/picture-4.png"), line("user favorite ann Jabberwocky title:300"),
		line("file add ../in/picture-5.png ../in/notes.txt"), line("file add ../in/picture-7.png"), line("file delete picture-7.png --yes"),
		line("file gc --yes"), line("file add ../in/picture-6.png"), line("file delete picture-6.png --yes"),
	}
}

// weakHash is a hash of "correct horse" that a check of the password renews.
func weakHash(t *testing.T) string {
	t.Helper()
	h, err := password.Hash([]byte("correct horse"), password.Params{Memory: 64, Time: 1, Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// faultInputs are the files that the imports read.
func faultInputs() map[string]string {
	return map[string]string{
		"notes.txt":      "notes\n",
		"new.csv":        "title,year,director,country,genres,cast\nMoon,2009,Duncan Jones,Ruritania,Caves|Drama,Sam Rockwell as Sam; Kevin Spacey as GERTY\nSun,2010,,Nepal,Drama,\n",
		"update.csv":     "title,year,duration,description\nJabberwocky,1977,105,A cooper's son.\nSolaris,1972,167,\n",
		"bad.csv":        "title,year,duration\nMoon,2009,97\nSun,2010,ninety\nStars,2011,98\n",
		"persons.csv":    "name,date_of_birth,country\nAgnès Varda,1928-05-30,France\nNew Body,1990,Elsewhere\n",
		"characters.csv": "movie,year,actor,name,role\nJabberwocky,1977,Ann Other,The Knight,cameo\nJabberwocky,1977,New Body,The Squire,\n",
		"genres.csv":     "name,notes\nFilm noir,After dark\nHorror,\nFresh,\n",
		"countries.csv":  "name\nFrance\nElsewhere\n",
		"users.csv":      "username,first_name,email\nada,Ada,ada@example.org\neve,,\n",
		"favorites.csv":  "user,movie,year\nbob,Jabberwocky,1977\nann,Solaris,1972\n",
		"photos.csv":     "person,file,primary\nTom Hollande,picture-8.png,true\nTom Hollande,picture-9.png,false\nAnn Other,picture-8.png,true\n",
	}
}

// recordCommands are those that write one or a few records, on a stocked place.
func recordCommands() []command {
	return []command{
		line("movie add Moon --release-date 2009 --director Duncan~Jones --country Ruritania --genre Caves --genre Drama --create --poster ../in/picture-10.png"),
		line("movie edit Jabberwocky --title Jabberwock --add-genre Drama --remove-genre Giallo --poster ../in/picture-10.png --description Slain."),
		line("movie delete Jabberwocky title:300 --yes"),
		line("person add New~Body --country Elsewhere --create --biography Short."),
		line("person edit Ann~Other --last-name Another --biography Changed. --date-of-birth 1950"),
		line("person delete Tom~Holland --yes"), line("person delete Ann~Other --detach --yes"),
		line("person merge Tom~Holland Tom~Hollande --into Ann~Other --yes"),
		line("character add Jailer --movie Jabberwocky --actor New~Body --create --role cameo"),
		line("character edit Dennis --role voice --actor Tom~Holland"), line("character delete Dennis Griselda --yes"),
		line("genre add Fresh --notes New."), line("genre edit Giallo --name Gialli --notes Yellow."), line("genre delete Doomed Giallo --yes"),
		line("genre link Doomed Jabberwocky title:300"), line("genre unlink Giallo Jabberwocky"), line("genre merge Giallo Doomed --into Drama --yes"),
		line("country add Elsewhere"), line("country edit Nepal --name Nepāl~Rājya"), line("country delete Nepal --detach --yes"),
		line("country merge Nepal Sikkim --into France --yes"),
		line("photo add Tom~Hollande ../in/picture-10.png ../in/picture-11.png ../in/picture-0.png --primary"),
		line("photo set-primary 2"), line("photo delete 1 3 --yes"),
		line("file add ../in/picture-10.png ../in/films.csv"), line("file add --url https://example.org/a.jpg --name a.jpg"),
		line("file add ../in/picture-6.png"), // its content lies in the directory without a row
		line("file add ../in/picture-7.png"), // and this one's in the trash
		line("file delete picture-3.png picture-1.png --detach --yes"), line("file gc --yes"), line("file gc --now --yes"),
		line("user add eve --email eve@example.org --avatar ../in/picture-10.png --password-stdin").with("hush, hush\n"),
		line("user edit bob --email bob@example.org --avatar ../in/picture-11.png"), line("user delete ann bob --yes"),
		line("user passwd ann --password-stdin").with("another horse\n"), line("user verify old --password-stdin").with("correct horse\n"),
		line("user favorite bob Jabberwocky title:300"), line("user unfavorite ann Jabberwocky title:300"),
	}
}

// bulkCommands write many, on a stocked place.
func bulkCommands(t *testing.T) []command {
	return []command{
		line("import movies ../in/films.csv --favorite-of ann"), line("import movies ../in/update.csv --on-conflict update"),
		line("import movies ../in/bad.csv --keep-going --rejects ../out/rejects.csv").exits(5).again(),
		line("import movies -").with(faultInputs()["new.csv"]),
		line("import persons ../in/persons.csv"), line("import characters ../in/characters.csv"), line("import genres ../in/genres.csv"),
		line("import countries ../in/countries.csv"), line("import users ../in/users.csv"), line("import favorites ../in/favorites.csv"),
		line("import photos ../in/photos.csv"), line("import imdb " + strings.ReplaceAll(root(t, "testdata/imdb"), " ", "~")),
		line("export catalog --with-passwords --files ../out/pictures"),
		line("backup ../out/all.tar --force"), line("backup ../out/all.tar.gz --force"), line("restore ../in/other.tar --force"),
	}
}

// firstCommands are those that can make the catalog.
func firstCommands() []command {
	return []command{
		line("movie add Moon --director Duncan~Jones --create --poster ../in/picture-10.png"), line("genre add Fresh"),
		line("import movies ../in/films.csv"), line("import movies -").with(faultInputs()["new.csv"]),
		line("import catalog ../in/catalog.jsonl --files ../in/pictures"), line("restore ../in/all.tar"),
	}
}

// writingCommands are all commands that write, with the places they run in.
func writingCommands(t *testing.T) (all []on) {
	t.Helper()
	none, zero, stock := empty(t), blank(t), stocked(t)
	stock.ok("export", "genres") // reads everything once, so that no reader has to
	out := stock.ok("export", "catalog", "--with-passwords", "--files", "../in/pictures")
	stock.ok("backup", "../in/all.tar")
	other, _ := stock.copy(t, "077")
	other.ok("movie", "add", "Other", "--poster", "../in/picture-12.png")
	other.ok("person", "delete", "Ann Other", "--detach", "--yes")
	other.ok("file", "delete", "picture-0.png", "--yes")
	other.ok("backup", stock.root+"/in/other.tar")
	for _, p := range []*place{none, zero} {
		copyTree(t, stock.root+"/in/all.tar", p.root+"/in/all.tar")
		p.write("catalog.jsonl", out)
		copyTree(t, stock.root+"/in/pictures", p.root+"/in/pictures")
		for _, c := range firstCommands() {
			all = append(all, on{c, p})
		}
	}
	for _, c := range append(recordCommands(), bulkCommands(t)...) {
		all = append(all, on{c, stock})
	}
	all = append(all, on{line("check --fix"), hurt(t)}, on{line("file gc --yes"), older(t)}, on{line("genre add Fresh"), deleting(t, none)}, on{line("movie edit Jabberwocky --title Jabberwock"), deleting(t, stock)})
	return all
}

// deleting is a copy of a place whose setting is the journal that is deleted.
func deleting(t *testing.T, p *place) *place {
	t.Helper()
	q, _ := p.copy(t, p.umask)
	q.env = append(q.env, "MOVIEDB_JOURNAL=delete")
	return q
}

// name is a subtest's name of a command, in ASCII, since its folders are named
// after it, and strace shows nothing else.
func (o on) name(i int) string {
	return fmt.Sprintf("%d %s", i, strings.Map(func(r rune) rune {
		if r == '/' || r > 126 {
			return '_'
		}
		return r
	}, o.String()))
}
