package output

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

// Every field has a text, so that help json says what it is.
func TestEveryFieldIsDocumented(t *testing.T) {
	docs := append(Nouns(), DocumentOf[FieldDoc]("help json", "."))
	for _, d := range docs {
		if d.Text == "" || len(d.Fields) == 0 {
			t.Errorf("%s: no text or no fields", d.Name)
		}
		for _, f := range d.Fields {
			if f.Text == "" {
				t.Errorf("%s: field %s has no text: give it a tag doc", d.Name, f.Name)
			}
			if f.Type == "value" {
				t.Errorf("%s: field %s has a type nobody knows", d.Name, f.Name)
			}
		}
	}
}

// A document says of each field where it is, and whether it can be null.
func TestDocumentTellsWhereAFieldIs(t *testing.T) {
	var movie Document
	for _, d := range Nouns() {
		if d.Name == "movie" {
			movie = d
		}
	}
	want := map[string]FieldDoc{
		"id":              {Type: "integer", In: []string{"list", "show", "delete"}},
		"budget":          {Type: "number", Null: true, In: []string{"list", "show", "delete"}},
		"release_date":    {Type: "text", Null: true, In: []string{"list", "show", "delete"}},
		"director":        {Type: "object", Null: true, In: []string{"list", "show", "delete"}},
		"director.name":   {Type: "text", In: []string{"list", "show", "delete"}},
		"genres":          {Type: "list of objects", In: []string{"list", "show", "delete"}},
		"cast":            {Type: "list of objects", In: []string{"show"}},
		"cast.actor.name": {Type: "text", In: []string{"show"}},
		"deleted":         {Type: "boolean", In: []string{"delete"}},
	}
	for _, f := range movie.Fields {
		if w, ok := want[f.Name]; ok {
			w.Of, w.Name, w.Text = "movie", f.Name, f.Text
			if !reflect.DeepEqual(f, w) {
				t.Errorf("%+v, want %+v", f, w)
			}
			delete(want, f.Name)
		}
	}
	for name := range want {
		t.Errorf("no field %s", name)
	}
}

// filled is a record in which everything is something, each list one element.
func filled[T any](t *testing.T) T {
	var record T
	fill(t, reflect.ValueOf(&record).Elem())
	return record
}

func fill(t *testing.T, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(t, v.Index(0))
	case reflect.String:
		v.SetString("x")
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Float64:
		v.SetFloat(1.5)
	case reflect.Bool:
		v.SetBool(true)
	default:
		t.Fatalf("no value for %s", v.Type())
	}
}

// shapes prints a noun as JSON: empty and full, in a list, shown and deleted.
func shapes[L, S, D any](t *testing.T) string {
	var b strings.Builder
	print := func(title string, show func(*Printer) error) {
		b.WriteString(title + ":\n")
		if err := show(&Printer{Out: &b, Format: JSON}); err != nil {
			t.Fatal(err)
		}
	}
	print("in a list, null", func(p *Printer) error { return Show(p, nil, *new(L)) })
	print("in a list, full", func(p *Printer) error { return Show(p, nil, filled[L](t)) })
	print("shown, null", func(p *Printer) error { return Show(p, nil, *new(S)) })
	print("shown, full", func(p *Printer) error { return Show(p, nil, filled[S](t)) })
	print("deleted, full", func(p *Printer) error { return Show(p, nil, filled[D](t)) })
	return b.String()
}

// The JSON of every noun is what the golden files say: a contract, to which
// fields are only ever added. UPDATE_SHAPES=1 writes them anew.
func TestShapesAreAContract(t *testing.T) {
	for noun, got := range map[string]string{
		"movie":     shapes[Movie, MovieDetail, DeletedMovie](t),
		"person":    shapes[Person, PersonDetail, DeletedPerson](t),
		"character": shapes[Character, Character, DeletedCharacter](t),
		"genre":     shapes[Genre, Genre, DeletedGenre](t),
		"country":   shapes[Country, Country, DeletedCountry](t),
		"photo":     shapes[Photo, Photo, DeletedPhoto](t),
		"file":      shapes[File, FileDetail, DeletedFile](t),
		"user":      shapes[User, UserDetail, DeletedUser](t),
	} {
		name := "../../testdata/shapes/" + noun + ".txt"
		if os.Getenv("UPDATE_SHAPES") != "" {
			if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil || got != string(want) {
			t.Errorf("%s: %v: the shape is another:\n%s", noun, err, got)
		}
	}
}
