package emulator

import (
	"strings"
	"testing"
)

func TestStartRefusesEndpoints(t *testing.T) {
	for name, c := range map[string]struct {
		variable, value, want string
	}{
		"AWS": {
			variable: "AWS_ENDPOINT_URL",
			value:    "https://dynamodb.eu-west-1.amazonaws.com",
			want:     "endpoint of AWS itself",
		},
		"AWS, with a last dot": {
			variable: "AWS_ENDPOINT_URL",
			value:    "https://DynamoDB.eu-west-1.AmazonAWS.com.:443/",
			want:     "endpoint of AWS itself",
		},
		"AWS, dual stack": {
			variable: "AWS_ENDPOINT_URL_DYNAMODB",
			value:    "https://dynamodb.eu-west-1.api.aws",
			want:     "endpoint of AWS itself",
		},
		"AWS, China": {
			variable: "AWS_ENDPOINT_URL_DYNAMODB",
			value:    "https://dynamodb.cn-north-1.amazonaws.com.cn",
			want:     "endpoint of AWS itself",
		},
		"AWS, for another service": {
			variable: "AWS_ENDPOINT_URL_SESV2",
			value:    "https://email.eu-west-1.amazonaws.com",
			want:     "endpoint of AWS itself",
		},
		"no scheme":    {variable: "AWS_ENDPOINT_URL", value: "localhost:8000", want: "is not a URL"},
		"nobody there": {variable: "AWS_ENDPOINT_URL", value: "http://127.0.0.1:1", want: "does not answer"},
		"nobody there, for a database": {
			variable: "AWS_ENDPOINT_URL_DYNAMODB",
			value:    "http://127.0.0.1:1",
			want:     "does not answer",
		},
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
	for _, endpoint := range []string{"http://127.0.0.1:4566", "http://localhost:8000/", "https://aws.test",
		"http://amazonaws.com.example.org", "http://[::1]:8000"} {
		if err := checkLocal(endpoint); err != nil {
			t.Errorf("%s %v", endpoint, err)
		}
	}
}
