package emulator

import (
	"strings"
	"testing"
)

func TestStartRefusesEndpoints(t *testing.T) {
	for name, c := range map[string]struct {
		variable, value, want string
	}{
		"AWS":                          {"AWS_ENDPOINT_URL", "https://dynamodb.eu-west-1.amazonaws.com", "endpoint of AWS itself"},
		"AWS, with a last dot":         {"AWS_ENDPOINT_URL", "https://DynamoDB.eu-west-1.AmazonAWS.com.:443/", "endpoint of AWS itself"},
		"AWS, dual stack":              {"AWS_ENDPOINT_URL_DYNAMODB", "https://dynamodb.eu-west-1.api.aws", "endpoint of AWS itself"},
		"AWS, China":                   {"AWS_ENDPOINT_URL_DYNAMODB", "https://dynamodb.cn-north-1.amazonaws.com.cn", "endpoint of AWS itself"},
		"AWS, for another service":     {"AWS_ENDPOINT_URL_SESV2", "https://email.eu-west-1.amazonaws.com", "endpoint of AWS itself"},
		"no scheme":                    {"AWS_ENDPOINT_URL", "localhost:8000", "is not a URL"},
		"nobody there":                 {"AWS_ENDPOINT_URL", "http://127.0.0.1:1", "does not answer"},
		"nobody there, for a database": {"AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1", "does not answer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(c.variable, c.value)
			_, err := Start(t.Context(), Options{BuildDir: t.TempDir()})
			if err == nil || !strings.Contains(err.Error(), c.variable) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error = %v, want one that names %s and has %q", err, c.variable, c.want)
			}
		})
	}
}

func TestCheckLocalAccepts(t *testing.T) {
	for _, endpoint := range []string{"http://127.0.0.1:4566", "http://localhost:8000/", "https://aws.test", "http://amazonaws.com.example.org", "http://[::1]:8000"} {
		if err := checkLocal(endpoint); err != nil {
			t.Errorf("%s %v", endpoint, err)
		}
	}
}
