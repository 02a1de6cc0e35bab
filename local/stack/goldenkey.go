package stack

import (
	"maps"

	"cognito-triggers/local/kms"
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
		url, err := s.serve(kms.New(kms.Golden()))
		if err != nil {
			return nil, err
		}
		s.codes.goldenURL = url
	}
	all := maps.Clone(environment)
	all[kmsEndpoint] = s.codes.goldenURL
	return all, nil
}
