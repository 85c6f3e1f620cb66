//go:build unix

package cmd_test

import "syscall"

// sessionLeader makes a process the leader of a session with its own terminal.
func sessionLeader() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true, Setctty: true} }
