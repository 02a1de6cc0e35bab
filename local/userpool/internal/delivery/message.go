package delivery

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"

	"cognito-triggers/local/userpool/calls"
	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/triggers"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// Details is AWS's CodeDeliveryDetails.
type Details struct{ AttributeName, DeliveryMedium, Destination string }

const (
	codeParameter = "{####}"
	linkParameter = "{##Click Here##}"
	nameParameter = "{username}"
)

var linkPattern = regexp.MustCompile(`\{##(.+?)##\}`)

// Outgoing is a message to deliver.
type Outgoing struct {
	Pool      state.Pool
	User      state.User
	Purpose   Purpose // the code's
	Source    string  // trigger source for the custom message trigger
	ClientID  string  // empty without an app client
	Metadata  map[string]string
	Attribute string // email or phone_number: where the message goes
	Address   string
	BaseURL   string // the server's URL, for links

	code string
}

// Invite delivers an invitation with a temporary password.
func (r *Room) Invite(ctx context.Context, m Outgoing, password string) (Details, error) {
	m.code = password
	return r.Deliver(ctx, m)
}

// Deliver gets the text from the custom message trigger or the template and puts the message into the inbox, or gives
// the code to the pool's custom sender. The message must already have a code.
func (r *Room) Deliver(ctx context.Context, m Outgoing) (Details, error) {
	details := Details{AttributeName: m.Attribute, DeliveryMedium: mediumOf(m), Destination: mask(m.Attribute, m.Address)}
	if !triggers.Has(m.Pool, senderOf(m)) {
		return details, r.write(ctx, m)
	}
	if r.besides == BothFire {
		if _, err := r.customMessage(ctx, m); err != nil {
			return Details{}, err
		}
	}
	r.send(ctx, m)
	return details, nil
}

// write gets the text and puts the message into the inbox.
func (r *Room) write(ctx context.Context, m Outgoing) error {
	response, err := r.customMessage(ctx, m)
	if err != nil {
		return err
	}
	text := templateOf(m)
	sent := r.message(ctx, m, mail, text.email)
	sent.Subject, sent.Code = text.subject, m.code
	if m.Attribute == directory.Phone {
		sent.Kind, sent.Subject, sent.Body = sms, "", text.sms
		replaceText(&sent.Body, fire.Text(response, "smsMessage"))
	} else {
		replaceText(&sent.Body, fire.Text(response, "emailMessage"))
		replaceText(&sent.Subject, fire.Text(response, "emailSubject"))
	}
	sent.Body = fill(sent.Body, m, sent.Kind == mail)
	r.inbox.add(sent)
	return nil
}

func mediumOf(m Outgoing) string {
	if m.Attribute == directory.Phone {
		return sms
	}
	return mail
}

// customMessage fires the custom message trigger.
func (r *Room) customMessage(ctx context.Context, m Outgoing) (triggers.Response, error) {
	request := events.CustomMessageRequest{
		UserAttributes: triggers.Attributes(m.Pool, m.User), CodeParameter: codeParameter, LinkParameter: linkParameter,
		ClientMetadata: m.Metadata,
	}
	if m.Source == cognito.CustomMessageAdminCreateUser {
		request.UsernameParameter = nameParameter
	}
	return r.triggers.Fire(ctx, triggers.Call{
		Pool: m.Pool, Hook: cognito.CustomMessage, Source: m.Source, UserName: m.User.Username, ClientID: m.ClientID,
		Request: request,
	})
}

func (r *Room) message(ctx context.Context, m Outgoing, kind, body string) Message {
	return Message{
		Call: calls.Of(ctx), At: r.now().UTC(), Kind: kind, To: m.Address, Body: body, Source: m.Source, PoolID: m.Pool.ID,
		UserName: m.User.Username, User: m.User.Sub(),
	}
}

// Welcome delivers the message to a migrated user by the media that the trigger requested. Cognito documents neither
// its text nor a trigger source for it.
func (r *Room) Welcome(ctx context.Context, pool state.Pool, u state.User, response triggers.Response) {
	var media []string
	_ = json.Unmarshal(response["desiredDeliveryMediums"], &media) // validated with the answer
	if len(media) == 0 {
		media = []string{sms}
	}
	for _, medium := range media {
		address := u.Attributes[AttributeOf(medium)]
		if address == "" {
			continue
		}
		m := Outgoing{Pool: pool, User: u, Source: cognito.UserMigration.Contract().Name, Address: address}
		sent := r.message(ctx, m, medium, "Your account has been created.")
		sent.Subject = "Welcome"
		r.inbox.add(sent)
	}
}

// AttributeOf returns the attribute that holds a user's address for a medium, or "" for an unknown medium.
func AttributeOf(medium string) string {
	switch medium {
	case mail:
		return directory.Email
	case sms:
		return directory.Phone
	}
	return ""
}

// Pretended returns the delivery details to show for a user who does not exist. They are the same every time.
func (r *Room) Pretended(pool state.Pool, name string) Details {
	attribute := directory.Email
	if directory.IsPhone(directory.Folded(pool, name)) {
		attribute = directory.Phone
	}
	return r.PretendedAt(pool, name, attribute)
}

// PretendedAt returns the delivery details to show for a user who does not exist, for a code to this attribute.
func (r *Room) PretendedAt(pool state.Pool, name, attribute string) Details {
	name = directory.Folded(pool, name)
	made := r.decoy.Bytes(pool, name)
	if attribute == directory.Phone {
		if !directory.IsPhone(name) {
			name = fmt.Sprintf("+%011d", 10_000_000_000+binary.BigEndian.Uint64(made[:])%10_000_000_000)
		}
		return Details{directory.Phone, sms, mask(directory.Phone, name)}
	}
	if directory.IsEmail(name) {
		return Details{directory.Email, mail, mask(directory.Email, name)}
	}
	letter := func(i int) string { return string(rune('a' + made[i]%26)) }
	return Details{directory.Email, mail, letter(0) + "***@" + letter(1) + "***"}
}

func replaceText(into *string, text *string) {
	if text != nil {
		*into = *text
	}
}

// fill replaces the placeholders of a message with code, name and link. Set escape for e-mail: it is HTML, and a
// temporary password may contain special characters.
func fill(body string, m Outgoing, escape bool) string {
	code, name := m.code, shownName(m)
	if escape {
		code, name = html.EscapeString(code), html.EscapeString(name)
	}
	body = strings.ReplaceAll(body, codeParameter, code)
	link := confirmLink(m)
	body = linkPattern.ReplaceAllStringFunc(body, func(found string) string {
		return `<a href="` + html.EscapeString(link) + `">` + linkPattern.FindStringSubmatch(found)[1] + `</a>`
	})
	return strings.ReplaceAll(body, nameParameter, name)
}

// ConfirmPath is the path of confirmation links. On AWS it is a page of the pool's domain.
const ConfirmPath = "/confirmUser"

func confirmLink(m Outgoing) string {
	return m.BaseURL + ConfirmPath + "?" + url.Values{
		"client_id": {m.ClientID}, "user_name": {m.User.Username}, "confirmation_code": {m.code},
	}.Encode()
}

// shownName returns the name that the user signs in with.
func shownName(m Outgoing) string {
	for _, attribute := range m.Pool.Settings.UsernameAttributes {
		if value := m.User.Attributes[attribute]; value != "" {
			return value
		}
	}
	return m.User.Username
}

// mask obscures an address as AWS does.
func mask(attribute, address string) string {
	if attribute == directory.Phone {
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
