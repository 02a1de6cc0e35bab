package userpool

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// Message is an e-mail or SMS that the pool has delivered.
type Message struct {
	Number   int       `json:"number"` // counts from 1
	At       time.Time `json:"at"`
	Kind     string    `json:"kind"` // EMAIL or SMS
	To       string    `json:"to"`
	Subject  string    `json:"subject,omitempty"`
	Body     string    `json:"body"`
	Code     string    `json:"code"`   // or the temporary password
	Source   string    `json:"source"` // the custom message trigger's source for it
	PoolID   string    `json:"userPoolId"`
	UserName string    `json:"userName"`
	User     string    `json:"sub"`
}

// maxMessages is how many messages an Inbox holds at least.
const maxMessages = 10_000

// Inbox holds delivered messages, the oldest first. It is safe for parallel use.
type Inbox struct {
	mu       sync.Mutex
	count    int
	messages []Message
}

func (i *Inbox) add(m Message) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.count++
	m.Number = i.count
	if len(i.messages) >= 2*maxMessages {
		i.messages = append([]Message(nil), i.messages[maxMessages:]...)
	}
	i.messages = append(i.messages, m)
}

// Messages lists those after a number.
func (i *Inbox) Messages(after int) []Message {
	i.mu.Lock()
	defer i.mu.Unlock()
	first := i.count - len(i.messages)
	return slices.Clone(i.messages[max(0, min(after-first, len(i.messages))):])
}

// delivery is AWS's CodeDeliveryDetails.
type delivery struct{ AttributeName, DeliveryMedium, Destination string }

const (
	codeParameter = "{####}"
	linkParameter = "{##Click Here##}"
	nameParameter = "{username}"
)

var linkPattern = regexp.MustCompile(`\{##(.+?)##\}`)

type outgoing struct {
	pool     state.Pool
	user     state.User
	source   string // CustomMessage_...
	client   string
	metadata map[string]string
	to       string // the attribute: email or phone_number
	address  string
	code     string
}

// deliver asks the custom message trigger for a text, and puts the message into the inbox.
func (c *call) deliver(o outgoing) (delivery, error) {
	text := templateOf(o)
	request := events.CustomMessageRequest{
		UserAttributes: eventAttributes(o.pool, o.user), CodeParameter: codeParameter, LinkParameter: linkParameter, ClientMetadata: o.metadata,
	}
	if o.source == cognito.CustomMessageAdminCreateUser {
		request.UsernameParameter = nameParameter
	}
	response, err := c.fire(o.pool, cognito.CustomMessage, o.source, o.user.Username, o.client, request)
	if err != nil {
		return delivery{}, err
	}
	m := Message{
		At: c.options.Now().UTC(), Kind: "EMAIL", To: o.address, Subject: text.subject, Body: text.email, Code: o.code,
		Source: o.source, PoolID: o.pool.ID, UserName: o.user.Username, User: o.user.Sub(),
	}
	if o.to == "phone_number" {
		m.Kind, m.Subject, m.Body = "SMS", "", text.sms
		replaceText(&m.Body, fire.Text(response, "smsMessage"))
	} else {
		replaceText(&m.Body, fire.Text(response, "emailMessage"))
		replaceText(&m.Subject, fire.Text(response, "emailSubject"))
	}
	m.Body = c.fill(m.Body, o, m.Kind == "EMAIL")
	c.inbox.add(m)
	return delivery{o.to, m.Kind, mask(o.to, o.address)}, nil
}

func replaceText(into *string, text *string) {
	if text != nil {
		*into = *text
	}
}

// fill puts code, name and link into a message. In e-mail, which is HTML, a temporary password is escaped.
func (c *call) fill(body string, o outgoing, escape bool) string {
	code, name := o.code, shownName(o)
	if escape {
		code, name = html.EscapeString(code), html.EscapeString(name)
	}
	body = strings.ReplaceAll(body, codeParameter, code)
	link := confirmLink(c.base, o.client, o.user.Username, o.code)
	body = linkPattern.ReplaceAllStringFunc(body, func(found string) string {
		return `<a href="` + html.EscapeString(link) + `">` + linkPattern.FindStringSubmatch(found)[1] + `</a>`
	})
	return strings.ReplaceAll(body, nameParameter, name)
}

// shownName is the name that the user signs in with.
func shownName(o outgoing) string {
	for _, attribute := range o.pool.Settings.UsernameAttributes {
		if value := o.user.Attributes[attribute]; value != "" {
			return value
		}
	}
	return o.user.Username
}

type template struct{ sms, email, subject string }

// templateOf is the pool's own text for a message.
func templateOf(o outgoing) template {
	s := o.pool.Settings
	if o.source == cognito.CustomMessageAdminCreateUser {
		t := template{
			"Your username is {username} and temporary password is {####}.", "Your username is {username} and temporary password is {####}.", "Your temporary password",
		}
		if config := s.AdminCreateUserConfig; config != nil && config.InviteMessageTemplate != nil {
			own := config.InviteMessageTemplate
			t.set(own.SMSMessage, own.EmailMessage, own.EmailSubject)
		}
		return t
	}
	t := template{"Your verification code is {####}.", "Your verification code is {####}.", "Your verification code"}
	if o.source == cognito.CustomMessageForgotPassword {
		t = template{"Your password reset code is {####}.", "Your password reset code is {####}.", "Your password reset code"}
	}
	t.set(s.SmsVerificationMessage, s.EmailVerificationMessage, s.EmailVerificationSubject)
	v := s.VerificationMessageTemplate
	if v == nil {
		return t
	}
	t.set(v.SmsMessage, v.EmailMessage, v.EmailSubject)
	signUp := o.source == cognito.CustomMessageSignUp || o.source == cognito.CustomMessageResendCode
	if v.DefaultEmailOption == "CONFIRM_WITH_LINK" && signUp {
		t.email, t.subject = "Please click the link below to verify your email address. {##Verify Email##}", "Your verification link"
		t.set("", v.EmailMessageByLink, v.EmailSubjectByLink)
	}
	return t
}

func (t *template) set(sms, email, subject string) {
	for into, text := range map[*string]string{&t.sms: sms, &t.email: email, &t.subject: subject} {
		if text != "" {
			*into = text
		}
	}
}

// mask hides an address as AWS does.
func mask(attribute, address string) string {
	if attribute == "phone_number" {
		return "+*******" + address[max(0, len(address)-4):]
	}
	local, domain, _ := strings.Cut(address, "@")
	return firstOf(local) + "***@" + firstOf(domain) + "***"
}

func firstOf(text string) string {
	for _, r := range text {
		return string(r)
	}
	return ""
}
