package endusermessaging

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cognito-triggers/shared/sending"
	"cognito-triggers/shared/settings"
)

func at(t *testing.T, handler http.HandlerFunc) *Sender {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	env := settings.FromMap(map[string]string{"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
		"AWS_SECRET_ACCESS_KEY": "secret", "AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2": server.URL})
	s := FromSettings(env)
	if err := env.Err(); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRequests(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		message sending.SMS
		want    string
	}{
		"everything": {
			message: sending.SMS{To: "+919876543210", Text: "Code 1", OriginationID: "pool-1", SenderID: "Example",
				ConfigurationSet: "set", MaxPrice: "0.50", TimeToLive: 5 * time.Minute, EntityID: "e", TemplateID: "t"},
			want: `{"ConfigurationSetName":"set","DestinationCountryParameters":{"IN_ENTITY_ID":"e","IN_TEMPLATE_ID":"t"},` +
				`"DestinationPhoneNumber":"+919876543210","MaxPrice":"0.50","MessageBody":"Code 1",` +
				`"MessageType":"TRANSACTIONAL","OriginationIdentity":"pool-1","TimeToLive":300}`,
		},
		"a name": {
			message: sending.SMS{To: "+14325551212", Text: "Code 1", SenderID: "Example"},
			want: `{"DestinationPhoneNumber":"+14325551212","MessageBody":"Code 1","MessageType":"TRANSACTIONAL",` +
				`"OriginationIdentity":"Example"}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var body map[string]any
			s := at(t, func(w http.ResponseWriter, r *http.Request) {
				_ = json.NewDecoder(r.Body).Decode(&body)
				_, _ = io.WriteString(w, `{"MessageId":"m-1"}`)
			})
			id, err := s.SendSMS(t.Context(), c.message)
			got, _ := json.Marshal(body)
			if err != nil || id != "m-1" || string(got) != c.want {
				t.Errorf("id %q, error %v\ngot  %s\nwant %s", id, err, got, c.want)
			}
		})
	}
}

func TestClasses(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]sending.Class{
		"ValidationException": sending.Permanent, "ConflictException": sending.Permanent,
		"ThrottlingException": sending.Temporary, "ServiceQuotaExceededException": sending.Temporary,
		"AccessDeniedException": sending.Temporary,
	} {
		s := at(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Amzn-ErrorType", code)
			w.WriteHeader(400)
			_, _ = io.Copy(w, strings.NewReader(`{"Message":"no"}`))
		})
		if _, err := s.SendSMS(t.Context(), sending.SMS{To: "+1", Text: "t"}); err == nil || sending.ClassOf(err) != want {
			t.Errorf("%s: %v", code, err)
		}
	}
}
