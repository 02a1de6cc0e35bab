package awscall

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go"
)

func configured(url string) aws.Config {
	return aws.Config{
		BaseEndpoint: &url, Region: "eu-west-1", HTTPClient: http.DefaultClient,
		Credentials: credentials.NewStaticCredentialsProvider("an-id", "a secret", ""),
	}
}

func TestDo(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_ = json.NewEncoder(w).Encode(map[string]string{
			"Path": r.URL.Path, "Target": r.Header.Get("X-Amz-Target"), "Type": r.Header.Get("Content-Type"),
			"Authorization": r.Header.Get("Authorization"), "Body": string(body),
		})
	}))
	t.Cleanup(server.Close)
	for name, c := range map[string]struct {
		call Call
		want map[string]string
	}{
		"by target": {
			call: Call{Service: "kms", Target: "TrentService.CreateKey", In: map[string]string{"Description": "codes"}},
			want: map[string]string{
				"Path": "/secret/", "Target": "TrentService.CreateKey", "Type": "application/x-amz-json-1.1",
				"Body": `{"Description":"codes"}`, "Authorization": "/eu-west-1/kms/aws4_request",
			},
		},
		"by path": {
			call: Call{Service: "ses", Path: "/v2/email/identities"},
			want: map[string]string{
				"Path": "/secret/v2/email/identities", "Target": "", "Type": "application/json", "Body": "null",
				"Authorization": "AWS4-HMAC-SHA256 Credential=an-id/",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got map[string]string
			if err := Do(t.Context(), configured(server.URL+"/secret"), c.call, &got); err != nil {
				t.Fatal(err)
			}
			for member, want := range c.want {
				if same := got[member] == want; !same && (member != "Authorization" || !strings.Contains(got[member], want)) {
					t.Errorf("%s is %q, want %q", member, got[member], want)
				}
			}
		})
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		header, body  string
		code, message string
	}{
		"header": {
			header: "AlreadyExistsException:http://x/", body: `{"message":"is there"}`,
			code: "AlreadyExistsException", message: "is there",
		},
		"body": {
			body: `{"__type":"com.amazonaws#NotFoundException","Message":"no key"}`,
			code: "NotFoundException", message: "no key",
		},
		"no JSON": {body: "<html>", code: "Status400"},
		"nothing": {code: "Status400"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if c.header != "" {
					w.Header().Set("X-Amzn-Errortype", c.header)
				}
				w.WriteHeader(http.StatusBadRequest)
				_, _ = io.WriteString(w, c.body)
			}))
			t.Cleanup(server.Close)
			err := Do(t.Context(), configured(server.URL), Call{Service: "kms"}, nil)
			var api *smithy.GenericAPIError
			if !errors.As(err, &api) || api.Code != c.code || api.Message != c.message {
				t.Errorf("error %v, want %s: %s", err, c.code, c.message)
			}
		})
	}
	if err := Do(t.Context(), aws.Config{}, Call{}, nil); err == nil || !strings.Contains(err.Error(), "no endpoint") {
		t.Errorf("error %v: AWS itself is never called", err)
	}
}
