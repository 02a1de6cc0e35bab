package login

import (
	"cognito-triggers/local/userpool/internal/accounts"
	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/oauth"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

func (v visit) signUpPage() { v.signUpAgain(nil) }

func (v visit) signUpAgain(err error) {
	if !v.signsUp() {
		v.signInAgain(textOf(fault.New(fault.SignUpNotPermitted)))
		return
	}
	fields := []field{v.nameField()}
	for _, attribute := range v.wanted() {
		fields = append(fields, attributeField(attribute))
	}
	fields = v.keep(append(fields, v.newPasswordField("password", "Password")))
	v.show(page{Title: "Sign up", Problem: problem(err), Wrong: wrongOf(err, fields),
		Forms: []form{{Action: v.to("/signup"), Submit: "Sign up", Fields: fields}},
		Links: []link{{Before: "Have an account already?", To: v.to("/login"), Text: "Sign in"}}})
}

// wanted lists the attributes that the pool requires of who signs up, but for the one that is the user name.
func (v visit) wanted() []string {
	given := map[string]string{}
	if names := v.b.Pool.Settings.UsernameAttributes; len(names) == 1 {
		given[names[0]] = "given"
	}
	return directory.Missing(v.b.Pool, given)
}

func (v visit) signUp() {
	name := v.posted("username")
	in := &accounts.SignUpInput{
		ClientId: v.b.Client.ID, SecretHash: v.secretHash(name), Username: name, Password: v.posted("password"),
	}
	for _, attribute := range v.wanted() {
		in.UserAttributes = append(in.UserAttributes, wire.Attribute{
			Name: attribute, Value: v.posted(attributePrefix + attribute)})
	}
	if err := wire.Check(in); err != nil {
		v.signUpAgain(err)
		return
	}
	out, err := v.accounts.SignUp(v.r.Context(), v.request(), in)
	switch {
	case err != nil:
		v.signUpAgain(err)
	case out.UserConfirmed:
		v.enterNew(out.UserSub, "pwd")
	case out.CodeDeliveryDetails == nil: // as on AWS, the user exists
		v.refuse(v.w, v.r, nil, &oauth.Error{Code: oauth.InvalidRequest})
	default:
		v.confirmPageOf(name, v.ticket(out.UserSub), out.CodeDeliveryDetails.Destination, nil)
	}
}

// ticket returns a ticket for a user who has signed up.
func (v visit) ticket(sub string) string {
	text := newSecret()
	v.tickets.Put(text, ticket{Pool: v.pool, Sub: sub}, ticketLifetime)
	return text
}

// confirmPage asks for the code of a sign-up. The ticket lets in who signed up in this browser.
func (v visit) confirmPage(name, ticket string, err error, notes ...string) {
	v.showConfirmation(name, ticket, page{Notes: notes}, err)
}

// confirmPageOf is confirmPage right after the code was sent.
func (v visit) confirmPageOf(name, ticket, destination string, err error) {
	p := page{Notes: []string{"We have sent a code to"}, Destination: destination}
	if v.byLink() {
		p.Notes = []string{"Open the link in our message, then continue here. We have sent it to"}
	}
	v.showConfirmation(name, ticket, p, err)
}

func (v visit) showConfirmation(name, ticket string, p page, err error) {
	known := []hidden{{Name: "username", Value: name}, {Name: "ticket", Value: ticket}}
	f := form{Action: v.to("/confirm"), Submit: "Confirm", Hidden: known}
	again := form{Action: v.to("/resendcode"), Submit: "Send a new code", Quiet: true, Hidden: known}
	if v.byLink() {
		f.Submit, again.Submit = "Continue", "Send a new link"
	} else {
		f.Fields = []field{codeField("code")}
	}
	p.Title, p.Problem, p.Wrong = "Confirm your account", problem(err), wrongOf(err, f.Fields)
	p.Forms = []form{f, again}
	v.show(p)
}

// byLink reports whether the pool's messages to new users have a link in place of a code.
func (v visit) byLink() bool {
	template := v.b.Pool.Settings.VerificationMessageTemplate
	return template != nil && template.DefaultEmailOption == "CONFIRM_WITH_LINK"
}

func (v visit) confirm() {
	name, ticket := v.posted("username"), v.posted("ticket")
	in := &accounts.ConfirmInput{
		ClientId: v.b.Client.ID, SecretHash: v.secretHash(name), Username: name, ConfirmationCode: v.posted("code"),
	}
	var err error
	if !v.byLink() {
		if err = wire.Check(in); err == nil {
			_, err = v.accounts.ConfirmSignUp(v.r.Context(), in)
		}
	} else if !v.holds(ticket, name) {
		err = fault.New(fault.UserNotConfirmed)
	}
	switch {
	case err != nil:
		v.confirmPage(name, ticket, err)
	case v.holds(ticket, name):
		t, _ := v.tickets.Take(ticket)
		v.enterNew(t.Sub, "pwd")
	default: // confirmed in another browser than that of the sign-up
		v.signInPage()
	}
}

// holds reports whether a ticket lets in a user of this name, who is confirmed: a ticket for one account does not open
// it because another one was confirmed.
func (v visit) holds(ticket, name string) bool {
	t, ok := v.tickets.Get(ticket)
	if !ok || t.Pool != v.pool {
		return false
	}
	user, err := v.directory.User(v.b.Pool, name)
	return err == nil && user.Sub() == t.Sub && user.Status == state.Confirmed
}

func (v visit) resend() {
	name, ticket := v.posted("username"), v.posted("ticket")
	in := &accounts.ResendInput{ClientId: v.b.Client.ID, SecretHash: v.secretHash(name), Username: name}
	err := wire.Check(in)
	if err == nil {
		_, err = v.accounts.ResendCode(v.r.Context(), v.request(), in)
	}
	if err != nil {
		v.confirmPage(name, ticket, err)
		return
	}
	v.confirmPage(name, ticket, nil, "A new code is on its way.")
}
