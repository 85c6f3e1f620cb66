package cmd

// GoingOn is goingOn.
func GoingOn(typed, name string) string { return goingOn(typed, name) }

// Choices is choices.
func Choices(usage string) []string { return choices(usage) }
