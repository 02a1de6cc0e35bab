package emulator

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"net/mail"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// outboundEmails is the path of SES's SendEmail in version 2 of its API.
// https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
const outboundEmails = "/v2/email/outbound-emails"

// Sent is a message that SES or SNS accepted.
type Sent struct {
	At         time.Time
	AccessKey  string // the sender's access key ID
	SMS        bool
	From       string   // an e-mail's sender
	To         []string // all recipients, hidden ones as well; the phone number of an SMS
	Subject    string
	Text, HTML string // Text is the HTML if there is no other part, and HTML is then empty
}

// tooLarge is what is shown of a message that is not read.
const tooLarge = "(the request is too large to show)"

// sentBy returns the messages that a request sends.
func sentBy(r *http.Request, body *copied) []Sent {
	text, whole := body.body()
	if !whole {
		return []Sent{{To: []string{""}, Text: tooLarge}}
	}
	sent, ok := read(r.URL.Path, text)
	if !ok || len(sent.To) == 0 {
		return nil
	}
	if sent.Text == "" {
		sent.Text, sent.HTML = sent.HTML, ""
	}
	return []Sent{sent}
}

// read returns the message that a request to a path sends; ok is false if it sends none.
func read(path string, text []byte) (sent Sent, ok bool) {
	if path == outboundEmails {
		return version2(text)
	}
	form, err := url.ParseQuery(string(text))
	if err != nil {
		return Sent{}, false
	}
	return query(form)
}

// version2 reads SendEmail of SES's version 2.
func version2(body []byte) (Sent, bool) {
	type content struct{ Data string }
	var in struct {
		FromEmailAddress string
		Destination      struct{ ToAddresses, CcAddresses, BccAddresses []string }
		Content          struct {
			Simple *struct {
				Subject content
				Body    struct{ Text, Html content }
			}
			Raw      *struct{ Data []byte }
			Template *struct{ TemplateName, TemplateData string }
		}
	}
	if json.Unmarshal(body, &in) != nil {
		return Sent{}, false
	}
	to := append(append(in.Destination.ToAddresses, in.Destination.CcAddresses...), in.Destination.BccAddresses...)
	sent := Sent{From: in.FromEmailAddress, To: to}
	switch c := in.Content; {
	case c.Simple != nil:
		sent.Subject, sent.Text, sent.HTML = c.Simple.Subject.Data, c.Simple.Body.Text.Data, c.Simple.Body.Html.Data
	case c.Raw != nil:
		sent = raw(c.Raw.Data, sent)
	case c.Template != nil:
		sent.Subject, sent.Text = "(template "+c.Template.TemplateName+")", c.Template.TemplateData
	default:
		return Sent{}, false
	}
	return sent, true
}

// query reads the actions of SES's version 1 and of SNS that send a message.
// https://docs.aws.amazon.com/ses/latest/APIReference/API_SendEmail.html
// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
func query(form url.Values) (Sent, bool) {
	sent := Sent{From: form.Get("Source")}
	for _, kind := range []string{"Destination.ToAddresses", "Destination.CcAddresses", "Destination.BccAddresses",
		"Destinations"} {
		sent.To = append(sent.To, list(form, kind)...)
	}
	switch form.Get("Action") {
	case "SendEmail":
		sent.Subject = form.Get("Message.Subject.Data")
		sent.Text, sent.HTML = form.Get("Message.Body.Text.Data"), form.Get("Message.Body.Html.Data")
	case "SendTemplatedEmail":
		sent.Subject, sent.Text = "(template "+form.Get("Template")+")", form.Get("TemplateData")
	case "SendRawEmail":
		data, err := base64.StdEncoding.DecodeString(form.Get("RawMessage.Data"))
		if err != nil {
			return Sent{}, false
		}
		sent = raw(data, sent)
	case "Publish":
		if form.Get("PhoneNumber") == "" {
			return Sent{}, false // to a topic
		}
		return Sent{SMS: true, To: []string{form.Get("PhoneNumber")}, Text: form.Get("Message")}, true
	default:
		return Sent{}, false
	}
	return sent, true
}

// list returns the members of a list in the query protocol.
func list(form url.Values, name string) []string {
	var all []string
	for i := 1; ; i++ {
		value, there := form[name+".member."+strconv.Itoa(i)]
		if !there {
			return all
		}
		all = append(all, value...)
	}
}

// raw reads a message in MIME's form. Sender and recipients in the request, if any, replace those in the message.
func raw(data []byte, sent Sent) Sent {
	message, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		sent.Text = "(not a MIME message)"
		return sent
	}
	words := &mime.WordDecoder{}
	if subject, err := words.DecodeHeader(message.Header.Get("Subject")); err == nil {
		sent.Subject = subject
	}
	if sent.From == "" {
		sent.From = message.Header.Get("From")
	}
	for _, name := range []string{"To", "Cc", "Bcc"} {
		if len(sent.To) > 0 && name == "To" {
			break
		}
		addresses, _ := message.Header.AddressList(name) // none if it is absent or malformed
		for _, a := range addresses {
			sent.To = append(sent.To, a.Address)
		}
	}
	parts(textproto.MIMEHeader(message.Header), message.Body, 0, &sent)
	return sent
}

// maxDepth bounds the nesting of parts.
const maxDepth = 5

// parts adds the first text and the first HTML part of a message or part.
func parts(header textproto.MIMEHeader, body io.Reader, depth int, sent *Sent) {
	kind, parameters, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		kind = "text/plain"
	}
	if strings.HasPrefix(kind, "multipart/") && depth < maxDepth {
		reader := multipart.NewReader(body, parameters["boundary"])
		for {
			part, err := reader.NextRawPart()
			if err != nil {
				return
			}
			parts(part.Header, part, depth+1, sent)
		}
	}
	into := &sent.Text
	if kind == "text/html" {
		into = &sent.HTML
	}
	attached := strings.HasPrefix(header.Get("Content-Disposition"), "attachment")
	if *into != "" || !strings.HasPrefix(kind, "text/") || attached {
		return
	}
	switch strings.ToLower(header.Get("Content-Transfer-Encoding")) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	text, _ := io.ReadAll(body) // what can be decoded is shown
	*into = strings.ToValidUTF8(string(text), "?")
}
