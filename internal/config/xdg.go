package config

import "path/filepath"

// StateDir returns the directory for what is neither a setting nor the catalog,
// such as drafts of forms: $XDG_STATE_HOME/moviedb, or ~/.local/state/moviedb. It
// fails if the home directory is needed and unknown.
func StateDir(getenv func(string) string, home func() (string, error)) (string, error) {
	l := &loader{getenv: getenv, home: home}
	path, err := l.xdgPath("XDG_STATE_HOME", ".local/state", "drafts")
	return filepath.Dir(path), err
}

// xdgPath returns the path of a file of ours below the directory that variable
// names, or below fallback in the home directory. The XDG rules ask to ignore a
// variable that is empty or relative.
func (l *loader) xdgPath(variable, fallback, file string) (string, error) {
	if dir := l.getenv(variable); filepath.IsAbs(dir) {
		return filepath.Join(dir, "moviedb", file), nil
	}
	home, err := l.home()
	if err != nil {
		return "", err
	}
	return filepath.Join(home, filepath.FromSlash(fallback), "moviedb", file), nil
}
