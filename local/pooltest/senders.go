package pooltest

import (
	"context"
	"errors"
	"time"
)

// SenderKey is a KMS key that the pool encrypts the codes for custom senders with. Package senderkey has one.
type SenderKey interface {
	ARN() string
	// Seal encrypts a code for the functions of a pool, and returns request.code.
	Seal(ctx context.Context, key, poolID, code string) (string, error)
}

// WithSenderKey sets the pool's KMSKeyID, which it needs if a handler is attached to a custom sender.
func WithSenderKey(key SenderKey) Option { return func(c *config) { c.key = key } }

var errNoKey = errors.New("a custom sender needs a key: add WithSenderKey(senderkey.Start(t)) with the package " +
	"senderkey below pooltest")

// settleLimit is longer than all attempts of a handler that is late.
const settleLimit = time.Minute

// Settle waits until the calls of custom senders that are due have ended, with all their attempts, which follow each
// other at once. Without it, Fired may lack them: the operations of the pool do not wait for senders.
func (p *Pool) Settle() {
	ctx, cancel := context.WithTimeout(context.Background(), settleLimit)
	defer cancel()
	_ = p.pool.Settle(ctx) // what has not ended is not in Fired
}
