package userpool

import (
	"net/http"

	"cognito-triggers/local/userpool/internal/federation"
	"cognito-triggers/local/userpool/internal/login"
)

// DomainAddress is where clients reach the domain of a pool, and the server that has its API.
type DomainAddress = login.Address

// ProviderAnswerPath is the path of a domain that takes the answers of OpenID Connect providers.
const ProviderAnswerPath = federation.OAuthPath

// Domain serves the domain of a pool: the pages on which people sign up and in, and the endpoints of OAuth 2.0, at
// the paths that AWS has.
func (s *Server) Domain(pool string, at DomainAddress) http.Handler {
	return s.rooms.login.Handler(pool, at)
}
