package state

import "time"

// Passkey is a user's WebAuthn credential. Its ID, Key and Transports are never modified in place, so copies share
// them.
type Passkey struct {
	ID, Key        []byte // the key in COSE's form
	Counter        uint32 // of signatures; 0 if the authenticator has none
	BackupEligible bool
	RelyingParty   string // the domain that it was made for
	Attachment     string // platform, cross-platform or ""
	Transports     []string
	Name           string
	Created        time.Time
}

// size returns about how much memory the passkey takes, in bytes.
func (k Passkey) size() int {
	size := 256 + len(k.ID) + len(k.Key) + len(k.RelyingParty) + len(k.Name)
	for _, name := range k.Transports {
		size += 16 + len(name)
	}
	return size
}
