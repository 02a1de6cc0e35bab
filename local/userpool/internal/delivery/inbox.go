package delivery

import (
	"time"

	"cognito-triggers/local/userpool/internal/ring"
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

// The media of messages.
const (
	mail = "EMAIL"
	sms  = "SMS"
)

// Inbox holds the latest delivered messages. The zero value is empty and ready. It is safe for parallel use.
type Inbox struct{ messages ring.Buffer[Message] }

func (i *Inbox) add(m Message) {
	i.messages.Add(func(number int) Message {
		m.Number = number
		return m
	})
}

// Messages lists those after a number, the oldest first.
func (i *Inbox) Messages(after int) []Message { return i.messages.After(after) }
