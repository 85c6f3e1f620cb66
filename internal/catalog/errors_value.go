package catalog

import "fmt"

// valueError is a refused value: one sentence for people, and ErrInvalid for
// programs.
type valueError struct{ sentence string }

// Invalidf returns an error whose text is only the formatted sentence and
// which errors.Is knows as ErrInvalid. Write the sentence in one line, without
// a final period, and put values of the user through Quote.
func Invalidf(format string, args ...any) error {
	return &valueError{sentence: fmt.Sprintf(format, args...)}
}

// Error returns the sentence.
func (e *valueError) Error() string { return e.sentence }

// Unwrap returns ErrInvalid.
func (e *valueError) Unwrap() error { return ErrInvalid }
