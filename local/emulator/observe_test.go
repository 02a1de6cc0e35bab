package emulator

import (
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"
)

const signed = "AWS4-HMAC-SHA256 Credential=function-welcome/20260304/eu-west-1/ses/aws4_request, " +
	"SignedHeaders=host, Signature=00"

// What a service accepts is told before the sender has its answer; what it refuses is not.
func TestObserve(t *testing.T) {
	t.Parallel()
	mime := "From: a@example.com\r\nTo: Ines <ines@example.org>\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n" +
		"MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n" +
		"--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
		"code 123=\r\n456\r\n--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
		base64.StdEncoding.EncodeToString([]byte("<b>123456</b>")) + "\r\n--b--\r\n"
	encoded := base64.StdEncoding.EncodeToString([]byte(mime))
	cases := map[string]struct {
		path, body string
		form       url.Values
		refused    bool
		want       *Sent // nil: nothing is told
	}{
		"SES v2": {
			path: outboundEmails,
			body: `{"FromEmailAddress":"a@example.com","Destination":{"ToAddresses":["ines@example.org"],` +
				`"BccAddresses":["x@example.org"]},"Content":{"Simple":{"Subject":{"Data":"Hello"},` +
				`"Body":{"Text":{"Data":"text"},"Html":{"Data":"<p>"}}}}}`,
			want: &Sent{
				From: "a@example.com", To: []string{"ines@example.org", "x@example.org"}, Subject: "Hello", Text: "text",
				HTML: "<p>",
			},
		},
		"SES v2, HTML alone": {
			path: outboundEmails,
			body: `{"Destination":{"ToAddresses":["ines@example.org"]},"Content":{"Simple":{"Subject":{"Data":"Hello"},` +
				`"Body":{"Html":{"Data":"<p>"}}}}}`,
			want: &Sent{To: []string{"ines@example.org"}, Subject: "Hello", Text: "<p>"},
		},
		"SES v2, raw": {
			path: outboundEmails, body: `{"Content":{"Raw":{"Data":"` + encoded + `"}}}`,
			want: &Sent{
				From: "a@example.com", To: []string{"ines@example.org"}, Subject: "Grüße", Text: "code 123456",
				HTML: "<b>123456</b>",
			},
		},
		"SES v1": {
			form: url.Values{
				"Action": {"SendEmail"}, "Source": {"a@example.com"}, "Destination.ToAddresses.member.1": {"ines@example.org"},
				"Message.Subject.Data": {"Hello"}, "Message.Body.Text.Data": {"text"},
			},
			want: &Sent{From: "a@example.com", To: []string{"ines@example.org"}, Subject: "Hello", Text: "text"},
		},
		"SES v1, raw": {
			form: url.Values{
				"Action": {"SendRawEmail"}, "Destinations.member.1": {"other@example.org"}, "RawMessage.Data": {encoded},
			},
			want: &Sent{
				From: "a@example.com", To: []string{"other@example.org"}, Subject: "Grüße", Text: "code 123456",
				HTML: "<b>123456</b>",
			},
		},
		"SNS": {
			form: url.Values{"Action": {"Publish"}, "PhoneNumber": {"+33612345678"}, "Message": {"123456"}},
			want: &Sent{SMS: true, To: []string{"+33612345678"}, Text: "123456"},
		},
		"SNS, a topic":  {form: url.Values{"Action": {"Publish"}, "TopicArn": {"arn"}, "Message": {"123456"}}},
		"another query": {form: url.Values{"Action": {"ListTopics"}}},
		"refused": {
			form:    url.Values{"Action": {"Publish"}, "PhoneNumber": {"+33612345678"}, "Message": {"123456"}},
			refused: true,
		},
		"not JSON": {path: outboundEmails, body: "{"},
		"too large": {
			path: outboundEmails, body: strings.Repeat(" ", maxObserved+1), want: &Sent{To: []string{""}, Text: tooLarge},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var told []Sent
			tell := func(s Sent) { told = append(told, s) }
			g := &guard{}
			g.tell.Store(&tell)
			path, kind := c.path, "application/json"
			if c.form != nil {
				path, kind, c.body = "/", "application/x-www-form-urlencoded; charset=utf-8", c.form.Encode()
			}
			before := -1
			handler := g.observe(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if text, err := io.ReadAll(r.Body); err != nil || string(text) != c.body {
					t.Errorf("the service got %.100q, error %v", text, err)
				}
				if c.refused {
					w.WriteHeader(http.StatusBadRequest)
					return
				}
				w.WriteHeader(http.StatusOK)
				before = len(told)
			}))
			r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(c.body))
			r.Header.Set("Content-Type", kind)
			r.Header.Set("Authorization", signed)
			handler.ServeHTTP(httptest.NewRecorder(), r)
			if c.want == nil {
				if len(told) > 0 {
					t.Errorf("told %+v", told)
				}
				return
			}
			if len(told) != 1 || before != 1 {
				t.Fatalf("told %+v, %d before the answer", told, before)
			}
			c.want.AccessKey, told[0].At = "function-welcome", time.Time{}
			if !reflect.DeepEqual(told[0], *c.want) {
				t.Errorf("told %+v, want %+v", told[0], *c.want)
			}
		})
	}
}

// An emulator of the user's own is not observed, which is known by the variables that name it.
func TestUnobserved(t *testing.T) {
	t.Parallel()
	e := &Emulator{named: map[string]string{
		"AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:8000", "AWS_ENDPOINT_URL_SNS": "http://127.0.0.1:4566",
		"AWS_ENDPOINT_URL_SESV2": "http://127.0.0.1:4566",
	}}
	if got := strings.Join(e.Unobserved(), " "); got != "AWS_ENDPOINT_URL_SESV2 AWS_ENDPOINT_URL_SNS" {
		t.Errorf("unobserved %s", got)
	}
	e.Observe(func(Sent) {}) // it has no guard
	var none *Emulator
	if none.Observe(func(Sent) {}); none.Unobserved() != nil {
		t.Error("no emulator names a variable")
	}
}

// Whatever a function sends to its services, reading it does not fail.
func FuzzSentBy(f *testing.F) {
	f.Add(outboundEmails, `{"Content":{"Raw":{"Data":"RnJvbTogYQo="}}}`)
	f.Add("/", "Action=SendRawEmail&RawMessage.Data=Q29udGVudC1UeXBlOiBtdWx0aXBhcnQveDsgYm91bmRhcnk9YgoKLS1iCg==")
	f.Fuzz(func(t *testing.T, path, text string) {
		body := &copied{from: io.NopCloser(strings.NewReader(text))}
		if _, err := io.Copy(io.Discard, body); err != nil {
			t.Fatal(err)
		}
		for _, sent := range sentBy(&http.Request{URL: &url.URL{Path: path}}, body) {
			if len(sent.To) == 0 {
				t.Errorf("%+v is to nobody", sent)
			}
		}
	})
}
