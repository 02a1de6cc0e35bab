package emulator

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// answerLimit bounds one request to an emulator's own pages, such as its health.
const answerLimit = 2 * time.Second

// client bypasses proxies: emulators run on this machine or nearby.
var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

var errIsAWS = errors.New(
	"is an endpoint of AWS itself: set it to an emulator's, or unset it to have one started")

// checkLocal returns an error for anything that is not a URL, and for AWS's own endpoints.
func checkLocal(endpoint string) error {
	u, err := url.Parse(endpoint)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return errors.New("is not a URL: use one like http://127.0.0.1:8000")
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	for _, domain := range []string{"amazonaws.com", "amazonaws.com.cn", "api.aws"} {
		if host == domain || strings.HasSuffix(host, "."+domain) {
			return errIsAWS
		}
	}
	return nil
}

// checkAnswers returns an error unless the endpoint in a variable responds to HTTP, with any status. An empty endpoint
// is fine.
func checkAnswers(ctx context.Context, name, endpoint string) error {
	if endpoint == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint, nil)
	if err != nil {
		return fmt.Errorf("emulator: %s: %w", name, err)
	}
	resp, err := client.Do(req)
	if err != nil {
		return fmt.Errorf(
			"emulator: the emulator at %s does not answer (%w): start it, or unset the variable to have one started",
			name, err)
	}
	return resp.Body.Close()
}
