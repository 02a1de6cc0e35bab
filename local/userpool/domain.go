package userpool

import "net/http"

// Domain serves the domain of a pool: the pages on which people sign in, and the endpoints of OAuth 2.0, at AWS's paths.
// Its tokens have the issuer of a server that clients reach at base.
func (s *Server) Domain(pool, base string) http.Handler { return s.rooms.login.Handler(pool, base) }
