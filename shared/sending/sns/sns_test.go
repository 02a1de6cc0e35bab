package sns

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"cognito-triggers/shared/sending"
	"cognito-triggers/shared/settings"
)

func at(t *testing.T, handler http.HandlerFunc) *Sender {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	env := settings.FromMap(map[string]string{"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
		"AWS_SECRET_ACCESS_KEY": "secret", "AWS_ENDPOINT_URL_SNS": server.URL})
	s := FromSettings(env)
	if err := env.Err(); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRequest(t *testing.T) {
	t.Parallel()
	var form url.Values
	s := at(t, func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		form = r.PostForm
		_, _ = io.WriteString(w,
			`<PublishResponse><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>`)
	})
	message := sending.SMS{To: "+14325551212", Text: "Code 1", SenderID: "Example", MaxPrice: "0.50"}
	id, err := s.SendSMS(t.Context(), message)
	if err != nil || id != "m-1" {
		t.Fatalf("id %q, error %v", id, err)
	}
	if form.Get("Action") != "Publish" || form.Get("PhoneNumber") != "+14325551212" || form.Get("Message") != "Code 1" ||
		form.Get("TopicArn") != "" {
		t.Errorf("request %v", form)
	}
	got := map[string]string{}
	for i := '1'; i <= '9'; i++ {
		entry := "MessageAttributes.entry." + string(i)
		if name := form.Get(entry + ".Name"); name != "" {
			got[name] = form.Get(entry+".Value.DataType") + " " + form.Get(entry+".Value.StringValue")
		}
	}
	if len(got) != 3 || got["AWS.SNS.SMS.SMSType"] != "String Transactional" ||
		got["AWS.SNS.SMS.SenderID"] != "String Example" || got["AWS.SNS.SMS.MaxPrice"] != "Number 0.50" {
		t.Errorf("attributes %v", got)
	}
}

func TestClasses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		code   string
		want   sending.Class
	}{
		"not a number": {status: 400, code: "InvalidParameter", want: sending.Permanent},
		"opted out":    {status: 400, code: "OptedOut", want: sending.Permanent},
		"throttled":    {status: 400, code: "Throttled", want: sending.Temporary},
		"denied":       {status: 403, code: "AuthorizationError", want: sending.Temporary},
		"down":         {status: 500, code: "InternalError", want: sending.Temporary},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := at(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, `<ErrorResponse><Error><Code>`+c.code+`</Code></Error></ErrorResponse>`)
			})
			if _, err := s.SendSMS(t.Context(), sending.SMS{To: "+1", Text: "t"}); err == nil || sending.ClassOf(err) != c.want {
				t.Errorf("error %v, class %v; want %v", err, sending.ClassOf(err), c.want)
			}
		})
	}
}
