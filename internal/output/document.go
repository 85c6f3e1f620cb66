package output

import (
	"reflect"
	"slices"
)

// Document is what JSON prints of something: its name and its fields.
type Document struct {
	Name   string // the noun, or the command that prints it
	Text   string // one sentence
	Fields []FieldDoc
}

// FieldDoc is one field of a document, as "help json" tells of it. Fields are
// only ever added.
type FieldDoc struct {
	Of   string   `json:"of" doc:"the noun, or the command that prints it"`
	Name string   `json:"name" doc:"dotted path, as --fields takes it"`
	Type string   `json:"type" doc:"text, integer, number, boolean, object, or a list of these"`
	Null bool     `json:"null" doc:"it can be null"`
	In   []string `json:"in" doc:"the documents of a noun that have it: list (add and edit print the same), show, delete; empty for a command"`
	Text string   `json:"text" doc:"what it says"`
}

// The documents of a noun.
const (
	inList   = "list"
	inShow   = "show"
	inDelete = "delete"
)

// Nouns returns the document of each noun, in the order help lists them.
func Nouns() []Document {
	return []Document{
		nounDocument[Movie, MovieDetail, DeletedMovie]("movie", "A film."),
		nounDocument[Person, PersonDetail, DeletedPerson]("person", "Somebody who directs or plays."),
		nounDocument[Character, Character, DeletedCharacter]("character", "A part in a film."),
		nounDocument[Genre, Genre, DeletedGenre]("genre", "A kind of film."),
		nounDocument[Country, Country, DeletedCountry]("country", "Where films and people come from."),
		nounDocument[Photo, Photo, DeletedPhoto]("photo", "A picture of a person."),
		nounDocument[File, FileDetail, DeletedFile]("file", "A picture or another file."),
		nounDocument[User, UserDetail, DeletedUser]("user", "Somebody with favorite films."),
	}
}

// DocumentOf returns the document of a record type, without a word on where it
// is. The name of each field is its path, those inside it after it.
func DocumentOf[T any](name, text string) Document {
	return Document{Name: name, Text: text, Fields: fieldDocs[T](name)}
}

// nounDocument puts together what a list (L), show (S) and delete (D) have.
func nounDocument[L, S, D any](name, text string) Document {
	d := Document{Name: name, Text: text}
	for _, part := range []struct {
		in     string
		fields []FieldDoc
	}{{inList, fieldDocs[L](name)}, {inShow, fieldDocs[S](name)}, {inDelete, fieldDocs[D](name)}} {
		for _, f := range part.fields {
			i := slices.IndexFunc(d.Fields, func(have FieldDoc) bool { return have.Name == f.Name })
			if i < 0 {
				i = len(d.Fields)
				d.Fields = append(d.Fields, f)
			}
			d.Fields[i].In = append(d.Fields[i].In, part.in)
		}
	}
	return d
}

func fieldDocs[T any](of string) []FieldDoc {
	return compile(reflect.TypeFor[T]()).fieldDocs(of, "", nil)
}

// fieldDocs appends the fields of the record, each before what is inside it.
func (n *node) fieldDocs(of, prefix string, docs []FieldDoc) []FieldDoc {
	for _, f := range n.record().fields {
		docs = append(docs, FieldDoc{Of: of, Name: prefix + f.name, Type: f.typeName(), Null: f.ptrs > 0 || f.absent, In: []string{}, Text: f.doc})
		docs = f.fieldDocs(of, prefix+f.name+".", docs)
	}
	return docs
}

// typeName is what a value is in JSON, in a word or a few.
func (n *node) typeName() string {
	switch n.kind {
	case kindString:
		return "text"
	case kindInt, kindUint:
		return "integer"
	case kindFloat:
		return "number"
	case kindBool:
		return "boolean"
	case kindRecord:
		return "object"
	case kindList:
		return "list of " + n.elem.typeName() + "s"
	}
	return "value"
}
