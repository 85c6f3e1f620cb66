package config

import "path/filepath"

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
