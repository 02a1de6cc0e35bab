package pool

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"os"
	"runtime"
	"sync"
	"time"
)

const (
	// signaturesPerFlow are those of the ID token and of the access token.
	signaturesPerFlow = 2
	// signaturesPerRound are enough for the system's clock, which counts CPU time in hundredths of a second.
	signaturesPerRound = 300
)

// signatures measures what an RS256 signature costs here. They take most of our pool's CPU, and no pool can do without
// them: what is left of a flow is what our own code takes.
type signatures struct {
	key  *rsa.PrivateKey
	cost []time.Duration // CPU of one, by round
}

func newSignatures() (*signatures, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	return &signatures{key: key}, err
}

// round signs on all cores at once, as they are all busy while flows are measured.
func (s *signatures) round() error {
	digest := sha256.Sum256([]byte("header.claims"))
	cores := runtime.NumCPU()
	each := (signaturesPerRound + cores - 1) / cores
	problems := make(chan error, cores*each)
	before := usageOf(os.Getpid())
	var workers sync.WaitGroup
	for range cores {
		workers.Go(func() {
			for range each {
				if _, err := rsa.SignPKCS1v15(nil, s.key, crypto.SHA256, digest[:]); err != nil {
					problems <- err
				}
			}
		})
	}
	workers.Wait()
	after := usageOf(os.Getpid())
	if after.Known {
		s.cost = append(s.cost, (after.CPU-before.CPU)/time.Duration(cores*each))
	}
	close(problems)
	return <-problems
}
