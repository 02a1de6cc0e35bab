// Package customsender is what the triggers custom-email-sender and custom-sms-sender have in common: each message is
// decrypted, sent once although its event may arrive several times, and counted against limits. What differs, how a
// message is written and sent, comes from the trigger.
//
// Cognito does not wait for a custom sender and reads no answer. An error makes Lambda try again, and in the end leaves
// the event in the queue of failures; so a handler returns an error exactly if the message is still to be sent.
package customsender

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/messages"
	"cognito-triggers/shared/sendercode"
	"cognito-triggers/shared/sending"
	"cognito-triggers/shared/sendonce"
	"cognito-triggers/shared/trigger"
)

// The counters of the metrics line.
const (
	MessagesSent      = "MessagesSent"
	MessagesRepeated  = "MessagesRepeated"  // an earlier delivery of the event has sent it, or decided not to
	MessagesThrottled = "MessagesThrottled" // a limit was reached; not sent
	MessagesRefused   = "MessagesRefused"   // nobody can or may get it: no valid address, a country that is not allowed
	MessagesFailed    = "MessagesFailed"    // an attempt failed; Lambda tries again, then keeps the event in the queue
	MessagesDoubtful  = "MessagesDoubtful"  // the provider may have accepted it, or an earlier delivery died sending it
	CodesRefused      = "CodesRefused"      // of MessagesFailed: the code cannot be decrypted by any attempt
	FailOvers         = "FailOvers"         // the second provider was asked
	MarksFailed       = "MarksFailed"       // sent, but not remembered: another delivery would send it again
)

// Decrypter decrypts codes; see sendercode.Decrypter.
type Decrypter interface {
	Decrypt(ctx context.Context, userPoolID, code string) (string, error)
}

// Sender sends the messages of one channel. It is safe for concurrent use.
type Sender struct {
	Config
	Codes Decrypter
	Once  sendonce.Store
	Now   func() time.Time
}

// Config is what the two triggers' settings have in common.
type Config struct {
	Window       time.Duration // of the limits
	PerRecipient int           // messages to one recipient in a window, for each purpose
	MayDouble    bool          // send again if an earlier attempt may have succeeded
	Unescape     bool          // temporary passwords arrive escaped for HTML
}

// Limit is a number of messages in a window.
type Limit struct {
	Key string
	Max int
}

// Message is a message to one recipient.
type Message struct {
	Event     Event
	Recipient string  // in one spelling
	Limits    []Limit // besides the one of the recipient
	// Send writes and sends the message. The code is "" if the message has none. The id is the same in every attempt.
	Send func(ctx context.Context, kind messages.Kind, code, id string) error
}

// Event is an event of either channel.
type Event struct {
	events.Envelope
	Code                 string
	Attributes, Metadata map[string]string
}

// Kind returns the purpose of the event's message.
func (e Event) Kind() messages.Kind {
	_, kind, _ := strings.Cut(e.TriggerSource, "_")
	return messages.Kind(kind)
}

// UserName returns the name that the user signs in with. In pools with sign-in by address or number, the event's own
// name is the user's id.
func (e Event) UserName() string {
	if e.Envelope.UserName != e.Attributes["sub"] {
		return e.Envelope.UserName
	}
	for _, name := range []string{"email", "phone_number"} {
		if value := e.Attributes[name]; value != "" {
			return value
		}
	}
	return e.Envelope.UserName
}

// Refuse records that nobody can or may get the message. It is no failure: no attempt would change it.
func Refuse(ctx context.Context, reason string) {
	trigger.Count(ctx, MessagesRefused)
	slog.WarnContext(ctx, "the message is not sent", "reason", reason)
}

// Deliver sends a message once. It returns nil if the message was sent, now or before, or if it was decided that it is
// not sent.
func (s *Sender) Deliver(ctx context.Context, m Message) error {
	kind := m.Event.Kind()
	code, err := s.code(ctx, kind, m.Event)
	if err != nil {
		trigger.Count(ctx, MessagesFailed)
		return err
	}
	claim := s.claim(ctx, m)
	if claimed, err := s.take(ctx, claim, m); !claimed {
		return err
	}
	err = m.Send(ctx, kind, code, claim.Key)
	if err == nil {
		trigger.Count(ctx, MessagesSent)
		s.end(ctx, claim, sendonce.StateSent)
		return nil
	}
	trigger.Count(ctx, MessagesFailed)
	if sending.ClassOf(err) == sending.Unknown {
		trigger.Count(ctx, MessagesDoubtful)
		if !s.MayDouble {
			return err // the claim stays, so nobody sends it again
		}
	}
	s.end(ctx, claim, sendonce.StateFree)
	return err
}

var errNoCode = errors.New("the event has no code, and its message needs one")

// code decrypts the event's code. It returns "" for a kind without one.
func (s *Sender) code(ctx context.Context, kind messages.Kind, e Event) (string, error) {
	if e.Code == "" {
		if kind == messages.AccountTakeOver {
			return "", nil
		}
		return "", errNoCode
	}
	code, err := s.Codes.Decrypt(ctx, e.UserPoolID, e.Code)
	if err != nil {
		if errors.Is(err, sendercode.ErrRefused) {
			trigger.Count(ctx, CodesRefused)
		}
		return "", err
	}
	trigger.Hide(ctx, code)
	if kind == messages.AdminCreateUser && s.Unescape {
		code = sendercode.Password(code)
		trigger.Hide(ctx, code)
	}
	return code, nil
}

// claim makes the claim of a delivery. It lasts until this process can certainly send no more, which is before Lambda
// delivers the event again.
func (s *Sender) claim(ctx context.Context, m Message) sendonce.Claim {
	now := s.Now()
	until := now.Add(longest)
	if end, ends := ctx.Deadline(); ends {
		until = now.Add(time.Until(end) + grace)
	}
	e := m.Event
	key := e.Code
	if key == "" {
		key = noticeKey(e)
	}
	return sendonce.Claim{
		Key:     sendonce.Hash(key, family(e.TriggerSource)),
		Payload: sendonce.Hash(e.UserPoolID, e.TriggerSource, e.Envelope.UserName, m.Recipient),
		Holder:  rand.Text(), Now: now, Until: until, Retake: s.MayDouble,
	}
}

const (
	longest = 15 * time.Second // of an invocation without a deadline, in tests
	grace   = time.Second      // in which the function still answers after its context has ended
)

// family is the channel, so that a notice which goes by mail and SMS is two messages.
func family(source string) string {
	before, _, _ := strings.Cut(source, "_")
	return strings.ToLower(before)
}

// noticeKey names an event without a code by its id, or by what is in it.
func noticeKey(e Event) string {
	if id := e.Attributes["EVENT_ID"]; id != "" {
		return sendonce.Hash(e.UserPoolID, id)
	}
	parts := []string{e.UserPoolID, e.Envelope.UserName}
	for _, name := range []string{"LOGIN_TIME", "IP_ADDRESS", "FEEDBACK_TOKEN", "ACCOUNT_TAKE_OVER_ACTION"} {
		parts = append(parts, e.Attributes[name])
	}
	return sendonce.Hash(parts...)
}

// take claims the message and counts it. It reports whether the caller sends it now.
func (s *Sender) take(ctx context.Context, claim sendonce.Claim, m Message) (bool, error) {
	standing, err := s.Once.Claim(ctx, claim)
	if err != nil {
		trigger.Count(ctx, MessagesFailed)
		return false, err
	}
	switch standing {
	case sendonce.First:
		reached, err := s.count(ctx, m)
		if err != nil {
			trigger.Count(ctx, MessagesFailed)
			s.end(ctx, claim, sendonce.StateFree)
			return false, err
		}
		if reached != "" {
			trigger.Count(ctx, MessagesThrottled)
			slog.WarnContext(ctx, "the message is not sent: too many in this time", "limit", reached)
			s.end(ctx, claim, sendonce.StateDropped)
			return false, nil
		}
		return true, nil
	case sendonce.Again:
		return true, nil // counted before
	case sendonce.Sent, sendonce.Dropped:
		trigger.Count(ctx, MessagesRepeated)
		return false, nil
	case sendonce.Busy:
		return false, errors.New("another delivery of the event is sending the message")
	case sendonce.Doubtful:
		trigger.Count(ctx, MessagesDoubtful)
		return false, fmt.Errorf("an earlier delivery may have sent the message: it is not sent again, as %s says",
			uncertainSetting)
	}
	trigger.Count(ctx, MessagesFailed)
	return false, errors.New("the event has the code of another message, which its recipient does not get")
}

// count counts the message against the limits, and returns the name of one that is reached. The limit of a recipient is
// for each purpose, so that a sign-up's message does not block the sign-in's.
func (s *Sender) count(ctx context.Context, m Message) (reached string, err error) {
	kind := m.Event.Kind()
	limits := append([]Limit{{
		Key: "recipient " + sendonce.Hash(m.Event.UserPoolID, string(kind), m.Recipient), Max: s.PerRecipient,
	}}, m.Limits...)
	for _, limit := range limits {
		if limit.Max == 0 {
			continue
		}
		added, err := s.Once.Count(ctx, limit.Key, limit.Max, s.Window, s.Now())
		if err != nil {
			return "", err
		}
		if !added {
			name, _, _ := strings.Cut(limit.Key, " ")
			return name + ", " + strconv.Itoa(limit.Max), nil
		}
	}
	return "", nil
}

// end marks a message, also if the time for sending is over: there is a little left for it.
func (s *Sender) end(ctx context.Context, claim sendonce.Claim, state sendonce.State) {
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace*3/4)
	defer cancel()
	if err := s.Once.End(ending, claim, state); err != nil {
		if state == sendonce.StateSent {
			trigger.Count(ctx, MarksFailed)
		}
		slog.WarnContext(ctx, "what became of the message could not be stored", "state", string(state), "error", err)
	}
}
