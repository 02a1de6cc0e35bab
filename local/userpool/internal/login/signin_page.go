package login

import (
	"net/http"
	"slices"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/oauth"
	"cognito-triggers/local/userpool/internal/signin"
	"cognito-triggers/local/userpool/state"
)

// The fields with which the form of somebody who is signed in says what to do.
const (
	stayField   = "stay"
	switchField = "switch"
)

// signInPage asks who signs in. The classic pages offer who is signed in already.
func (v visit) signInPage() {
	if user, ok := v.stayer(); ok {
		v.show(page{Title: "You are signed in", Forms: []form{
			{Action: v.to("/login"), Submit: "Sign in as %s", Name: user.Username,
				Hidden: []hidden{{Name: stayField, Value: "1"}}},
			{Action: v.to("/login"), Submit: "Sign in as another user", Quiet: true,
				Hidden: []hidden{{Name: switchField, Value: "1"}}},
		}})
		return
	}
	if _, ok := v.providerOf(v.b, v.q); !ok {
		v.signInAgain(notOffered)
		return
	}
	v.signInAgain("")
}

// stayer returns who is signed in, if the app takes that and the pages offer it.
func (v visit) stayer() (state.User, bool) {
	s, signedIn := v.sessionFor(v.r, v.b, v.q)
	if !signedIn || !v.classic(v.b.Pool) || v.q.Has(oauth.PromptLogin) {
		return state.User{}, false
	}
	user, err := v.directory.User(v.b.Pool, s.Sub)
	return user, err == nil && !user.Disabled
}

// stay begins the session's hour anew. When the user proved who they are stays as it was.
func (v visit) stay() {
	s, _ := v.sessionOf(v.r)
	if _, ok := v.stayer(); !ok {
		v.signInAgain("")
		return
	}
	v.beginSession(v.w, v.r, s)
	v.grant(v.w, v.r, v.b, v.q, s)
}

// choosesFactor reports whether users choose how to sign in: AWS does not say when the pages ask. Here they do where
// there is something to choose.
func (v visit) choosesFactor() bool {
	if v.classic(v.b.Pool) || !slices.Contains(v.b.Client.Settings.ExplicitAuthFlows, "ALLOW_USER_AUTH") {
		return false
	}
	return slices.ContainsFunc([]string{emailCode, smsCode, passkeyFactor}, v.b.Pool.Settings.AllowsFirst)
}

func (v visit) signInAgain(problem string) {
	p := page{Title: "Sign in", Problem: problem, Buttons: v.providerButtons()}
	name := v.nameField()
	if name.Value == "" {
		name.Value = v.q.LoginHint
	}
	f := form{Action: v.to("/login"), Submit: "Sign in", Fields: []field{name}}
	switch {
	case !v.native() && v.findsProvider():
		f.Fields, p.Buttons = []field{{Name: addressField, Label: "E-mail address", Type: "email", Autocomplete: "email",
			Value: v.posted(addressField), Focus: true}}, nil
		f.Submit = "Continue"
		p.Forms = []form{f}
	case !v.native():
	case v.choosesFactor():
		f.Submit = "Continue"
		p.Forms = []form{f}
	default:
		f.Fields = append(f.Fields, passwordField())
		p.Forms = []form{f}
		p.Links = append(p.Links, link{To: v.to("/forgotPassword"), Text: "Forgot your password?"})
	}
	if problem != "" && len(p.Forms) > 0 {
		for _, field := range p.Forms[0].Fields {
			p.Wrong = append(p.Wrong, field.Name)
		}
	}
	if v.native() && v.signsUp() {
		p.Links = append(p.Links, link{Before: "Need an account?", To: v.to("/signup"), Text: "Sign up"})
	}
	v.show(p)
}

// signsUp reports whether people may sign up by themselves.
func (v visit) signsUp() bool {
	config := v.b.Pool.Settings.AdminCreateUserConfig
	return config == nil || !config.AllowAdminCreateUserOnly
}

// signIn takes the form of the sign-in page.
func (v visit) signIn() {
	name := v.posted("username")
	switch {
	case v.posted(stayField) != "":
		v.stay()
	case v.posted(switchField) != "":
		v.signInAgain("")
	case !v.native() && v.findsProvider():
		v.toProviderOf(v.posted(addressField))
	case !v.native():
		v.signInAgain(notOffered)
	case v.choosesFactor():
		out, err := v.signIns.ChooseHosted(v.r.Context(), v.request(), v.b, name)
		v.began(name, out, err)
	default:
		v.signInByPassword()
	}
}

// signInByPassword signs in with the name and the password of a form.
func (v visit) signInByPassword() {
	name := v.posted("username")
	out, err := v.signIns.BeginHosted(v.r.Context(), v.request(), v.b, name, v.posted("password"))
	v.began(name, out, err)
}

// began goes on after the first step of a sign-in.
func (v visit) began(name string, out *signin.Hosted, err error) {
	switch {
	case fault.Is(err, fault.UserNotConfirmed):
		v.confirmPage(name, "", nil)
	case fault.Is(err, fault.ResetRequired):
		v.forgotAgain(nil, "The password must be changed before you can sign in.")
	case fault.Is(err, fault.NoSecondFactor):
		v.noMessage()
	case err != nil:
		v.signInAgain(textOf(err))
	default:
		v.next(name, out)
	}
}

// redirect sends the browser to another page of the domain, with GET.
func (v visit) redirect(to string) { http.Redirect(v.w, v.r, to, http.StatusSeeOther) }
