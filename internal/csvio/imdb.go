package csvio

import "strings"

// The files of https://developer.imdb.com/non-commercial-datasets/: TSV without
// quoting, \N for what is unknown, records linked by ids.

// IMDbNull is the cell of a value that is unknown.
const IMDbNull = `\N`

// IMDbTitleRow is a row of title.basics.
type IMDbTitleRow struct {
	MovieRow
	Type string // movie, short, tvEpisode …
}

// IMDbTitles is the kind of title.basics.
func IMDbTitles() Kind[IMDbTitleRow] {
	movies := Movies()
	k := Kind[IMDbTitleRow]{
		name: "title.basics", need: colTitle,
		meta:   func(r *IMDbTitleRow) *Meta { return &r.Meta },
		finish: func(c *cells, r *IMDbTitleRow) { finishMovie(c, &r.MovieRow) },
		columns: []column[IMDbTitleRow]{{name: "titleType", bit: rowKey >> 1, extra: true,
			read: func(_ *cells, s string, r *IMDbTitleRow) { r.Type = s }}},
	}
	for _, c := range movies.columns {
		if c.name == colTitle || c.name == colYear || c.name == "duration" || c.name == "genres" || c.name == colKey {
			k.columns = append(k.columns, column[IMDbTitleRow]{name: c.name, aliases: c.aliases, bit: c.bit, extra: c.extra,
				read: func(cs *cells, s string, r *IMDbTitleRow) { c.read(cs, s, &r.MovieRow) }})
		}
	}
	return k
}

// IMDbNames is the kind of name.basics.
func IMDbNames() Kind[PersonRow] {
	k := Persons()
	k.name, k.need = "name.basics", colName
	return k
}

// IMDbPrincipalRow is a row of title.principals: who did what in a title.
type IMDbPrincipalRow struct {
	Meta
	Title, Name string // ids of the other files
	Category    string // actor, actress, self, director …
	Characters  []string
}

// IMDbPrincipals is the kind of title.principals.
func IMDbPrincipals() Kind[IMDbPrincipalRow] {
	return Kind[IMDbPrincipalRow]{
		name: "title.principals", need: "tconst",
		meta: func(r *IMDbPrincipalRow) *Meta { return &r.Meta },
		finish: func(c *cells, r *IMDbPrincipalRow) {
			if (r.Title == "" || r.Name == "" || r.Category == "") && len(c.errs) == 0 {
				c.failAt("tconst", "the row needs tconst, nconst and category; one is blank")
			}
		},
		columns: []column[IMDbPrincipalRow]{
			{name: "tconst", bit: 1, read: func(_ *cells, s string, r *IMDbPrincipalRow) { r.Title = s }},
			{name: "nconst", bit: 2, read: func(_ *cells, s string, r *IMDbPrincipalRow) { r.Name = s }},
			{name: "category", bit: 4, read: func(_ *cells, s string, r *IMDbPrincipalRow) { r.Category = strings.ToLower(s) }},
			{name: "characters", bit: 8, read: func(c *cells, s string, r *IMDbPrincipalRow) {
				if list, ok := c.literal(s); ok {
					r.Characters = list
				} else if name := c.lineOf(s); name != "" {
					r.Characters = []string{name}
				}
			}},
		},
	}
}
