package login

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/loginpages"
	"cognito-triggers/local/userpool/internal/oauth"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

// The parts of pages.
type (
	page   = loginpages.Page
	form   = loginpages.Form
	field  = loginpages.Field
	hidden = loginpages.Hidden
	link   = loginpages.Link
)

// addPages adds the pages, and what their forms are sent to. Most are for the pool's own users.
func (d domain) addPages(mux *http.ServeMux) {
	mux.HandleFunc("GET "+loginpages.Assets, loginpages.ServeAsset)
	for path, show := range map[string]func(visit){
		"/login": visit.signInPage, "/signup": ofNatives(visit.signUpPage),
		"/forgotPassword": ofNatives(visit.forgotPage), addPasskeyPath: visit.addPasskeyPage,
	} {
		mux.HandleFunc("GET "+path, d.visited(show))
	}
	for path, take := range forms() {
		mux.HandleFunc("POST "+path, d.visited(take))
	}
	mux.HandleFunc("/confirmUser", d.confirmUser)
	mux.HandleFunc("/confirmUser/{$}", d.confirmUser)
}

func forms() map[string]func(visit) {
	return map[string]func(visit){
		"/login": visit.signIn, "/challenge": ofNatives(visit.answer), "/signup": ofNatives(visit.signUp),
		"/confirm": ofNatives(visit.confirm), "/resendcode": ofNatives(visit.resend),
		"/forgotPassword": ofNatives(visit.forgot), "/confirmforgotPassword": ofNatives(visit.reset),
		addPasskeyPath: visit.addPasskey,
	}
}

// Forms lists the paths that the forms of pages are sent to.
func Forms() []string { return slices.Sorted(maps.Keys(forms())) }

// ofNatives refuses what is for the pool's own users if the app client has none.
func ofNatives(serve func(visit)) func(visit) {
	return func(v visit) {
		if !v.native() {
			v.signInAgain(notOffered)
			return
		}
		serve(v)
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
		if r.Method == http.MethodPost {
			switch err := d.pages.Check(r); {
			case errors.Is(err, loginpages.ErrLate):
				v.show(page{Title: failed, Problem: "The page was open for too long. Please start again.",
					Links: []link{{To: v.to("/login"), Text: "Back to sign-in"}}})
				return
			case err != nil:
				v.signInAgain("The form has expired. Please try again.")
				return
			}
		}
		serve(v)
	}
}

// failed is the title of pages that say that something did not work.
const failed = "Something went wrong"

// to returns the address of a page for the same request of the app.
func (v visit) to(path string) string { return path + "?" + v.r.URL.RawQuery }

func (v visit) posted(name string) string { return v.r.PostFormValue(name) }

func (v visit) request() wire.Request { return v.at(v.r) }

// secretHash returns what the app client's secret makes of a user name: the pages are no less trusted than the app.
func (v visit) secretHash(name string) string { return directory.SecretHash(v.b.Client, name) }

func (v visit) show(p page) {
	status := http.StatusOK
	if p.Problem != "" {
		status = http.StatusBadRequest
	}
	p.App = v.b.Client.Settings.ClientName
	v.domain.show(v.w, v.r, status, p)
}

// show writes a page in the language of the request. The classic pages are in English.
func (d domain) show(w http.ResponseWriter, r *http.Request, status int, p page) {
	pool, err := d.directory.Pool(d.pool)
	language := loginpages.Default
	if err == nil && !d.classic(pool) {
		language = d.language(w, r)
	}
	d.pages.Write(w, r, status, language, p)
}

// version returns the domain's ManagedLoginVersion; 0 for a domain that the pool does not have by name.
func (d domain) version(pool state.Pool) int {
	of, _ := pool.FindDomain(d.Domain)
	if of.ManagedLoginVersion == nil {
		return 0
	}
	return *of.ManagedLoginVersion
}

// classic reports whether the domain has the pages of the classic hosted UI, as it has by default.
func (d domain) classic(pool state.Pool) bool { return d.version(pool) != managedLogin }

// language returns the request's language. What the app asked for with lang holds until the browser ends.
func (d domain) language(w http.ResponseWriter, r *http.Request) string {
	cookie := "lang_" + d.pool // AWS calls it lang; see cookieName
	if lang := r.URL.Query().Get("lang"); lang != "" {
		chosen := loginpages.Language(lang)
		loginpages.SetCookie(w, r, cookie, chosen, 0)
		return chosen
	}
	kept, err := r.Cookie(cookie)
	if err == nil {
		return loginpages.Language(kept.Value)
	}
	return loginpages.Language(r.Header.Get("Accept-Language"))
}

// nameField says what people sign in with.
func (v visit) nameField() field {
	f := field{Name: "username", Label: "Username", Type: "text", Autocomplete: "username", Focus: true}
	switch attributes := v.b.Pool.Settings.UsernameAttributes; {
	case len(attributes) == 1 && attributes[0] == directory.Email:
		f.Label, f.Type = "E-mail address", "email"
	case len(attributes) == 1:
		f.Label, f.Type = "Phone number", "tel"
	case len(attributes) > 1:
		f.Label = "E-mail address or phone number"
	}
	f.Value = v.posted("username")
	return f
}

func passwordField() field {
	return field{Name: "password", Label: "Password", Type: "password", Autocomplete: "current-password"}
}

// newPasswordField asks for a password that the pool's policy allows.
func (v visit) newPasswordField(name, label string) field {
	policy := directory.PasswordPolicy(v.b.Pool)
	hint := loginpages.Hint{Least: policy.MinimumLength}
	for _, set := range []struct {
		needed bool
		name   string
	}{
		{policy.RequireUppercase, "upper-case letters"}, {policy.RequireLowercase, "lower-case letters"},
		{policy.RequireNumbers, "numbers"}, {policy.RequireSymbols, "symbols"},
	} {
		if set.needed {
			hint.With = append(hint.With, set.name)
		}
	}
	return field{Name: name, Label: label, Type: "password", Autocomplete: "new-password", Hint: hint}
}

func codeField(name string) field {
	return field{Name: name, Label: "Code", Type: "text", Autocomplete: "one-time-code", Mode: "numeric", Focus: true}
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
	case "name", "nickname":
		f.Autocomplete = attribute
	case "given_name", "family_name":
		f.Autocomplete = strings.ReplaceAll(attribute, "_", "-")
	}
	return f
}

// labelOf returns what a form calls an attribute.
func labelOf(attribute string) string {
	switch attribute {
	case directory.Email:
		return "E-mail address"
	case directory.Phone:
		return "Phone number"
	}
	words := []rune(strings.ReplaceAll(strings.TrimPrefix(attribute, "custom:"), "_", " "))
	if len(words) > 0 {
		words[0] = unicode.ToUpper(words[0])
	}
	return string(words)
}

// wrongOf names the fields of a form that an error is about: the code or the new password, if it is about one.
func wrongOf(err error, fields []field) (names []string) {
	about := func(is func(field) bool) []string {
		for _, f := range fields {
			if is(f) {
				names = append(names, f.Name)
			}
		}
		return names
	}
	switch {
	case err == nil:
		return nil
	case fault.Is(err, fault.PasswordPolicy, fault.PasswordReused):
		return about(func(f field) bool { return f.Type == "password" })
	case fault.Is(err, fault.CodeMismatch, fault.CodeExpired, fault.TooManyTries, fault.SignInCodeMismatch,
		fault.TOTPMismatch, fault.TOTPWrong, fault.TOTPUsed):
		return about(func(f field) bool { return f.Autocomplete == "one-time-code" })
	case fault.Is(err, fault.UserExists, fault.AccountExists, fault.UserNotFound):
		return about(func(f field) bool { return f.Name == "username" })
	}
	return about(func(field) bool { return len(fields) == 1 })
}

// problem returns the text of an error, if there is one.
func problem(err error) string {
	if err == nil {
		return ""
	}
	return textOf(err)
}

// keep puts what a person has typed back into the fields; passwords and codes are typed again.
func (v visit) keep(fields []field) []field {
	for i := range fields {
		if f := &fields[i]; f.Type != "password" && f.Autocomplete != "one-time-code" && f.Value == "" {
			f.Value = v.posted(f.Name)
		}
	}
	return fields
}

// native reports whether the app client has users of the pool itself. A client without any provider has: AWS does not
// say.
func (v visit) native() bool {
	providers := v.b.Client.Settings.SupportedIdentityProviders
	return len(providers) == 0 || slices.Contains(providers, ownProvider)
}

// enter begins a session for a user who has just signed in, and sends the browser back to the app.
// The methods are those of the sign-in.
func (v visit) enter(sub string, methods ...string) {
	s, err := v.begin(sub, methods...)
	if err != nil {
		v.signInAgain(textOf(err))
		return
	}
	v.grant(v.w, v.r, v.b, v.q, s)
}

// begin begins a session for a user who has just signed in by these methods.
func (v visit) begin(sub string, methods ...string) (session, error) {
	user, err := v.directory.User(v.b.Pool, sub)
	if err == nil && user.Disabled {
		err = fault.New(fault.UserDisabled)
	}
	if err != nil {
		return session{}, err
	}
	s := session{Pool: v.pool, Sub: user.Sub(), Client: v.b.Client.ID, AuthTime: v.now(), Methods: methods}
	v.beginSession(v.w, v.r, s)
	return s, nil
}

// noMessage sends the browser to the error page of AWS for a message that nobody can get.
func (v visit) noMessage() {
	v.refuse(v.w, v.r, nil, &oauth.Error{Code: "Error sending message, please contact the app owner."})
}

// errorPage shows an error that the app must not get, because the request is not known to be the app's.
func (d domain) errorPage(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	text := query.Get("error_description")
	if given := query.Get("error"); text == "" && strings.Contains(given, " ") { // a text where others have a code
		text = given
	}
	if text == "" {
		text = "An error was encountered with the requested page."
	}
	d.show(w, r, http.StatusBadRequest, page{Title: failed, Problem: text})
}
