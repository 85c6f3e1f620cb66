package tempfile

// Claim is what an attempt to lock a file gives.
type Claim int

// What a Claim can be.
const (
	Claimed    Claim = iota // it is ours until it is closed
	Taken                   // a living process has it
	Unlockable              // this file system or this system has no locks
)
