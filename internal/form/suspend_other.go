//go:build !unix

package form

import tea "charm.land/bubbletea/v2"

// suspend is nothing: there are no stopped processes here.
func suspend() tea.Cmd { return nil }
