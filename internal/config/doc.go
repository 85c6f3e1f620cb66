// Package config resolves the settings of moviedb from flags, environment
// variables, the config file and defaults, in that order of precedence, and
// remembers where each came from.
package config
