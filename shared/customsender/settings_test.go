package customsender

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cognito-triggers/shared/sending"
	"cognito-triggers/shared/settings"
)

func TestSecretIsReadInItsOwnRegion(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:key-AbCdEf"
	var signed string
	secrets := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		signed = r.Header.Get("Authorization")
		_, _ = io.WriteString(w, `{"SecretString":"0123456789abcdef0123456789abcdef"}`)
	}))
	defer secrets.Close()
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"id":"1"}`)
	}))
	defer provider.Close()
	env := settings.FromMap(map[string]string{
		"HTTP_PROVIDER_URL": provider.URL, "HTTP_PROVIDER_SECRET_ARN": arn, "AWS_REGION": "eu-central-1",
		"AWS_ACCESS_KEY_ID": "example", "AWS_SECRET_ACCESS_KEY": "example",
		"AWS_ENDPOINT_URL_SECRETS_MANAGER": secrets.URL,
	})
	sender := HTTPProvider(env)
	if err := env.Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := sender.SendSMS(t.Context(), sending.SMS{ID: "1", To: "+14325551212", Text: "hello"}); err != nil {
		t.Error(err)
	}
	if !strings.Contains(signed, "/eu-west-1/secretsmanager/") {
		t.Errorf("the request for the secret is signed with %q", signed)
	}
}
