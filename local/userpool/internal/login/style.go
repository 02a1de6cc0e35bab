package login

import (
	"net/http"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/pages"
)

// managedLogin is the ManagedLoginVersion of the newer pages, which need a branding style for each app client.
const managedLogin = 2

// unavailable is the text of managed login without a style.
const unavailable = "Login pages unavailable. Please contact an administrator."

// styled reports whether a client's users get pages. If not, the answer is written.
func (d domain) styled(w http.ResponseWriter, r *http.Request, b directory.Bearer) bool {
	of, _ := b.Pool.FindDomain(d.Domain)
	if version := of.ManagedLoginVersion; version == nil || *version != managedLogin ||
		pages.Styled(b.Pool, b.Client.ID) {
		return true
	}
	d.show(w, r, http.StatusForbidden, page{Title: "Something went wrong", Problem: unavailable})
	return false
}
