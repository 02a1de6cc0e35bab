package login

import (
	"net/http"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/pages"
)

// The values of ManagedLoginVersion. The newer pages need a branding style for each app client.
const (
	classicLogin = 1
	managedLogin = 2
)

// unavailable is the text of managed login without a style.
const unavailable = "Login pages unavailable. Please contact an administrator."

// styled reports whether a client's users get pages. If not, the answer is written.
func (d domain) styled(w http.ResponseWriter, r *http.Request, b directory.Bearer) bool {
	if d.classic(b.Pool) || pages.Styled(b.Pool, b.Client.ID) {
		return true
	}
	d.show(w, r, http.StatusForbidden, page{Title: failed, Problem: unavailable})
	return false
}
