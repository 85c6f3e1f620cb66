package cmd

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/output"
	"github.com/moviedb/moviedb/internal/store"
)

// release is the version of the program, by semantic versioning.
const release = "0.1.0"

// released is the day of the release, which manual pages bear.
const released = "2026-11-25"

// version is the release, with the commit where the build knows it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return release
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return release + "+" + s.Value[:12]
		}
	}
	return release
}

// versionInfo is what --json prints of the version. Fields are only ever added.
type versionInfo struct {
	Version       string `json:"version" doc:"by semantic versioning, with the commit where the build knows it"`
	SchemaVersion int    `json:"schema_version" doc:"of the catalogs it writes"`
	Go            string `json:"go" doc:"version of Go it is built with"`
	Platform      string `json:"platform" doc:"system and processor it is built for"`
}

func newVersionCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Long: "Print the version of the program and of the schema it writes.",
		Example: `  moviedb version
  moviedb version --json`,
		Args: args(0, 0, ""),
		RunE: func(*cobra.Command, []string) error {
			if a.format() == "" && a.fields == nil {
				_, err := fmt.Fprintf(a.Out, "moviedb %s\nschema %d, %s, %s/%s\n", version(), store.SchemaVersion, runtime.Version(), runtime.GOOS, runtime.GOARCH)
				return err
			}
			return output.Show(a.printer(), nil, versionInfo{version(), store.SchemaVersion, runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH})
		},
	}
}

// setting is one line of "moviedb config". Fields are only ever added.
type setting struct {
	Name   string      `json:"name" doc:"key of the setting in the configuration file"`
	Value  output.Text `json:"value" doc:"value in use; null is a setting left open"`
	Source string      `json:"source" doc:"flag, variable or file it comes from, or default"`
}

func newConfigCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "config", Short: "Show every setting and where it comes from",
		Long: `Show every setting, its value and where it comes from. A flag wins over the
environment (MOVIEDB_DB, MOVIEDB_OUTPUT …), that over the configuration file, that
over the default. The file is TOML; the names in the first column are its keys.`,
		Example: `  moviedb config
  MOVIEDB_COLOR=never moviedb config --json`,
		Args: args(0, 0, ""),
		RunE: func(*cobra.Command, []string) error {
			rows := func(yield func(setting, error) bool) {
				for _, s := range a.settings {
					if !yield(setting{s.Name, output.Text(s.Value), s.Source}, nil) {
						return
					}
				}
			}
			_, err := output.List(a.printer(), nil, rows)
			return err
		},
	}
}
