// Package sendercode decrypts the codes and temporary passwords that Cognito gives to custom senders. Each is a message
// of AWS's Encryption SDK, whose Go module does the cryptography. What that module leaves to its caller is here: which
// keys may decrypt, that the code is of the event's own pool, the deadline, and errors that say what to do.
//
// The module is large (see docs/aws-behaviour.md), so only the custom senders link this package.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-sender-triggers.html
package sendercode

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	mpl "github.com/aws/aws-cryptographic-material-providers-library/releases/go/mpl/awscryptographymaterialproviderssmithygenerated"
	mpltypes "github.com/aws/aws-cryptographic-material-providers-library/releases/go/mpl/awscryptographymaterialproviderssmithygeneratedtypes"
	esdk "github.com/aws/aws-encryption-sdk/releases/go/encryption-sdk/awscryptographyencryptionsdksmithygenerated"
	esdktypes "github.com/aws/aws-encryption-sdk/releases/go/encryption-sdk/awscryptographyencryptionsdksmithygeneratedtypes"
	"github.com/aws/aws-sdk-go-v2/aws"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/sendercode/sdklock"
	"cognito-triggers/shared/settings"
)

// ErrRefused is wrapped by errors of a code that no attempt can decrypt: it is damaged, of another pool, or under a key
// that is not configured. Any other error is one of KMS.
var ErrRefused = errors.New("the code is refused")

// The settings.
const (
	KeySetting     = "SENDER_KEY_ARN"
	OldKeysSetting = "OLD_SENDER_KEY_ARNS"
)

// poolID is the name in the encryption context that Cognito binds a code to its pool with.
const poolID = "userpool-id"

const (
	maxCode      = 16 << 10 // of the message in base64; Cognito's have about 750 characters
	maxPlaintext = 256      // characters of a password in Cognito
	maxDataKeys  = 8        // copies of the data key in a message; Cognito makes one
)

// Decrypter decrypts codes under its keys. It is safe for concurrent use.
type Decrypter struct {
	keys   []string
	kms    aws.Config
	client func() (*clients, error)
}

// clients are made at the first code, so that a notice without one pays nothing.
type clients struct {
	encryption *esdk.Client
	materials  *mpl.Client
}

// FromSettings returns a decrypter for the key in SENDER_KEY_ARN, the pool's, and those in OLD_SENDER_KEY_ARNS, which
// the pool had before and whose codes may still arrive. Problems are recorded in env.
func FromSettings(env *settings.Env) *Decrypter {
	keys := append([]string{env.Required(KeySetting, "give the ARN of the key that the pool encrypts codes with, "+
		"its KMSKeyID")}, env.List(OldKeysSetting)...)
	for i, key := range keys {
		name := KeySetting
		if i > 0 {
			name = OldKeysSetting
		}
		if key != "" && !keyARN.MatchString(key) {
			env.Fail(name, "is not the ARN of a key: use arn:aws:kms:REGION:ACCOUNT:key/ID; an alias cannot decrypt")
		}
	}
	return New(awsenv.Config(env, "KMS"), keys...)
}

// keyARN is strict, because the Encryption SDK takes aliases and ids as well, and then decrypts nothing.
var keyARN = regexp.MustCompile(`^arn:[a-z0-9-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$`)

// New returns a decrypter whose calls of KMS have the configuration; see awsenv.Config.
func New(kms aws.Config, keys ...string) *Decrypter {
	return &Decrypter{keys: keys, kms: kms, client: sync.OnceValues(newClients)}
}

func newClients() (*clients, error) {
	// Cognito's suite does not commit to its key. This policy decrypts it, as well as a committing one, should Cognito
	// change to one; it refuses to encrypt without commitment, which nothing here does.
	policy, limit := mpltypes.ESDKCommitmentPolicyRequireEncryptAllowDecrypt, int64(maxDataKeys)
	encryption, err := esdk.NewClient(esdktypes.AwsEncryptionSdkConfig{
		CommitmentPolicy: &policy, MaxEncryptedDataKeys: &limit,
	})
	if err != nil {
		return nil, plain("the Encryption SDK does not start", err)
	}
	materials, err := mpl.NewClient(mpltypes.MaterialProvidersConfig{})
	if err != nil {
		return nil, plain("the material providers library does not start", err)
	}
	return &clients{encryption, materials}, nil
}

// Decrypt returns the code or temporary password in an event's request.code, as the plaintext has it. The message must
// be bound to the pool. The error wraps ErrRefused if trying again cannot help.
func (d *Decrypter) Decrypt(ctx context.Context, userPoolID, code string) (plaintext string, err error) {
	if err := ctx.Err(); err != nil {
		return "", fmt.Errorf("decrypt the code: %w", err)
	}
	message, err := decode(code)
	if err != nil {
		return "", err
	}
	if userPoolID == "" {
		return "", fmt.Errorf("%w: the event names no user pool", ErrRefused)
	}
	defer sdklock.Hold()() // a function handles one event at a time, so nobody waits there
	defer func() {         // the SDK meets outside input here
		if recover() != nil {
			plaintext, err = "", fmt.Errorf("%w: the Encryption SDK panics at it", ErrRefused)
		}
	}()
	c, err := d.client()
	if err != nil {
		return "", err
	}
	calls := &calls{ctx: ctx}
	keyring, err := d.keyring(ctx, c.materials, calls)
	if err != nil {
		return "", plain("the Encryption SDK refuses the keys", err)
	}
	out, err := c.encryption.Decrypt(ctx, esdktypes.DecryptInput{
		Ciphertext: message, Keyring: keyring, EncryptionContext: map[string]string{poolID: userPoolID},
	})
	if err != nil {
		return "", calls.explain(err)
	}
	if out.EncryptionContext[poolID] != userPoolID {
		return "", errOtherPool
	}
	return checked(out.Plaintext)
}

// decode reads the base64 of the message.
func decode(code string) ([]byte, error) {
	if len(code) > maxCode {
		return nil, fmt.Errorf("%w: it is longer than %d characters", ErrRefused, maxCode)
	}
	message, err := base64.StdEncoding.DecodeString(code)
	if err != nil || len(message) == 0 {
		return nil, fmt.Errorf("%w: it is not base64", ErrRefused)
	}
	return message, nil
}

// checked returns the plaintext if it can be a code or a password.
func checked(plaintext []byte) (string, error) {
	text := string(plaintext)
	if !utf8.ValidString(text) || text == "" || utf8.RuneCountInString(text) > maxPlaintext*len("&quot;") {
		return "", fmt.Errorf("%w: what is in it is neither a code nor a password", ErrRefused)
	}
	if strings.ContainsFunc(text, unicode.IsControl) {
		return "", fmt.Errorf("%w: what is in it has control characters", ErrRefused)
	}
	return text, nil
}

// Password returns the temporary password as the user must type it. Cognito escapes it for HTML before it encrypts it.
// It is unescaped once: a password may itself look escaped.
func Password(plaintext string) string { return html.UnescapeString(plaintext) }

// keyring makes a keyring of this call's own, since only so its calls of KMS end with ctx.
func (d *Decrypter) keyring(ctx context.Context, materials *mpl.Client, calls *calls) (mpltypes.IKeyring, error) {
	var children []mpltypes.IKeyring
	for _, key := range d.keys {
		child, err := materials.CreateAwsKmsKeyring(ctx, mpltypes.CreateAwsKmsKeyringInput{
			KmsClient: calls.client(d.kms), KmsKeyId: key,
		})
		if err != nil {
			return nil, err
		}
		children = append(children, child)
	}
	if len(children) == 1 {
		return children[0], nil
	}
	return materials.CreateMultiKeyring(ctx, mpltypes.CreateMultiKeyringInput{ChildKeyrings: children})
}
