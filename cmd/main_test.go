package cmd_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/moviedb/moviedb/cmd"
)

// schemaVariable tells the program under test, which runs as a process of its
// own, where the schema is.
const schemaVariable = "MOVIEDB_TEST_SCHEMA"

func TestMain(m *testing.M) {
	if os.Getenv(schemaVariable) == "" { // the test process; the program's own has it already
		schema, err := filepath.Abs("../schema.sql")
		if err != nil {
			panic(err)
		}
		os.Setenv(schemaVariable, schema)
	}
	testscript.Main(m, map[string]func(){
		"moviedb": func() {
			text, err := os.ReadFile(os.Getenv(schemaVariable))
			if err != nil {
				panic(err)
			}
			os.Exit(cmd.Run(string(text)))
		},
	})
}

// Each folder of testdata/script holds scripts about one thing a user does. Run
// one with go test ./cmd -run 'TestScripts/movie/add'; -update rewrites what cmp
// compares.
func TestScripts(t *testing.T) {
	folders, err := filepath.Glob("../testdata/script/*")
	if err != nil || len(folders) == 0 {
		t.Fatalf("no scripts found: %v", err)
	}
	for _, dir := range folders {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			testscript.Run(t, testscript.Params{
				Dir:                 dir,
				UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
				RequireExplicitExec: true,
				RequireUniqueNames:  true,
				Setup: func(e *testscript.Env) error {
					e.Setenv("HOME", filepath.Join(e.WorkDir, "home"))
					e.Setenv(schemaVariable, os.Getenv(schemaVariable))
					root, err := filepath.Abs("..")
					e.Setenv("ROOT", root)
					return err
				},
			})
		})
	}
}
