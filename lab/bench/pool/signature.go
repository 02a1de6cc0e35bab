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
	// signaturesPerFlow counts the ID token's signature and the access token's.
	signaturesPerFlow = 2
	// signaturesPerRound is large enough for the resolution of CPU time, a hundredth of a second.
	signaturesPerRound = 300
)

// signatures measures the cost of an RS256 signature. Signatures take most of our pool's CPU and cannot be avoided; the
// rest of a flow is our own code.
type signatures struct {
	key  *rsa.PrivateKey
	cost []time.Duration // CPU of one, by round
}

func newSignatures() (*signatures, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	return &signatures{key: key}, err
}

// round signs on all cores at once, since all are busy while flows are measured.
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
