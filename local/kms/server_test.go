package kms

import (
	"bytes"
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/smithy-go"
)

func client(t *testing.T, keys ...Key) *kms.Client {
	t.Helper()
	server := httptest.NewServer(New(keys...))
	t.Cleanup(server.Close)
	return kms.New(kms.Options{Region: "eu-west-1", BaseEndpoint: &server.URL,
		Credentials: aws.CredentialsProviderFunc(credentials)})
}

func credentials(context.Context) (aws.Credentials, error) {
	return aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret"}, nil
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	key, other := NewKey("eu-west-1"), NewKey("eu-west-1")
	c := client(t, key, other)
	context := map[string]string{"userpool-id": "eu-west-1_Qk7Lm2XyZ"}
	sealed, err := c.Encrypt(t.Context(), &kms.EncryptInput{KeyId: &key.ARN, Plaintext: []byte("123456"),
		EncryptionContext: context})
	if err != nil {
		t.Fatal(err)
	}
	decrypt := func(blob []byte, keyID string, context map[string]string) ([]byte, error) {
		in := &kms.DecryptInput{CiphertextBlob: blob, EncryptionContext: context}
		if keyID != "" {
			in.KeyId = &keyID
		}
		out, err := c.Decrypt(t.Context(), in)
		if err != nil {
			return nil, err
		}
		return out.Plaintext, nil
	}
	flipped := bytes.Clone(sealed.CiphertextBlob)
	flipped[len(flipped)-1] ^= 1
	for name, c := range map[string]struct {
		blob    []byte
		keyID   string
		context map[string]string
		want    string // the error's code; "" if it decrypts
	}{
		"by ARN":          {blob: sealed.CiphertextBlob, keyID: key.ARN, context: context},
		"by id":           {blob: sealed.CiphertextBlob, keyID: key.id(), context: context},
		"by the blob":     {blob: sealed.CiphertextBlob, context: context},
		"other context":   {blob: sealed.CiphertextBlob, context: nil, want: "InvalidCiphertextException"},
		"other key":       {blob: sealed.CiphertextBlob, keyID: other.ARN, context: context, want: "IncorrectKeyException"},
		"unknown key":     {blob: sealed.CiphertextBlob, keyID: "alias/x", context: context, want: "NotFoundException"},
		"one bit flipped": {blob: flipped, context: context, want: "InvalidCiphertextException"},
		"too short":       {blob: []byte{1, 2}, context: context, want: "InvalidCiphertextException"},
	} {
		t.Run(name, func(t *testing.T) {
			plaintext, err := decrypt(c.blob, c.keyID, c.context)
			var refused smithy.APIError
			if c.want == "" && (err != nil || string(plaintext) != "123456") {
				t.Errorf("got %q, %v", plaintext, err)
			}
			if c.want != "" && (!errors.As(err, &refused) || refused.ErrorCode() != c.want) {
				t.Errorf("error %v, want %s", err, c.want)
			}
		})
	}
}

func TestDataKeys(t *testing.T) {
	t.Parallel()
	key := FixedKey("eu-west-1", "tests")
	c := client(t, key)
	made, err := c.GenerateDataKey(t.Context(), &kms.GenerateDataKeyInput{KeyId: &key.ARN,
		KeySpec: types.DataKeySpecAes256})
	if err != nil || len(made.Plaintext) != 32 {
		t.Fatalf("%d bytes, error %v", len(made.Plaintext), err)
	}
	// another process with the same seed
	again := client(t, FixedKey("eu-west-1", "tests"))
	out, err := again.Decrypt(t.Context(), &kms.DecryptInput{CiphertextBlob: made.CiphertextBlob})
	if err != nil || !bytes.Equal(out.Plaintext, made.Plaintext) || aws.ToString(out.KeyId) != key.ARN {
		t.Errorf("error %v", err)
	}
	if !strings.HasPrefix(key.ARN, "arn:aws:kms:eu-west-1:000000000000:key/") || key == FixedKey("eu-west-1", "other") {
		t.Errorf("key %s", key.ARN)
	}
}

func TestForeignPagesAreRefused(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("POST", "http://127.0.0.1/", strings.NewReader("{}"))
	r.Header.Set("Origin", "https://example.org")
	w := httptest.NewRecorder()
	New().ServeHTTP(w, r)
	if w.Code != 403 {
		t.Errorf("status %d", w.Code)
	}
}
