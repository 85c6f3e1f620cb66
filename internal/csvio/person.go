package csvio

import (
	"strconv"

	"github.com/moviedb/moviedb/internal/catalog"
)

// PersonRow is one row of a persons file.
type PersonRow struct {
	Meta
	Person  catalog.Person
	Country string // "" is none; of several the first
	Whole   string // the whole cell of the country, which may be a name with a comma

	whole string // the name in one cell
}

// The columns of persons, as Meta has them.
const (
	PersonName Columns = 1 << iota
	PersonDateOfBirth
	PersonGender
	PersonCountry
	PersonBiography
)

// Persons is the kind of files of people.
func Persons() Kind[PersonRow] {
	return Kind[PersonRow]{
		name: "persons", need: colName,
		meta:   func(r *PersonRow) *Meta { return &r.Meta },
		finish: finishPerson,
		columns: []column[PersonRow]{
			{name: "first_name", aliases: "givenname forename", bit: PersonName,
				read: func(c *cells, s string, r *PersonRow) { r.Person.FirstName = c.lineOf(s) }},
			{name: "last_name", aliases: "familyname surname", bit: PersonName,
				read: func(c *cells, s string, r *PersonRow) { r.Person.LastName = c.lineOf(s) }},
			{name: colName, aliases: "fullname person primaryname actor director", bit: PersonName, extra: true,
				read: func(c *cells, s string, r *PersonRow) { r.whole = c.lineOf(s) }},
			{name: "date_of_birth", aliases: "birthdate birthday born birthyear dob", bit: PersonDateOfBirth,
				read: func(c *cells, s string, r *PersonRow) { r.Person.DateOfBirth = c.year(s) }},
			{name: "gender", aliases: "sex", bit: PersonGender,
				read: func(c *cells, s string, r *PersonRow) { r.Person.Gender = c.lineOf(s) }},
			{name: colCountry, aliases: "nationality countryofbirth birthcountry", bit: PersonCountry,
				read: func(c *cells, s string, r *PersonRow) { r.Country, r.Whole = c.country(s), s }},
			{name: "biography", aliases: "bio", bit: PersonBiography,
				read: func(c *cells, s string, r *PersonRow) { r.Person.Biography = parsed(c, s, catalog.CleanText) }},
			{name: colKey, aliases: "personid actorid directorid nconst imdbid tmdbid", bit: rowKey, extra: true,
				read: func(_ *cells, s string, r *PersonRow) { r.Key = s }},
		},
	}
}

// finishPerson takes a whole name apart, unless the row has the last name too,
// and makes a single name the last name, as the catalog has it. A year behind
// the name is that of birth, unless the row has another.
func finishPerson(c *cells, r *PersonRow) {
	p := &r.Person
	switch {
	case p.LastName == "" && r.whole != "":
		p.FirstName, p.LastName = catalog.SplitName(r.whole)
	case p.LastName == "":
		p.FirstName, p.LastName = "", p.FirstName
	}
	if p.LastName == "" && len(c.errs) == 0 {
		column := "last_name"
		if c.heads(column) == "" {
			column = colName
		}
		c.failAt(column, "a person needs a name; this cell is blank")
	}
	if last, year := catalog.SplitYear(p.LastName); year != 0 {
		switch catalog.Year(p.DateOfBirth) {
		case 0:
			p.LastName, p.DateOfBirth = last, strconv.Itoa(year)
			r.Given |= PersonDateOfBirth
		case year:
			p.LastName = last
		}
	}
}
