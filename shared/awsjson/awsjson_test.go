package awsjson

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/smithy-go"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/scrub"
	"cognito-triggers/shared/settings"
)

func environment(endpoint string) *settings.Env {
	return settings.FromMap(map[string]string{
		"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
		"AWS_SESSION_TOKEN": "token", "AWS_ENDPOINT_URL": endpoint,
	})
}

func serve(t *testing.T, handle http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handle)
	t.Cleanup(server.Close)
	return server.URL
}

// The requests are those of the service's own client, as far as a service looks at them.
func TestRequestIsTheClients(t *testing.T) {
	t.Parallel()
	type request struct{ path, target, kind, scope, token, body string }
	var got []request
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var members map[string]any
		_ = json.Unmarshal(body, &members)
		sorted, _ := json.Marshal(members)
		_, scope, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
		scope, _, _ = strings.Cut(scope, ",")
		got = append(got, request{
			r.URL.Path, r.Header.Get("X-Amz-Target"), r.Header.Get("Content-Type"), scope,
			r.Header.Get("X-Amz-Security-Token"), string(sorted),
		})
		_, _ = io.WriteString(w, `{"Groups":[{"GroupName":"staff"}]}`)
	})
	env := environment(url)
	var out struct{ Groups []struct{ GroupName string } }
	err := New(env, CognitoIdentityProvider()).Call(t.Context(), Request{
		Operation: "AdminListGroupsForUser", Body: map[string]any{"UserPoolId": "eu-west-1_a", "Username": "ines"},
	}, &out)
	if err != nil || len(out.Groups) != 1 || out.Groups[0].GroupName != "staff" {
		t.Fatalf("groups %v, error %v", out, err)
	}
	client := cognitoidentityprovider.New(cognitoidentityprovider.Options{
		Region: "eu-west-1", BaseEndpoint: &url,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret", SessionToken: "token"}, nil
		}),
	})
	if _, err := client.AdminListGroupsForUser(t.Context(), &cognitoidentityprovider.AdminListGroupsForUserInput{
		UserPoolId: aws.String("eu-west-1_a"), Username: aws.String("ines"),
	}); err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0] != got[1] {
		t.Errorf("requests\n%+v", got)
	}
}

// The host names are those that the service's own client finds.
func TestHosts(t *testing.T) {
	t.Parallel()
	for _, region := range []string{"eu-west-1", "us-east-1", "us-gov-west-1", "cn-north-1", "ap-southeast-5"} {
		for _, fips := range []bool{false, true} {
			pool, poolErr := cognitoidentityprovider.NewDefaultEndpointResolverV2().ResolveEndpoint(t.Context(),
				cognitoidentityprovider.EndpointParameters{Region: &region, UseFIPS: &fips})
			mail, mailErr := sesv2.NewDefaultEndpointResolverV2().ResolveEndpoint(t.Context(),
				sesv2.EndpointParameters{Region: &region, UseFIPS: &fips})
			if poolErr != nil || mailErr != nil {
				t.Fatal(poolErr, mailErr)
			}
			for want, service := range map[string]Service{pool.URI.Host: CognitoIdentityProvider(), mail.URI.Host: SESV2()} {
				if got, known := hostOf(service, region, fips); got != want || !known {
					t.Errorf("FIPS %v: %s, want %s", fips, got, want)
				}
			}
		}
	}
	env := environment("")
	New(env, SESV2())
	if err := env.Err(); err != nil {
		t.Error(err)
	}
	isolated := settings.FromMap(map[string]string{
		"AWS_REGION": "us-iso-east-1", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b",
	})
	New(isolated, SESV2())
	if err := isolated.Err(); err == nil || !strings.Contains(err.Error(), "AWS_ENDPOINT_URL_SESV2 is not set") {
		t.Errorf("problems %v", err)
	}
}

// A client at a given endpoint, which may have a path of its own, calls that one and never AWS.
func TestAt(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_ = json.NewEncoder(w).Encode(map[string]string{
			"Path": r.URL.Path, "Target": r.Header.Get("X-Amz-Target"), "Type": r.Header.Get("Content-Type"),
			"Authorization": r.Header.Get("Authorization"), "Body": string(body),
		})
	})
	for name, c := range map[string]struct {
		service Service
		request Request
		want    map[string]string
	}{
		"by target": {
			service: KMS(), request: Request{Operation: "CreateKey", Body: map[string]string{"Description": "codes"}},
			want: map[string]string{
				"Path": "/secret/", "Target": "TrentService.CreateKey", "Type": "application/x-amz-json-1.1",
				"Body": `{"Description":"codes"}`, "Authorization": "/eu-west-1/kms/aws4_request",
			},
		},
		"by path": {
			service: SESV2(), request: Request{Operation: "CreateEmailIdentity", Path: "/v2/email/identities"},
			want: map[string]string{
				"Path": "/secret/v2/email/identities", "Target": "", "Type": "application/json", "Body": "null",
				"Authorization": "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, err := At(awsenv.Once(awsenv.Config(environment(url+"/secret"), "KMS")), c.service)
			if err != nil {
				t.Fatal(err)
			}
			var got map[string]string
			if err := client.Call(t.Context(), c.request, &got); err != nil {
				t.Fatal(err)
			}
			for member, want := range c.want {
				if same := got[member] == want; !same && (member != "Authorization" || !strings.Contains(got[member], want)) {
					t.Errorf("%s is %q, want %q", member, got[member], want)
				}
			}
		})
	}
	if _, err := At(aws.Config{}, KMS()); err == nil || !strings.Contains(err.Error(), "no endpoint") {
		t.Errorf("error %v: AWS itself is never called", err)
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status         int
		header, body   string
		code, rendered string
		calls          int32
	}{
		"refused": {
			status: 400, body: `{"__type":"com.amazonaws#UserNotFoundException","message":"no ines@example.org"}`,
			code: "UserNotFoundException", calls: 1,
		},
		"a message in capitals": {
			status: 400, body: `{"__type":"com.amazonaws#NotFoundException","Message":"no ines@example.org"}`,
			code: "NotFoundException", calls: 1,
		},
		"code in a header": {
			status: 400, header: "MessageRejected:http://internal/", body: `{"message":"no ines@example.org"}`,
			code: "MessageRejected", calls: 1,
		},
		"throttled": {
			status: 400, body: `{"__type":"TooManyRequestsException"}`, code: "TooManyRequestsException", calls: 3,
		},
		"broken":          {status: 503, body: `<html>`, code: "UnknownError", calls: 3},
		"another address": {status: 301, body: ``, code: "UnknownError", calls: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				calls.Add(1)
				w.Header().Set("X-Amzn-Requestid", "1234")
				if c.header != "" {
					w.Header().Set("X-Amzn-Errortype", c.header)
				}
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.body)
			})
			err := New(environment(url), CognitoIdentityProvider()).Call(t.Context(), Request{Operation: "Op"}, nil)
			var coded smithy.APIError
			if !errors.As(err, &coded) || coded.ErrorCode() != c.code {
				t.Errorf("error %v, want the code %s", err, c.code)
			}
			if strings.Contains(c.body, "ines@") && coded.ErrorMessage() != "no ines@example.org" {
				t.Errorf("message %q", coded.ErrorMessage())
			}
			if calls.Load() != c.calls {
				t.Errorf("%d attempts, want %d", calls.Load(), c.calls)
			}
			text := scrub.ErrorText(err)
			if strings.Contains(text, "ines@") || !strings.Contains(text, c.code) || !strings.Contains(text, "Op") {
				t.Errorf("the log would have %q", text)
			}
		})
	}
}

// A call that must not be made twice is not repeated after the service may have acted.
func TestOnce(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		w.WriteHeader(http.StatusInternalServerError)
	})
	request := Request{Operation: "SendEmail", Path: "/v2/email/outbound-emails", Body: struct{}{}}
	if err := NewOnce(environment(url), SESV2()).Call(t.Context(), request, nil); err == nil || calls.Load() != 1 {
		t.Errorf("%d attempts, error %v", calls.Load(), err)
	}
}

func TestEndedContext(t *testing.T) {
	t.Parallel()
	url := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // or the server does not notice that the caller hangs up
		<-r.Context().Done()
	})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := New(environment(url), EventBridge()).Call(ctx, Request{Operation: "PutEvents"}, nil)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
}
