package sealedcode_test

import (
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"cognito-triggers/local/kms"
	"cognito-triggers/local/sealedcode"
	"cognito-triggers/shared/sendercode"
)

const pool = "eu-west-1_Qk7Lm2XyZ"

func start(t *testing.T, keys ...kms.Key) *sealedcode.Sealer {
	t.Helper()
	service := httptest.NewServer(kms.New(keys...))
	t.Cleanup(service.Close)
	return sealedcode.New(func() (aws.Config, error) {
		login := credentials.NewStaticCredentialsProvider("a", "b", "")
		return aws.Config{BaseEndpoint: &service.URL, Credentials: login}, nil
	})
}

// What is sealed has the form of the messages that Cognito sends: version 1, type 0x80, suite 0x0378, the pool's ID in
// the encryption context, one data key of the provider aws-kms, and a framed body of frames of 4,096 bytes.
func TestForm(t *testing.T) {
	t.Parallel()
	key := kms.NewKey("eu-west-1")
	s := start(t, key)
	sealed, err := s.Seal(t.Context(), key.ARN, pool, "123456")
	if err != nil {
		t.Fatal(err)
	}
	message, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil || !strings.HasPrefix(sealed, "AYADe") {
		t.Fatalf("sealed %s, error %v", sealed, err)
	}
	for what, part := range map[string]string{
		"version, type and suite": "\x01\x80\x03\x78", "context": "\x00\x0buserpool-id\x00\x13" + pool,
		"signing key":  "aws-crypto-public-key",
		"one data key": "\x00\x01\x00\x07aws-kms\x00" + string(rune(len(key.ARN))) + key.ARN,
		"framed body":  "\x02\x00\x00\x00\x00\x0c\x00\x00\x10\x00",
	} {
		if !strings.Contains(string(message), part) {
			t.Errorf("%s: %q is not in %s", what, part, hex.EncodeToString(message))
		}
	}
	if got, err := s.Open(t.Context(), key.ARN, pool, sealed); got != "123456" || err != nil {
		t.Errorf("opened %q, error %v", got, err)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	key, other := kms.NewKey("eu-west-1"), kms.NewKey("eu-west-1")
	s := start(t, key, other)
	sealed, err := s.Seal(t.Context(), key.ARN, pool, "Tmp&lt;7pass")
	if err != nil {
		t.Fatal(err)
	}
	gone := kms.NewKey("eu-west-1").ARN
	seal := func(key string) func() (string, error) {
		return func() (string, error) { return s.Seal(t.Context(), key, pool, "1") }
	}
	open := func(key, pool, sealed string) func() (string, error) {
		return func() (string, error) { return s.Open(t.Context(), key, pool, sealed) }
	}
	for name, c := range map[string]struct {
		do   func() (string, error)
		want string
	}{
		"unknown key":   {seal(gone), "NotFoundException"},
		"alias":         {seal("alias/codes"), "not the ARN of a KMS key"},
		"other pool":    {open(key.ARN, "eu-west-1_Other", sealed), "encryption context"},
		"other key":     {open(other.ARN, pool, sealed), "No Encrypted Data Keys"},
		"not base64":    {open(key.ARN, pool, "?"), "base64"},
		"not a message": {open(key.ARN, pool, "AYADeA=="), ""},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := c.do()
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("returned %q, error %v; want %q", out, err, c.want)
			}
		})
	}
}

// Pools encrypt while functions decrypt, in one process too. The race detector looks on: the Encryption SDK writes to
// variables of its packages.
func TestParallelUse(t *testing.T) {
	t.Parallel()
	key := kms.NewKey("eu-west-1")
	service := httptest.NewServer(kms.New(key))
	t.Cleanup(service.Close)
	config := aws.Config{
		BaseEndpoint: &service.URL, Region: "eu-west-1",
		Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""), HTTPClient: http.DefaultClient,
	}
	s := sealedcode.New(func() (aws.Config, error) { return config, nil })
	d := sendercode.New(config, key.ARN)
	var uses sync.WaitGroup
	for range 8 {
		uses.Go(func() {
			sealed, err := s.Seal(t.Context(), key.ARN, pool, "394017")
			if err != nil {
				t.Error(err)
				return
			}
			opened, failed := s.Open(t.Context(), key.ARN, pool, sealed)
			decrypted, err := d.Decrypt(t.Context(), pool, sealed)
			if opened != "394017" || failed != nil || decrypted != "394017" || err != nil {
				t.Errorf("opened %q, error %v; decrypted %q, error %v", opened, failed, decrypted, err)
			}
		})
	}
	uses.Wait()
}
