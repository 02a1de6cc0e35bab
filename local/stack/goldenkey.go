package stack

import (
	"maps"
	"net/http"

	"cognito-triggers/local/kms"
	"cognito-triggers/local/loopback"
)

const kmsEndpoint = "AWS_ENDPOINT_URL_KMS"

// WithGoldenKey returns the settings of a golden case. If they name the key of golden events, they get the endpoint of
// a key service that has it, which lives as long as the stack.
func (s *Stack) WithGoldenKey(environment map[string]string) (map[string]string, error) {
	if environment[senderKey] != kms.Golden().ARN || environment[kmsEndpoint] != "" {
		return environment, nil
	}
	s.codes.mu.Lock()
	defer s.codes.mu.Unlock()
	if s.codes.goldenURL == "" {
		listener, err := listen("", ErrPortTaken)
		if err != nil {
			return nil, err
		}
		s.codes.golden = loopback.Server(loopback.Named(kms.New(kms.Golden())))
		go func(server *http.Server) { _ = server.Serve(listener) }(s.codes.golden) // ends with Close
		s.codes.goldenURL = "http://" + listener.Addr().String()
	}
	all := maps.Clone(environment)
	all[kmsEndpoint] = s.codes.goldenURL
	return all, nil
}
