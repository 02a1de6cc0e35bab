// Package sdklock holds the lock that is held while code of AWS's Encryption SDK for Go runs. The SDK is translated
// from another language and writes to variables of its packages, so two uses at a time are a data race. The lock is one
// for the process and links nothing: what decrypts codes, package sendercode, and what encrypts them on this machine,
// package sealedcode, may be in the same program.
package sdklock

import "sync"

var running sync.Mutex

// Hold waits until nobody else uses the Encryption SDK, and returns what ends the use. A use calls KMS, so it must be
// bounded: others wait.
func Hold() (release func()) {
	running.Lock()
	return running.Unlock
}
