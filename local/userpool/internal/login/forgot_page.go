package login

import (
	"cognito-triggers/local/userpool/internal/accounts"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/wire"
)

func (v visit) forgotPage() { v.forgotAgain(nil) }

func (v visit) forgotAgain(err error, notes ...string) {
	fields := []field{v.nameField()}
	v.show(page{Title: "Reset your password", Problem: problem(err), Wrong: wrongOf(err, fields), Notes: notes,
		Forms: []form{{Action: v.to("/forgotPassword"), Submit: "Send a code", Fields: fields}},
		Links: []link{{To: v.to("/login"), Text: "Back to sign-in"}}})
}

func (v visit) forgot() {
	name := v.posted("username")
	in := &accounts.ForgotInput{ClientId: v.b.Client.ID, SecretHash: v.secretHash(name), Username: name}
	if err := wire.Check(in); err != nil {
		v.forgotAgain(err)
		return
	}
	sent, err := v.accounts.ForgotPassword(v.r.Context(), v.request(), in)
	switch {
	case fault.Is(err, fault.Invalid): // there is no verified address
		v.noMessage()
	case err != nil:
		v.forgotAgain(err)
	default:
		v.resetPage(name, sent.CodeDeliveryDetails.Destination, nil)
	}
}

func (v visit) resetPage(name, destination string, err error) {
	p := page{Title: "Choose a new password", Problem: problem(err), Destination: destination}
	if destination != "" {
		p.Notes = []string{"We have sent a code to"}
	}
	fields := []field{codeField("code"), v.newPasswordField("password", "New password")}
	p.Wrong = wrongOf(err, fields)
	p.Forms = []form{{Action: v.to("/confirmforgotPassword"), Submit: "Continue", Fields: fields,
		Hidden: []hidden{{Name: "username", Value: name}, {Name: "destination", Value: destination}}}}
	p.Links = []link{{To: v.to("/forgotPassword"), Text: "Send a new code"}}
	v.show(p)
}

func (v visit) reset() {
	name := v.posted("username")
	in := &accounts.ConfirmForgotInput{
		ClientId: v.b.Client.ID, SecretHash: v.secretHash(name), Username: name,
		ConfirmationCode: v.posted("code"), Password: v.posted("password"),
	}
	err := wire.Check(in)
	if err == nil {
		_, err = v.accounts.ConfirmForgotPassword(v.r.Context(), in)
	}
	if err != nil {
		v.resetPage(name, v.posted("destination"), err)
		return
	}
	v.signInByPassword()
}
