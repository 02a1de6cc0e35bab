package login

import (
	"encoding/json"
	"slices"
	"strings"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/signin"
)

// The challenges that the pages ask, and the answers' names.
const (
	newPassword   = "NEW_PASSWORD_REQUIRED"
	selectFirst   = "SELECT_CHALLENGE"
	selectFactor  = "SELECT_MFA_TYPE"
	setUpFactor   = "MFA_SETUP"
	softwareToken = "SOFTWARE_TOKEN_MFA"
	passkeyFactor = "WEB_AUTHN"
	emailCode     = "EMAIL_OTP"
	smsCode       = "SMS_OTP"
	smsFactor     = "SMS_MFA"
	withPassword  = "PASSWORD"
)

// next shows the challenge of a sign-in, or ends it.
func (v visit) next(name string, out *signin.Hosted) {
	if out.Challenge == "" {
		v.enter(out.User.Sub(), out.Methods...)
		return
	}
	v.ask(question{Name: name, Challenge: out.Challenge, Session: out.Session, Parameters: out.Parameters,
		Available: out.AvailableChallenges}, nil)
}

// question is a challenge that a page asks.
type question struct {
	Name               string // of the user, as typed
	Challenge, Session string
	Parameters         map[string]string
	Available          []string // of SELECT_CHALLENGE
}

// The fields of a page's form that make its question. Names with an underscore are no answers to the challenge.
const (
	nameInForm      = "username"
	challengeInForm = "challenge"
	sessionInForm   = "session"
	knownInForm     = "_known"
)

// known is what a page repeats of its question when an answer was wrong.
type known struct {
	To         string   `json:",omitempty"` // where the code went
	Attributes []string `json:",omitempty"` // to be given with a new password
	Factors    []string `json:",omitempty"` // to choose from
	Key        string   `json:",omitempty"` // of a new authenticator app
}

// knownOf returns what is known of a question.
func knownOf(q question) known {
	return known{
		To:         q.Parameters["CODE_DELIVERY_DESTINATION"],
		Attributes: listIn(q.Parameters["requiredAttributes"]),
		Factors: slices.Concat(listIn(q.Parameters["MFAS_CAN_CHOOSE"]), listIn(q.Parameters["MFAS_CAN_SETUP"]),
			firstFactors(q.Available)),
	}
}

// firstFactors lists the first factors of a choice that the pages have: a password goes by TLS, not by SRP.
func firstFactors(available []string) (list []string) {
	for _, name := range available {
		if slices.Contains([]string{withPassword, emailCode, smsCode, passkeyFactor}, name) {
			list = append(list, name)
		}
	}
	return list
}

// parseKnown reads what a page repeats. The browser can change it, to its own harm: nothing is decided by it.
func parseKnown(text string) (k known) {
	if json.Unmarshal([]byte(text), &k) != nil {
		return known{}
	}
	isKey := func(r rune) bool { return r >= 'A' && r <= 'Z' || r >= '2' && r <= '7' }
	if strings.ContainsFunc(k.Key, func(r rune) bool { return !isKey(r) }) || len(k.Key) > maxKey {
		k.Key = ""
	}
	k.Attributes = slices.DeleteFunc(k.Attributes, func(name string) bool {
		return strings.TrimPrefix(name, requiredPrefix) == ""
	})
	return k
}

const (
	requiredPrefix = "userAttributes." // of attributes that are given with a new password
	maxKey         = 128               // letters of an authenticator app's key; a QR code has no room for many more
)

func listIn(text string) (list []string) {
	_ = json.Unmarshal([]byte(text), &list) // of our own making; empty without text
	return list
}

// hidden returns the hidden fields of a form that answers a question.
func (q question) hidden(k known, more ...hidden) []hidden {
	text, err := json.Marshal(k)
	if err != nil { // strings can be encoded
		text = nil
	}
	return append([]hidden{{Name: nameInForm, Value: q.Name}, {Name: challengeInForm, Value: q.Challenge},
		{Name: sessionInForm, Value: q.Session}, {Name: knownInForm, Value: string(text)}}, more...)
}

// ask shows the page of a challenge.
func (v visit) ask(q question, err error) { v.askKnown(q, knownOf(q), err) }

// askKnown is ask for a question that is asked again.
func (v visit) askKnown(q question, k known, err error) {
	p := page{Title: "Enter your code", Problem: problem(err)}
	f := form{Action: v.to("/challenge"), Submit: "Continue", Hidden: q.hidden(k)}
	switch q.Challenge {
	case newPassword:
		p.Title, p.Notes = "Choose a new password", []string{"The password must be changed before you can sign in."}
		f.Fields = v.completion(k)
	case selectFirst, withPassword:
		v.chooseFirst(q, k, err)
		return
	case selectFactor:
		p.Title = "Choose how to confirm it is you"
		p.Forms = v.choices(q, k, "ANSWER")
		v.show(p)
		return
	case setUpFactor:
		v.setUp(q, k, err)
		return
	case passkeyFactor:
		v.askForPasskey(q)
		return
	case softwareToken:
		p.Notes = []string{"Type the six digits that your authenticator app shows."}
		f.Fields = []field{codeField(softwareToken + "_CODE")}
	case emailCode, smsFactor, smsCode:
		p.Notes, p.Destination = []string{"We have sent a code to"}, k.To
		if k.To == "" {
			p.Notes = []string{"We have sent a code. Type it below."}
		}
		f.Fields = []field{codeField(q.Challenge + "_CODE")}
	default:
		v.signInAgain(failed)
		return
	}
	p.Wrong = wrongOf(err, f.Fields)
	p.Forms = []form{f}
	v.show(p)
}

// completion asks for a new password and for the attributes that the user lacks.
func (v visit) completion(k known) []field {
	fields := []field{v.newPasswordField("NEW_PASSWORD", "New password")}
	fields[0].Focus = true
	for _, attribute := range k.Attributes {
		f := attributeField(strings.TrimPrefix(attribute, requiredPrefix))
		f.Name = attribute
		fields = append(fields, f)
	}
	return v.keep(fields)
}

// choices returns a form for each factor; the field carries the choice.
func (v visit) choices(q question, k known, name string) (forms []form) {
	for _, factor := range k.Factors {
		forms = append(forms, form{Action: v.to("/challenge"), Submit: factorName(factor), Quiet: true,
			Hidden: q.hidden(k, hidden{Name: name, Value: factor})})
	}
	return forms
}

func factorName(factor string) string {
	switch factor {
	case softwareToken:
		return "Authenticator app"
	case smsFactor, smsCode:
		return "Code by text message"
	case passkeyFactor:
		return "Passkey"
	case withPassword:
		return "Password"
	}
	return "Code by e-mail"
}

// chooseFirst asks for the first factor; where there is one choice, it is made.
func (v visit) chooseFirst(q question, k known, err error) {
	switch {
	case len(k.Factors) == 1 && k.Factors[0] == withPassword:
		v.askForPassword(q, k, err)
		return
	case len(k.Factors) == 1 && err == nil:
		v.send(q, k, map[string]string{"USERNAME": q.Name, "ANSWER": k.Factors[0]})
		return
	}
	v.show(page{Title: "Choose how to sign in", Problem: problem(err), Destination: q.Name,
		Forms: v.choices(q, k, choiceInForm),
		Links: []link{{To: v.to("/login"), Text: "Back to sign-in"}}})
}

// choiceInForm is the field with the first factor that somebody chose.
const choiceInForm = "_choice"

// askForPassword asks for the password of who has chosen it. The user name is there for password managers.
func (v visit) askForPassword(q question, k known, err error) {
	f := passwordField()
	f.Name, f.Focus = withPassword, true
	v.show(page{Title: "Enter your password", Problem: problem(err), Wrong: wrongOf(err, []field{f}), Destination: q.Name,
		Forms: []form{{Action: v.to("/challenge"), Submit: "Sign in", Fields: []field{f},
			Hidden: q.hidden(k, hidden{Name: "ANSWER", Value: withPassword})}},
		Links: []link{{To: v.to("/forgotPassword"), Text: "Forgot your password?"}}})
}

// answer takes the answer to a challenge.
func (v visit) answer() {
	q := question{Name: v.posted(nameInForm), Challenge: v.posted(challengeInForm), Session: v.posted(sessionInForm)}
	k := parseKnown(v.posted(knownInForm))
	if choice := v.posted(choiceInForm); choice != "" {
		v.chosen(q, k, choice)
		return
	}
	responses := map[string]string{"USERNAME": q.Name}
	for field, values := range v.r.PostForm {
		if field != challengeInForm && field != sessionInForm && field != nameInForm && !strings.HasPrefix(field, "_") {
			responses[field] = values[0]
		}
	}
	if q.Challenge == setUpFactor && responses["EMAIL"] == "" {
		v.register(q, k)
		return
	}
	v.send(q, k, responses)
}

// chosen goes on with what somebody chose: a first factor, or the second one to set up.
func (v visit) chosen(q question, k known, choice string) {
	switch {
	case q.Challenge == setUpFactor && choice == emailCode:
		v.askForAddress(q, k, nil)
	case q.Challenge == setUpFactor:
		k.Factors = []string{choice}
		v.setUp(q, k, nil)
	case choice == withPassword:
		k.Factors = []string{choice}
		v.askForPassword(q, k, nil)
	default:
		v.send(q, k, map[string]string{"USERNAME": q.Name, "ANSWER": choice})
	}
}

// send answers a challenge.
func (v visit) send(q question, k known, responses map[string]string) {
	out, err := v.signIns.AnswerHosted(v.r.Context(), v.request(), v.b, q.Challenge, q.Session, responses)
	switch {
	case err == nil:
		v.next(q.Name, out)
	case !fault.Retryable(err):
		v.signInAgain(textOf(err))
	case q.Challenge == setUpFactor:
		v.askForAddress(q, k, err)
	default:
		v.askKnown(q, k, err)
	}
}
