package cmd_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/moviedb/moviedb/cmd"
)

// schemaVariable tells the program under test, which runs as a process of its
// own, where the schema is.
const schemaVariable = "MOVIEDB_TEST_SCHEMA"

// stepVariable makes the program under test die at a step: "renamed:3" is a
// SIGKILL when a file is renamed for the third time.
const stepVariable = "MOVIEDB_TEST_STEP"

// threadVariable keeps the program under test on one thread, of which strace
// counts the calls.
const threadVariable = "MOVIEDB_TEST_THREAD"

func stepper(at string) func(string) {
	name, count, ok := strings.Cut(at, ":")
	if !ok {
		return nil
	}
	left, err := strconv.Atoi(count)
	if err != nil {
		panic(err)
	}
	return func(step string) {
		if step != name {
			return
		}
		if left--; left == 0 {
			self, err := os.FindProcess(os.Getpid())
			if err != nil {
				panic(err)
			}
			self.Kill()
			select {} // the signal is on its way
		}
	}
}

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
			if os.Getenv(threadVariable) != "" {
				runtime.LockOSThread()
			}
			text, err := os.ReadFile(os.Getenv(schemaVariable))
			if err != nil {
				panic(err)
			}
			env := cmd.System(string(text))
			env.OnStep = stepper(os.Getenv(stepVariable))
			os.Exit(cmd.Run(env))
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
