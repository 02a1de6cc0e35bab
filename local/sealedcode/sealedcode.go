// Package sealedcode encrypts the codes in the events of custom senders as Cognito does: with AWS's Encryption SDK,
// under a key of a KMS, in the form that Cognito's messages have. It is apart from the user pool because that SDK takes
// long to compile: only cmd/codesealer links it, and tests that use pooltest/senderkey.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-sender-triggers.html
package sealedcode

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	materials "github.com/aws/aws-cryptographic-material-providers-library/releases/go/mpl/awscryptographymaterialproviderssmithygenerated"
	materialtypes "github.com/aws/aws-cryptographic-material-providers-library/releases/go/mpl/awscryptographymaterialproviderssmithygeneratedtypes"
	encryption "github.com/aws/aws-encryption-sdk/releases/go/encryption-sdk/awscryptographyencryptionsdksmithygenerated"
	encryptiontypes "github.com/aws/aws-encryption-sdk/releases/go/encryption-sdk/awscryptographyencryptionsdksmithygeneratedtypes"
	"github.com/aws/aws-sdk-go-v2/aws"
	awsarn "github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/smithy-go"

	"cognito-triggers/shared/sendercode/sdklock"
)

// poolContext is the name of the encryption context that Cognito binds a code to its pool with.
const poolContext = "userpool-id"

// frameLength is the one in Cognito's messages.
const frameLength = 4096

// The limits of a call of the KMS. The Encryption SDK does not pass contexts on, so nothing else ends one.
const (
	callLimit    = 3 * time.Second
	callAttempts = 2
)

// Sealer encrypts and decrypts codes with the keys of one KMS. It is safe for concurrent use, and costs nothing until
// its first use.
type Sealer struct {
	config func() (aws.Config, error)

	clients map[string]*kms.Client // by Region; used with the SDK's lock, as what follows
	sdk     *encryption.Client
	rings   *materials.Client
}

// New returns a Sealer. The configuration of the KMS client is asked for on first use; its HTTP client is replaced by
// one whose calls end after seconds.
func New(config func() (aws.Config, error)) *Sealer {
	return &Sealer{config: config, clients: map[string]*kms.Client{}}
}

// Seal encrypts a code for the functions of a pool, and returns the message in base64, as request.code has it: version
// 1 with the suite 0x0378, which signs and does not commit to its key, and the pool's ID in the encryption context. key
// is the key's ARN.
func (s *Sealer) Seal(ctx context.Context, key, poolID, code string) (string, error) {
	sealed, err := within(ctx, func() ([]byte, error) {
		defer sdklock.Hold()()
		sdk, ring, err := s.tools(key)
		if err != nil {
			return nil, err
		}
		suite := materialtypes.ESDKAlgorithmSuiteIdAlgAes256GcmIv12Tag16HkdfSha384EcdsaP384
		out, err := sdk.Encrypt(ctx, encryptiontypes.EncryptInput{
			Plaintext: []byte(code), EncryptionContext: map[string]string{poolContext: poolID}, Keyring: ring,
			AlgorithmSuiteId: &suite, FrameLength: aws.Int64(frameLength),
		})
		if err != nil {
			return nil, plain(err)
		}
		return out.Ciphertext, nil
	})
	return base64.StdEncoding.EncodeToString(sealed), err
}

// Open decrypts what Seal returned for the pool.
func (s *Sealer) Open(ctx context.Context, key, poolID, sealed string) (string, error) {
	message, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		return "", fmt.Errorf("the code is not base64: %w", err)
	}
	code, err := within(ctx, func() ([]byte, error) {
		defer sdklock.Hold()()
		sdk, ring, err := s.tools(key)
		if err != nil {
			return nil, err
		}
		out, err := sdk.Decrypt(ctx, encryptiontypes.DecryptInput{
			Ciphertext: message, Keyring: ring, EncryptionContext: map[string]string{poolContext: poolID},
		})
		if err != nil {
			return nil, plain(err)
		}
		return out.Plaintext, nil
	})
	return string(code), err
}

// tools returns the Encryption SDK, and what wraps data keys with the key.
func (s *Sealer) tools(key string) (*encryption.Client, materialtypes.IKeyring, error) {
	parsed, err := awsarn.Parse(key)
	if err != nil || parsed.Service != "kms" || !strings.HasPrefix(parsed.Resource, "key/") {
		return nil, nil, errors.New("it is not the ARN of a KMS key")
	}
	client, err := s.client(parsed.Region)
	if err != nil {
		return nil, nil, err
	}
	ring, err := s.rings.CreateAwsKmsKeyring(context.Background(),
		materialtypes.CreateAwsKmsKeyringInput{KmsClient: client, KmsKeyId: key})
	return s.sdk, ring, err
}

func (s *Sealer) client(region string) (*kms.Client, error) {
	if s.sdk == nil {
		policy := materialtypes.ESDKCommitmentPolicyForbidEncryptAllowDecrypt
		sdk, err := encryption.NewClient(encryptiontypes.AwsEncryptionSdkConfig{CommitmentPolicy: &policy})
		if err != nil {
			return nil, err
		}
		if s.rings, err = materials.NewClient(materialtypes.MaterialProvidersConfig{}); err != nil {
			return nil, err
		}
		s.sdk = sdk
	}
	if client := s.clients[region]; client != nil {
		return client, nil
	}
	config, err := s.config()
	if err != nil {
		return nil, err
	}
	client := kms.NewFromConfig(config, func(o *kms.Options) {
		o.Region, o.RetryMaxAttempts = region, callAttempts
		o.HTTPClient = &http.Client{Timeout: callLimit, Transport: &http.Transport{}} // no proxy: it is on this machine
	})
	s.clients[region] = client
	return client, nil
}

// within returns what do returns, or ctx's error if that ends first; do then goes on by itself.
func within(ctx context.Context, do func() ([]byte, error)) ([]byte, error) {
	type result struct {
		out []byte
		err error
	}
	done := make(chan result, 1)
	go func() {
		out, err := do()
		done <- result{out, err}
	}()
	select {
	case r := <-done:
		return r.out, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// plain returns KMS's own error if there is one in the Encryption SDK's, whose text lists everything that it tried.
func plain(err error) error {
	var api smithy.APIError
	if errors.As(err, &api) {
		return fmt.Errorf("KMS: %s: %s", api.ErrorCode(), api.ErrorMessage())
	}
	return errors.New(strings.ReplaceAll(err.Error(), "%!s(*string=<nil>)", ""))
}
