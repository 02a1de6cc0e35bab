// Package senderkey is a KMS key for the codes of custom senders in tests. The pool of package pooltest encrypts with
// it as Cognito does, and a test reads the code that a handler got. It is apart from pooltest because it links AWS's
// Encryption SDK, which takes a minute to compile the first time.
//
//	key := senderkey.Start(t)
//	p := pooltest.Start(t, pooltest.On(events.CustomEmailSender, handle), pooltest.WithSenderKey(key))
//	err := p.SignUp(ines)
//	p.Settle()
//	code, err := key.Open(p.ID, event.Request.Code)
package senderkey

import (
	"context"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"cognito-triggers/local/kms"
	"cognito-triggers/local/sealedcode"
)

const region = "eu-west-1" // that of pooltest's pools

// Key is a key in a key service on this machine. It is safe for concurrent use.
type Key struct {
	Endpoint string // of the key service, for a handler's own KMS client; any credentials work

	key    kms.Key
	server *httptest.Server
	sealer *sealedcode.Sealer
}

// Start returns a key that ends with the test.
func Start(t testing.TB) *Key {
	t.Helper()
	k := New()
	t.Cleanup(k.Close)
	return k
}

// New is Start for programs that are not tests. Close the key when it is no longer needed.
func New() *Key {
	k := &Key{key: kms.NewKey(region)}
	k.server = httptest.NewServer(kms.New(k.key))
	k.Endpoint = k.server.URL
	k.sealer = sealedcode.New(func() (aws.Config, error) {
		return aws.Config{
			BaseEndpoint: &k.Endpoint, Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		}, nil
	})
	return k
}

// Close ends the key service.
func (k *Key) Close() { k.server.Close() }

// ARN returns the key's ARN, which is the pool's KMSKeyID.
func (k *Key) ARN() string { return k.key.ARN }

// Seal encrypts a code as Cognito does for the functions of a pool. The pool calls it.
func (k *Key) Seal(ctx context.Context, key, poolID, code string) (string, error) {
	return k.sealer.Seal(ctx, key, poolID, code)
}

// Open returns the code or temporary password in request.code of an event of the pool.
func (k *Key) Open(poolID, code string) (string, error) {
	return k.sealer.Open(context.Background(), k.key.ARN, poolID, code)
}
