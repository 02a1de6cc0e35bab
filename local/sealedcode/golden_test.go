package sealedcode_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"cognito-triggers/local/kms"
	"cognito-triggers/local/sealedcode"
	"cognito-triggers/shared/golden"
	"cognito-triggers/testevents"
)

var update = flag.Bool("update", false, "encrypt the codes in golden events that are written as seal:CODE")

// sealMark begins a code that is to be encrypted: seal:394017, or seal@POOL:394017 for another pool's.
const sealMark = "seal"

// Every code in a golden event is encrypted under the key of golden events, as Cognito encrypts codes. To add an event,
// write "code": "seal:394017" and run this test with -update.
func TestCodesOfGoldenEvents(t *testing.T) {
	service := httptest.NewServer(kms.New(kms.Golden()))
	t.Cleanup(service.Close)
	sealer := sealedcode.New(func() (aws.Config, error) {
		return aws.Config{
			BaseEndpoint: &service.URL, Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		}, nil
	})
	codes := 0
	for _, trigger := range []string{"custom-email-sender", "custom-sms-sender"} {
		cases, err := golden.Load(testevents.FS(), trigger)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			var event struct {
				UserPoolID string `json:"userPoolId"`
				Request    struct{ Code string }
			}
			if err := json.Unmarshal(c.Event, &event); err != nil {
				t.Fatal(err)
			}
			code := event.Request.Code
			mark, plaintext, found := strings.Cut(code, ":")
			switch {
			case code == "":
			case found && strings.HasPrefix(mark, sealMark) && *update:
				_, pool, other := strings.Cut(mark, "@")
				if !other {
					pool = event.UserPoolID
				}
				sealed, err := sealer.Seal(t.Context(), kms.Golden().ARN, pool, plaintext)
				if err != nil {
					t.Fatal(err)
				}
				written := []byte(`"` + code + `"`)
				file := filepath.Join("../../testevents", trigger, c.Name+".json")
				text := bytes.Replace(c.Event, written, []byte(`"`+sealed+`"`), 1)
				if err := os.WriteFile(file, text, 0o644); err != nil {
					t.Fatal(err)
				}
				codes++
			case found:
				t.Errorf("%s/%s: the code is not encrypted: run this test with -update", trigger, c.Name)
			case strings.HasPrefix(code, "AYADe"):
				codes++
			}
		}
	}
	if codes < 15 {
		t.Errorf("%d codes, want at least one for each source", codes)
	}
}
