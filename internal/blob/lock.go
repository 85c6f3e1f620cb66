package blob

// claim is what an attempt to lock a temporary file gives.
type claim int

const (
	claimed    claim = iota // it is ours until it is closed
	taken                   // a living process has it
	unlockable              // this file system or this system has no locks
)
