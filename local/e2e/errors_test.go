package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"cognito-triggers/shared/cognito"
)

// trouble is an AWS service that fails every call.
type trouble struct {
	status int
	kind   string // the error's name; "" for a body that is not an AWS error
	text   string // ECHO is replaced by the request
}

func (tr trouble) serve(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked, _ := io.ReadAll(r.Body)
		text := strings.ReplaceAll(tr.text, "ECHO", string(asked))
		if tr.kind != "" {
			w.Header().Set("X-Amzn-Errortype", tr.kind)
			body, _ := json.Marshal(map[string]string{"__type": "com.amazonaws#" + tr.kind, "message": text})
			text = string(body)
		}
		w.Header().Set("Content-Type", r.Header.Get("Content-Type"))
		w.WriteHeader(tr.status)
		_, _ = io.WriteString(w, text)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// at returns the endpoint variables that send every service's calls to one address.
func at(url string) map[string]string {
	return map[string]string{
		"AWS_ENDPOINT_URL": url,
		dynamoDB:           url,
		ses:                url,
		cognitoIDP:         url,
		"PROFILE_TABLE":    "profiles-secret",
	}
}

// insider is a sample of what an AWS error may contain and no end user may read.
const insider = `User: arn:aws:sts::123456789012:assumed-role/SecretRole/fn is not authorized to perform: ` +
	`dynamodb:PutItem on ` +
	`resource: arn:aws:dynamodb:eu-west-1:123456789012:table/profiles-secret` +
	"\ngoroutine 7 [running]:\nmain.main()\n\t/var/task/main.go:12"

// secrets are parts of it, and of what Go and the SDK add to it.
var secrets = []string{
	"arn:", "123456789012", "SecretRole", "profiles-secret", "authorized", "goroutine", "main.", ".go:", "stack",
	"Exception", "AccessDenied",
	"dynamodb", "cognito", "operation", "StatusCode", "http", "127.0.0.1", "<html>", "nginx",
}

func TestErrorsOfServicesStayInside(t *testing.T) {
	troubles := map[string]trouble{
		"access denied":  {status: http.StatusBadRequest, kind: "AccessDeniedException", text: insider},
		"not authorized": {status: http.StatusForbidden, kind: "NotAuthorizedException", text: insider},
		"no table": {
			status: http.StatusBadRequest,
			kind:   "ResourceNotFoundException",
			text:   "Requested resource not found: Table: profiles-secret not found",
		},
		"invalid":        {status: http.StatusBadRequest, kind: "ValidationException", text: insider},
		"throttled":      {status: http.StatusBadRequest, kind: "ThrottlingException", text: insider},
		"fault":          {status: http.StatusInternalServerError, kind: "InternalServerError", text: insider},
		"a proxy's page": {status: http.StatusBadGateway, text: "<html><h1>502</h1>nginx " + insider + "</html>"},
		"no JSON":        {status: http.StatusOK, text: insider},
	}
	for name, tr := range troubles {
		t.Run(name, func(t *testing.T) {
			aws := at(tr.serve(t))
			with := func(pairs map[string]string) map[string]string {
				for name, value := range aws {
					pairs[name] = value
				}
				return pairs
			}
			one := newCrowd(1)

			got := start(t, "pre-sign-up", with(map[string]string{"LINK_PROVIDERS": "Google"})).invoke(t, federated(t, one))
			wantGeneric(t, got)
			holdsNone(t, got.report, secrets)

			got = start(t, "pre-token-generation", with(map[string]string{"CLAIM_RULES": neverWithoutProfile})).invoke(t,
				signIn(t, one))
			wantGeneric(t, got)
			holdsNone(t, got.report, secrets)

			e := signIn(t, one)
			start(t, "pre-token-generation", with(map[string]string{})).invoke(t, e).passed(t, e)
			e = confirmation(t, one)
			start(t, "post-confirmation",
				with(map[string]string{"DEFAULT_GROUP": "members", "WELCOME_EMAIL_FROM": sender})).invoke(t, e).passed(t, e)
		})
	}
}

// A function's own failures stay internal, too: a panic, or a payload that is not an event.
func TestFaultsOfFunctionsStayInside(t *testing.T) {
	cases := map[string]struct {
		function function
		event    []byte
	}{
		"panic": {
			function: startBinary(t, "pre-sign-up", buildPanics(t), nil),
			event:    event(t, cognito.PreSignUpSignUp, "", nil),
		},
		"wrong types": {
			function: start(t, "pre-token-generation", nil),
			event:    []byte(`{"triggerSource":"TokenGeneration_Authentication","userName":["arn:aws:x"]}`),
		},
		"no event": {function: start(t, "post-confirmation", nil), event: []byte(`"arn:aws:x"`)},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got := c.function.invoke(t, c.event)
			wantGeneric(t, got)
			holdsNone(t, got.report, append(secrets, "panic", "type", "JSON", "userName", "ines"))
		})
	}
}

// buildPanics compiles testdata/panics.
func buildPanics(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "bootstrap")
	goTool(t, local.Root, "build", "-o", binary, "./local/e2e/testdata/panics")
	return binary
}

// holdsNone checks that a text contains none of the words, in any case, ignoring the member names of Lambda's error
// report.
func holdsNone(t *testing.T, text string, words []string) {
	t.Helper()
	text = strings.NewReplacer(`"errorMessage"`, "", `"errorType"`, "", `"stackTrace"`, "").Replace(text)
	for _, word := range words {
		if strings.Contains(strings.ToLower(text), strings.ToLower(word)) {
			t.Errorf("%q is in %s", word, text)
		}
	}
}
