package main

import (
	"flag"
	"fmt"
)

// refreshOptions are the choices about refresh tokens that AWS leaves open.
type refreshOptions struct{ reuse, source string }

// The values of refreshOptions.
const (
	reuseRefused         = "refused"
	reuseRevokes         = "revokes"
	sourceRefresh        = "refresh"
	sourceAuthentication = "authentication"
)

func (o *refreshOptions) register(flags *flag.FlagSet) {
	flags.StringVar(&o.reuse, "refresh-reuse", reuseRefused,
		"what a refresh token that was rotated away does after its grace period: refused (it alone) or revokes (the sign-in)")
	flags.StringVar(&o.source, "refresh-source", sourceRefresh,
		"trigger source of GetTokensFromRefreshToken: refresh (TokenGeneration_RefreshTokens) or authentication "+
			"(TokenGeneration_Authentication); AWS's pages disagree")
}

func (o *refreshOptions) check() error {
	switch {
	case o.reuse != reuseRefused && o.reuse != reuseRevokes:
		return fmt.Errorf("run: --refresh-reuse is %q; use %s or %s", o.reuse, reuseRefused, reuseRevokes)
	case o.source != sourceRefresh && o.source != sourceAuthentication:
		return fmt.Errorf("run: --refresh-source is %q; use %s or %s", o.source, sourceRefresh, sourceAuthentication)
	}
	return nil
}

func (o *refreshOptions) revokes() bool { return o.reuse == reuseRevokes }

func (o *refreshOptions) isAuthentication() bool { return o.source == sourceAuthentication }
