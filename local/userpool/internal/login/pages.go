package login

import (
	"net/http"
	"strings"

	"cognito-triggers/local/userpool/internal/accounts"
	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/oauth"
	"cognito-triggers/local/userpool/internal/wire"
)

func (d domain) addPages(mux *http.ServeMux) {
	mux.HandleFunc("GET /assets/page.css", d.stylesheet)
	for path, show := range map[string]func(visit){
		"/login": visit.signInPage, "/signup": visit.signUpPage, "/forgotPassword": visit.forgotPage,
	} {
		mux.HandleFunc("GET "+path, d.visited(show))
	}
	for path, take := range map[string]func(visit){
		"/login": visit.signIn, "/challenge": visit.answer, "/signup": visit.signUp, "/confirm": visit.confirm,
		"/resendcode": visit.resend, "/forgotPassword": visit.forgot, "/confirmforgotPassword": visit.reset,
	} {
		mux.HandleFunc("POST "+path, d.visited(take))
	}
}

// visit is one request for a page, or of its form, on behalf of an app that sent the browser.
type visit struct {
	domain
	w http.ResponseWriter
	r *http.Request
	b directory.Bearer
	q *oauth.Request
}

// visited checks the app's request, and that a form is ours, before it serves a page.
func (d domain) visited(serve func(visit)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		b, q, ok := d.request(w, r)
		if !ok || !d.styled(w, r, b) {
			return
		}
		v := visit{domain: d, w: w, r: r, b: b, q: q}
		if r.Method == http.MethodPost && !fromOurForm(r) {
			v.signInAgain("The form has expired. Please try again.")
			return
		}
		serve(v)
	}
}

// to returns the address of a page for the same request of the app.
func (v visit) to(path string) string { return path + "?" + v.r.URL.RawQuery }

func (v visit) posted(name string) string { return v.r.PostFormValue(name) }

func (v visit) request() wire.Request { return v.at(v.r) }

func (v visit) show(p page) {
	status := http.StatusOK
	if p.Problem != "" {
		status = http.StatusBadRequest
	}
	v.domain.show(v.w, v.r, status, p)
}

// nameLabel says what people sign in with.
func (v visit) nameField() field {
	f := field{Name: "username", Label: "Username", Type: "text", Autocomplete: "username"}
	switch attributes := v.b.Pool.Settings.UsernameAttributes; {
	case len(attributes) == 1 && attributes[0] == directory.Email:
		f.Label, f.Type = "E-mail address", "email"
	case len(attributes) == 1:
		f.Label, f.Type = "Phone number", "tel"
	}
	return f
}

func (v visit) signInPage() { v.signInAgain("") }

func (v visit) signInAgain(problem string) {
	name := v.nameField()
	name.Focus, name.Value = true, v.posted("username")
	if name.Value == "" {
		name.Value = v.q.LoginHint
	}
	p := page{Title: "Sign in", Problem: problem, Forms: []form{{
		Action: v.to("/login"), Submit: "Sign in", Fields: []field{name,
			{Name: "password", Label: "Password", Type: "password", Autocomplete: "current-password"}},
	}}, Links: []link{{To: v.to("/forgotPassword"), Text: "Forgot your password?"}}}
	if config := v.b.Pool.Settings.AdminCreateUserConfig; config == nil || !config.AllowAdminCreateUserOnly {
		p.Links = append(p.Links, link{Before: "Need an account?", To: v.to("/signup"), Text: "Sign up"})
	}
	v.show(p)
}

func (v visit) signIn() {
	name := v.posted("username")
	out, err := v.signIns.BeginHosted(v.r.Context(), v.request(), v.b, name, v.posted("password"))
	switch {
	case fault.Is(err, fault.UserNotConfirmed):
		v.confirmPage(name, "", "")
	case fault.Is(err, fault.ResetRequired):
		v.forgotPage()
	case err != nil:
		v.signInAgain(textOf(err))
	default:
		v.next(name, out)
	}
}

func (v visit) signUpPage() { v.signUpAgain("") }

func (v visit) signUpAgain(problem string) {
	name := v.nameField()
	name.Focus, name.Value = true, v.posted("username")
	fields := []field{name}
	for _, attribute := range v.wanted() {
		f := attributeField(attribute)
		f.Value = v.posted(f.Name)
		fields = append(fields, f)
	}
	fields = append(fields, field{Name: "password", Label: "Password", Type: "password", Autocomplete: "new-password"})
	v.show(page{Title: "Sign up", Problem: problem,
		Forms: []form{{Action: v.to("/signup"), Submit: "Sign up", Fields: fields}},
		Links: []link{{Before: "Have an account already?", To: v.to("/login"), Text: "Sign in"}}})
}

// wanted lists the attributes that the pool requires of who signs up, but for the one that is the user name.
func (v visit) wanted() []string {
	given := map[string]string{}
	for _, attribute := range v.b.Pool.Settings.UsernameAttributes {
		if len(v.b.Pool.Settings.UsernameAttributes) == 1 {
			given[attribute] = "given"
		}
	}
	return directory.Missing(v.b.Pool, given)
}

// attributePrefix keeps the names of attributes apart from the form's own fields.
const attributePrefix = "attribute."

func attributeField(attribute string) field {
	f := field{Name: attributePrefix + attribute, Label: labelOf(attribute), Type: "text", Autocomplete: "on"}
	switch attribute {
	case directory.Email:
		f.Type, f.Autocomplete = "email", "email"
	case directory.Phone:
		f.Type, f.Autocomplete = "tel", "tel"
	case "birthdate":
		f.Type, f.Autocomplete = "date", "bday"
	}
	return f
}

func (v visit) signUp() {
	name := v.posted("username")
	in := &accounts.SignUpInput{
		ClientId: v.b.Client.ID, SecretHash: directory.SecretHash(v.b.Client, name), Username: name,
		Password: v.posted("password"),
	}
	for _, attribute := range v.wanted() {
		in.UserAttributes = append(in.UserAttributes, wire.Attribute{
			Name: attribute, Value: v.posted(attributePrefix + attribute)})
	}
	out, err := v.accounts.SignUp(v.r.Context(), v.request(), in)
	switch {
	case err != nil:
		v.signUpAgain(textOf(err))
	case out.UserConfirmed:
		v.enter(out.UserSub)
	case out.CodeDeliveryDetails == nil: // as on AWS, the user exists
		v.refuse(v.w, v.r, v.q, &oauth.Error{Code: oauth.InvalidRequest})
	default:
		v.confirmPage(name, v.ticket(out.UserSub), "", "We have sent a code to",
			out.CodeDeliveryDetails.Destination)
	}
}

// ticket returns a ticket for a user who has signed up.
func (v visit) ticket(user string) string {
	text := directory.RandomText(directory.Alphanumeric, secretLength)
	v.tickets.Put(text, ticket{v.pool, user}, ticketLifetime)
	return text
}

// confirmPage asks for the code of a sign-up. The ticket lets in who signed up in this browser.
func (v visit) confirmPage(name, ticket, problem string, notes ...string) {
	known := []hidden{{"username", name}, {"ticket", ticket}}
	v.show(page{Title: "Confirm your account", Problem: problem, Notes: notes, Forms: []form{
		{Action: v.to("/confirm"), Submit: "Confirm", Hidden: known, Fields: []field{codeField("code")}},
		{Action: v.to("/resendcode"), Submit: "Send a new code", Quiet: true, Hidden: known},
	}})
}

func codeField(name string) field {
	return field{Name: name, Label: "Code", Type: "text", Autocomplete: "one-time-code", Mode: "numeric", Focus: true}
}

func (v visit) confirm() {
	name, ticket := v.posted("username"), v.posted("ticket")
	_, err := v.accounts.ConfirmSignUp(v.r.Context(), &accounts.ConfirmInput{
		ClientId: v.b.Client.ID, SecretHash: directory.SecretHash(v.b.Client, name), Username: name,
		ConfirmationCode: v.posted("code"),
	})
	if err != nil {
		v.confirmPage(name, ticket, textOf(err))
		return
	}
	if t, ok := v.tickets.Take(ticket); ok && t.pool == v.pool {
		v.enter(t.user)
		return
	}
	v.signInPage()
}

func (v visit) resend() {
	name := v.posted("username")
	_, err := v.accounts.ResendCode(v.r.Context(), v.request(), &accounts.ResendInput{
		ClientId: v.b.Client.ID, SecretHash: directory.SecretHash(v.b.Client, name), Username: name,
	})
	if err != nil {
		v.confirmPage(name, v.posted("ticket"), textOf(err))
		return
	}
	v.confirmPage(name, v.posted("ticket"), "", "A new code is on its way.")
}

func (v visit) forgotPage() { v.forgotAgain("") }

func (v visit) forgotAgain(problem string) {
	name := v.nameField()
	name.Focus, name.Value = true, v.posted("username")
	v.show(page{Title: "Reset your password", Problem: problem,
		Forms: []form{{Action: v.to("/forgotPassword"), Submit: "Send a code", Fields: []field{name}}},
		Links: []link{{To: v.to("/login"), Text: "Back to sign-in"}}})
}

func (v visit) forgot() {
	name := v.posted("username")
	sent, err := v.accounts.ForgotPassword(v.r.Context(), v.request(), &accounts.ForgotInput{
		ClientId: v.b.Client.ID, SecretHash: directory.SecretHash(v.b.Client, name), Username: name,
	})
	if err != nil {
		v.forgotAgain(textOf(err))
		return
	}
	v.resetPage(name, "", "We have sent a code to", sent.CodeDeliveryDetails.Destination)
}

func (v visit) resetPage(name, problem string, notes ...string) {
	v.show(page{Title: "Choose a new password", Problem: problem, Notes: notes, Forms: []form{{
		Action: v.to("/confirmforgotPassword"), Submit: "Continue", Hidden: []hidden{{"username", name}},
		Fields: []field{codeField("code"),
			{Name: "password", Label: "New password", Type: "password", Autocomplete: "new-password"}},
	}}})
}

func (v visit) reset() {
	name := v.posted("username")
	_, err := v.accounts.ConfirmForgotPassword(v.r.Context(), &accounts.ConfirmForgotInput{
		ClientId: v.b.Client.ID, SecretHash: directory.SecretHash(v.b.Client, name), Username: name,
		ConfirmationCode: v.posted("code"), Password: v.posted("password"),
	})
	if err != nil {
		v.resetPage(name, textOf(err))
		return
	}
	v.signIn()
}

// enter begins a session for a user and sends the browser back to the app.
func (v visit) enter(username string) {
	user, err := v.directory.User(v.b.Pool, username)
	if err != nil {
		v.signInAgain(textOf(err))
		return
	}
	s := session{Pool: v.pool, Sub: user.Sub(), Client: v.b.Client.ID, AuthTime: v.now()}
	v.beginSession(v.w, v.r, s)
	v.grant(v.w, v.r, v.b, v.q, s)
}

// labelOf returns what a form calls an attribute.
func labelOf(attribute string) string {
	switch attribute {
	case directory.Email:
		return "E-mail address"
	case directory.Phone:
		return "Phone number"
	}
	words := strings.ReplaceAll(strings.TrimPrefix(attribute, "custom:"), "_", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}
