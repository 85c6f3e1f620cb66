// Package catalog holds what moviedb is about: films, people, characters,
// genres and countries, the values they are made of, and the errors that speak
// of them. It knows neither SQL nor terminals.
package catalog
