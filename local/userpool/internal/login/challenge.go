package login

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"image/png"
	"net/url"
	"strings"

	"rsc.io/qr"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/signin"
)

// next shows the challenge of a sign-in, or ends it.
func (v visit) next(name string, out *signin.Hosted) {
	if out.Challenge == "" {
		v.enter(out.User.Username, out.Methods...)
		return
	}
	v.ask(name, question{challenge: out.Challenge, session: out.Session, parameters: out.Parameters}, "")
}

// question is a challenge that a page asks.
type question struct {
	challenge, session string
	parameters         map[string]string
}

// The challenges that the pages ask, and the answers' names.
const (
	newPassword   = "NEW_PASSWORD_REQUIRED"
	selectFactor  = "SELECT_MFA_TYPE"
	setUpFactor   = "MFA_SETUP"
	softwareToken = "SOFTWARE_TOKEN_MFA"
)

// ask shows the page of a challenge.
func (v visit) ask(name string, q question, problem string) {
	known := []hidden{{"username", name}, {"challenge", q.challenge}, {"session", q.session}}
	p := page{Title: "Enter your code", Problem: problem}
	f := form{Action: v.to("/challenge"), Submit: "Continue", Hidden: known}
	switch q.challenge {
	case newPassword:
		p.Title = "Choose a new password"
		f.Fields = []field{{Name: "NEW_PASSWORD", Label: "New password", Type: "password", Autocomplete: "new-password"}}
		for _, attribute := range listIn(q.parameters["requiredAttributes"]) {
			a := attributeField(strings.TrimPrefix(attribute, "userAttributes."))
			a.Name = attribute
			f.Fields = append(f.Fields, a)
		}
	case selectFactor:
		p.Title = "Choose how to confirm it is you"
		for _, factor := range listIn(q.parameters["MFAS_CAN_CHOOSE"]) {
			p.Forms = append(p.Forms, form{Action: f.Action, Submit: factorName(factor), Quiet: true,
				Hidden: append([]hidden{{"ANSWER", factor}}, known...)})
		}
		v.show(p)
		return
	case setUpFactor:
		v.setUp(name, q, problem)
		return
	case softwareToken:
		p.Notes = []string{"Type the six digits that your authenticator app shows."}
		f.Fields = []field{codeField(softwareToken + "_CODE")}
	case "EMAIL_OTP", "SMS_MFA", "SMS_OTP":
		if to := q.parameters["CODE_DELIVERY_DESTINATION"]; to != "" {
			p.Notes = []string{"We have sent a code to", to}
		}
		f.Fields = []field{codeField(q.challenge + "_CODE")}
	default:
		v.signInAgain("Something went wrong")
		return
	}
	p.Forms = []form{f}
	v.show(p)
}

func factorName(factor string) string {
	switch factor {
	case softwareToken:
		return "Authenticator app"
	case "SMS_MFA":
		return "Text message"
	}
	return "E-mail"
}

func listIn(text string) (list []string) {
	_ = json.Unmarshal([]byte(text), &list) // of our own making
	return list
}

// answer takes the answer to a challenge.
func (v visit) answer() {
	name, challenge, session := v.posted("username"), v.posted("challenge"), v.posted("session")
	if challenge == setUpFactor {
		v.register(name, session)
		return
	}
	responses := map[string]string{"USERNAME": name}
	for field, values := range v.r.PostForm {
		switch field {
		case "_csrf", "username", "challenge", "session":
		default:
			responses[field] = values[0]
		}
	}
	out, err := v.signIns.AnswerHosted(v.r.Context(), v.request(), v.b, challenge, session, responses)
	switch {
	case err == nil:
		v.next(name, out)
	case fault.Retryable(err):
		v.ask(name, question{challenge: challenge, session: session}, textOf(err))
	default:
		v.signInAgain(textOf(err))
	}
}

// setUp shows the key of a new authenticator app as a picture and as text.
func (v visit) setUp(name string, q question, problem string) {
	made, err := v.signIns.AssociateSoftwareToken(v.r.Context(), v.request(), &signin.AssociateInput{Session: q.session})
	if err != nil {
		v.signInAgain(textOf(err))
		return
	}
	picture, err := pictureOf(v.b.Pool.Settings.PoolName, name, made.SecretCode)
	if err != nil {
		v.signInAgain("Something went wrong")
		return
	}
	v.show(page{
		Title: "Set up an authenticator app", Problem: problem, Picture: picture, PictureText: made.SecretCode,
		Notes: []string{"Scan the code with your authenticator app, or enter the key there. " +
			"Then type the six digits that the app shows."},
		Forms: []form{{Action: v.to("/challenge"), Submit: "Continue", Fields: []field{codeField("code")},
			Hidden: []hidden{{"username", name}, {"challenge", setUpFactor}, {"session", made.Session}}}},
	})
}

// register takes the first code of a new authenticator app, and goes on with the sign-in.
func (v visit) register(name, session string) {
	verified, err := v.signIns.VerifySoftwareToken(v.r.Context(), v.request(), &signin.VerifyInput{
		Session: session, UserCode: v.posted("code"),
	})
	if fault.Is(err, fault.TOTPMismatch) {
		v.ask(name, question{challenge: setUpFactor, session: session}, textOf(err))
		return
	}
	if err != nil {
		v.signInAgain(textOf(err))
		return
	}
	out, err := v.signIns.AnswerHosted(v.r.Context(), v.request(), v.b, setUpFactor, verified.Session,
		map[string]string{"USERNAME": name})
	if err != nil {
		v.signInAgain(textOf(err))
		return
	}
	v.next(name, out)
}

// pictureOf returns the QR code of a key for authenticator apps, as a data: URL.
//
// See https://github.com/google/google-authenticator/wiki/Key-Uri-Format
func pictureOf(issuer, name, secret string) (template.URL, error) {
	address := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + name,
		RawQuery: url.Values{"secret": {secret}, "issuer": {issuer}}.Encode()}
	code, err := qr.Encode(address.String(), qr.M)
	if err != nil {
		return "", err
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, code.Image()); err != nil {
		return "", err
	}
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(picture.Bytes())), nil
}
