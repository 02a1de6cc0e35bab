package stack

import (
	"net/http"

	"cognito-triggers/local/identitypool"
)

// noSTS is the answer of identity pools in a stack without an emulator.
const noSTS = "credentials come from the emulator's STS, and " + absentMessage + ", or set AWS_ENDPOINT_URL_STS"

// openIdentities opens the identity pools, and returns a handler that serves them and the user pool.
func (s *Stack) openIdentities(o Options) (http.Handler, error) {
	sts := s.environment["AWS_ENDPOINT_URL_STS"] // of the user's environment
	if sts == "" {
		sts = s.AWSEndpoint()
	}
	var err error
	s.Identities, err = identitypool.Open(identitypool.Options{
		Region: s.Region, BaseURL: s.Endpoint, UserPools: s.Pool, STS: sts, NoSTS: noSTS, File: o.Keep.Identities,
		Warn: o.Warn,
	})
	if err != nil {
		return http.NotFoundHandler(), err
	}
	return s.Identities.Beside(s.Pool), nil
}
