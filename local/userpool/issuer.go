package userpool

// Issuer is the claim iss of a pool's tokens, for a client that reaches the server at base.
func (s *Server) Issuer(base, pool string) string { return s.issuer(base, pool) }
