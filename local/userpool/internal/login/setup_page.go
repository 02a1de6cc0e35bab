package login

import (
	"encoding/base64"
	"html/template"
	"net/url"
	"slices"

	"rsc.io/qr"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/loginpages"
	"cognito-triggers/local/userpool/internal/signin"
)

// setUp asks a user who needs a second factor for one: which, if there is a choice, or else for the address or with the
// key of an authenticator app.
func (v visit) setUp(q question, k known, err error) {
	switch app, mail := slices.Contains(k.Factors, softwareToken), slices.Contains(k.Factors, emailCode); {
	case app && mail && k.Key == "":
		k.Factors = []string{softwareToken, emailCode}
		v.show(page{Title: "Set up a second step", Problem: problem(err), Forms: v.choices(q, k, choiceInForm)})
	case mail && !app:
		v.askForAddress(q, k, err)
	case app || k.Key != "":
		v.showKey(q, k, err)
	default: // a phone number alone, which users cannot set up here
		v.noMessage()
	}
}

// askForAddress asks for the e-mail address that codes are sent to.
func (v visit) askForAddress(q question, k known, err error) {
	fields := v.keep([]field{{Name: "EMAIL", Label: "E-mail address", Type: "email", Autocomplete: "email", Focus: true}})
	v.show(page{Title: "Add your e-mail address", Notes: []string{"We will send a code to this address at each sign-in."},
		Problem: problem(err), Wrong: wrongOf(err, fields),
		Forms: []form{{Action: v.to("/challenge"), Submit: "Send a code", Fields: fields, Hidden: q.hidden(k)}}})
}

// showKey shows the key of a new authenticator app as a picture and as text. After a wrong code it is the same one.
func (v visit) showKey(q question, k known, err error) {
	if k.Key == "" {
		made, err := v.signIns.AssociateSoftwareToken(v.r.Context(), v.request(), &signin.AssociateInput{Session: q.Session})
		if err != nil {
			v.signInAgain(textOf(err))
			return
		}
		k.Key, q.Session = made.SecretCode, made.Session
	}
	picture, failure := pictureOf(v.b.Pool.Settings.PoolName, q.Name, k.Key)
	if failure != nil { // the names are too long for a QR code; the text is enough
		picture = ""
	}
	k.Factors = nil
	fields := []field{codeField("code"), v.keep([]field{{Name: "device", Label: "Name of the device", Type: "text",
		Autocomplete: "off", Optional: true}})[0]}
	v.show(page{
		Title: "Set up an authenticator app", Problem: problem(err), Wrong: wrongOf(err, fields),
		Key: &loginpages.Key{Picture: picture, Text: k.Key},
		Notes: []string{"Scan the code with your authenticator app, or enter the key there. " +
			"Then type the six digits that the app shows."},
		Forms: []form{{Action: v.to("/challenge"), Submit: "Continue", Fields: fields, Hidden: q.hidden(k)}},
	})
}

// maxDevice is the length of the longest name of a device that the page takes.
const maxDevice = 256

// register takes the first code of a new authenticator app, and goes on with the sign-in.
func (v visit) register(q question, k known) {
	device := v.posted("device")
	if len(device) > maxDevice {
		device = device[:maxDevice]
	}
	verified, err := v.signIns.VerifySoftwareToken(v.r.Context(), v.request(), &signin.VerifyInput{
		Session: q.Session, UserCode: v.posted("code"), FriendlyDeviceName: device,
	})
	if fault.Is(err, fault.TOTPMismatch) {
		v.askKnown(q, k, err)
		return
	}
	if err != nil {
		v.signInAgain(textOf(err))
		return
	}
	q.Session = verified.Session
	v.send(q, k, map[string]string{"USERNAME": q.Name})
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
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(code.PNG())), nil
}
