package delivery

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"time"

	"cognito-triggers/local/userpool/internal/ring"
	"cognito-triggers/local/userpool/state"
)

// Message is an e-mail or SMS that a pool delivered, or that a function sent.
type Message struct {
	Number   int       `json:"number"`         // starting at 1
	Call     int       `json:"call,omitempty"` // ID of the client's call that sent it, see package calls; 0 for none
	At       time.Time `json:"at"`
	Kind     string    `json:"kind"` // EMAIL or SMS
	To       string    `json:"to"`
	Subject  string    `json:"subject,omitempty"`
	Body     string    `json:"body"`
	Code     string    `json:"code"`   // the code, or the temporary password; of a function's message, see AddSent
	Source   string    `json:"source"` // the trigger source for the custom message trigger
	PoolID   string    `json:"userPoolId"`
	UserName string    `json:"userName"`
	User     string    `json:"sub"`
	// From is who sent it, unless the pool did: "function post-confirmation". The pool's own members are then empty.
	From string `json:"from,omitempty"`
	HTML string `json:"html,omitempty"` // the HTML part, if Body is the text part
}

// The values of Message.Kind.
const (
	mail = "EMAIL"
	sms  = "SMS"
)

// Inbox holds the most recent messages, of at most 64 MiB (ring.MaxBytes) unless NewInbox set another bound. The zero
// value is an empty inbox. It is safe for concurrent use.
type Inbox struct {
	messages ring.Buffer[Message]
	durable  state.Durable // nil: messages end with the program
}

// NewInbox returns an inbox that keeps at most that many bytes; 0 means 64 MiB.
func NewInbox(bytes int) *Inbox { return &Inbox{messages: ring.Buffer[Message]{Max: bytes}} }

// KeepIn fills the inbox with what is kept in a store, and keeps further messages there; nil changes nothing. Call it
// before the first message.
func (i *Inbox) KeepIn(durable state.Durable) {
	if durable == nil {
		return
	}
	kept := durable.Messages()
	for _, number := range slices.Sorted(maps.Keys(kept)) {
		var m Message
		if json.Unmarshal(kept[number], &m) == nil { // a message that is no longer understood is left out
			m.Call = 0 // of another run
			i.messages.Resume(number, m.size(), m)
		}
	}
	i.durable = durable
}

// size returns about how many bytes the message takes.
func (m Message) size() int {
	return len(m.To) + len(m.Subject) + len(m.Body) + len(m.Code) + len(m.Source) + len(m.PoolID) + len(m.UserName) +
		len(m.User) + len(m.From) + len(m.HTML)
}

func (i *Inbox) add(m Message) {
	first := i.messages.Add(m.size(), func(number int) Message {
		m.Number = number
		return m
	})
	if i.durable == nil {
		return
	}
	if text, err := json.Marshal(m); err == nil { // a struct of texts is always encoded
		i.durable.PutMessage(m.Number, text, first)
	}
}

// Sent is a message that a function sent by itself, through SES or SNS.
type Sent struct {
	At                      time.Time
	Function                string // name
	SMS                     bool
	To, Subject, Body, HTML string // HTML only beside a text in Body
}

// AddSent appends a function's message. Its Code is the one number in it that looks like a code, if there is just one.
func (i *Inbox) AddSent(s Sent) {
	m := Message{
		At: s.At, Kind: mail, To: s.To, Subject: s.Subject, Body: s.Body, HTML: s.HTML, From: "function " + s.Function,
		Code: codeIn(s.Subject + "\n" + s.Body),
	}
	if s.SMS {
		m.Kind = sms
	}
	i.add(m)
}

var digits = regexp.MustCompile(`\b[0-9]{4,8}\b`)

// codeIn returns the only number of six digits in a text, or else the only one of 4 to 8 digits, or "".
func codeIn(text string) string {
	all := digits.FindAllString(text, -1)
	slices.Sort(all)
	all = slices.Compact(all)
	six := slices.DeleteFunc(slices.Clone(all), func(number string) bool { return len(number) != 6 })
	switch {
	case len(six) == 1:
		return six[0]
	case len(all) == 1:
		return all[0]
	}
	return ""
}

// Messages lists the messages with a higher number than after, oldest first.
func (i *Inbox) Messages(after int) []Message { return i.messages.After(after) }

// After is Messages with a channel that is closed when there are more.
func (i *Inbox) After(number int) (messages []Message, more <-chan struct{}) {
	return i.messages.Watch(number)
}
