package sendercode

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	mpl "github.com/aws/aws-cryptographic-material-providers-library/releases/go/mpl/awscryptographymaterialproviderssmithygenerated"
	mpltypes "github.com/aws/aws-cryptographic-material-providers-library/releases/go/mpl/awscryptographymaterialproviderssmithygeneratedtypes"
	esdk "github.com/aws/aws-encryption-sdk/releases/go/encryption-sdk/awscryptographyencryptionsdksmithygenerated"
	esdktypes "github.com/aws/aws-encryption-sdk/releases/go/encryption-sdk/awscryptographyencryptionsdksmithygeneratedtypes"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/sendercode/sdklock"
	"cognito-triggers/shared/settings"
)

const (
	key      = "arn:aws:kms:eu-west-1:111122223333:key/1f5e1b6c-3f0a-4d8e-9c55-0f9f1f4f7a10"
	otherKey = "arn:aws:kms:eu-west-1:111122223333:key/9b0e2f6d-8d3b-4c57-9b0e-2f6d4f1f7a10"
	pool     = "eu-west-1_Qk7Lm2XyZ"
)

// fakeKMS keeps the data keys that it made, and gives one back for the same key and context.
type fakeKMS struct {
	mu    sync.Mutex
	made  map[string]dataKey // by its ciphertext
	calls int
	fail  http.HandlerFunc // answers in its place
}

type dataKey struct {
	keyID     string
	plaintext []byte
	context   map[string]string
}

func (f *fakeKMS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in struct {
		KeyID             string `json:"KeyId"`
		CiphertextBlob    []byte
		NumberOfBytes     int
		EncryptionContext map[string]string
	}
	_ = json.NewDecoder(r.Body).Decode(&in)
	f.mu.Lock()
	f.calls++
	fail := f.fail
	f.mu.Unlock()
	if fail != nil {
		fail(w, r)
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if r.Header.Get("X-Amz-Target") == "TrentService.GenerateDataKey" {
		blob := rand.Text()
		made := dataKey{in.KeyID, make([]byte, in.NumberOfBytes), in.EncryptionContext}
		_, _ = rand.Read(made.plaintext)
		f.made[blob] = made
		_ = json.NewEncoder(w).Encode(map[string]any{"KeyId": in.KeyID, "Plaintext": made.plaintext,
			"CiphertextBlob": []byte(blob)})
		return
	}
	made, known := f.made[string(in.CiphertextBlob)]
	if !known || made.keyID != in.KeyID || !maps.Equal(made.context, in.EncryptionContext) {
		refuse(400, "InvalidCiphertextException")(w, r)
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"KeyId": in.KeyID, "Plaintext": made.plaintext})
}

func refuse(status int, code string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Amzn-Errortype", code)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(`{"message":"about Y2FuYXJ5"}`))
	}
}

func newKMS(t testing.TB) (*fakeKMS, aws.Config) {
	t.Helper()
	fake := &fakeKMS{made: map[string]dataKey{}}
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	env := settings.FromMap(onLambda(server.URL))
	config := awsenv.Config(env, "KMS")
	if err := env.Err(); err != nil {
		t.Fatal(err)
	}
	return fake, config
}

func onLambda(endpoint string) map[string]string {
	return map[string]string{"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
		"AWS_SECRET_ACCESS_KEY": "secret", "AWS_ENDPOINT_URL_KMS": endpoint, KeySetting: key}
}

// cognitos is the form of Cognito's messages.
var cognitos = form{mpltypes.ESDKCommitmentPolicyForbidEncryptAllowDecrypt,
	mpltypes.ESDKAlgorithmSuiteIdAlgAes256GcmIv12Tag16HkdfSha384EcdsaP384}

type form struct {
	policy mpltypes.ESDKCommitmentPolicy
	suite  mpltypes.ESDKAlgorithmSuiteId
}

// seal encrypts as Cognito does.
func seal(t testing.TB, config aws.Config, f form, keyID string, context map[string]string, text string) string {
	t.Helper()
	defer sdklock.Hold()()
	encryption, err := esdk.NewClient(esdktypes.AwsEncryptionSdkConfig{CommitmentPolicy: &f.policy})
	if err != nil {
		t.Fatal(err)
	}
	materials, err := mpl.NewClient(mpltypes.MaterialProvidersConfig{})
	if err != nil {
		t.Fatal(err)
	}
	keyring, err := materials.CreateAwsKmsKeyring(t.Context(), mpltypes.CreateAwsKmsKeyringInput{
		KmsClient: kms.NewFromConfig(config), KmsKeyId: keyID,
	})
	if err != nil {
		t.Fatal(err)
	}
	frame := int64(4096)
	out, err := encryption.Encrypt(t.Context(), esdktypes.EncryptInput{
		Plaintext: []byte(text), EncryptionContext: context, Keyring: keyring, AlgorithmSuiteId: &f.suite,
		FrameLength: &frame,
	})
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(out.Ciphertext)
}

func bindTo(userPoolID string) map[string]string { return map[string]string{poolID: userPoolID} }
