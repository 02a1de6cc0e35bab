package stack_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// A page whose name resolves to this machine has that name in Host. No listener of the stack answers it.
func TestListenersAnswerToTheirOwnNamesOnly(t *testing.T) {
	s := deploy(t, local.Root, io.Discard)
	for name, endpoint := range map[string]string{
		"user pool": s.Endpoint, "HTTP API": s.APIEndpoint, "emulator": local.Emulator.Endpoint,
	} {
		for host, refused := range map[string]bool{
			"": false, "localhost": false, "[::1]:9229": false, "app.localhost": false,
			"evil.example": true, "evil.example:9229": true, "localhost.evil.example": true,
		} {
			t.Run(name+" as "+host, func(t *testing.T) {
				request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, endpoint+"/", strings.NewReader("{}"))
				if err != nil {
					t.Fatal(err)
				}
				request.Host = host
				request.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService.ListUserPools")
				response, err := http.DefaultClient.Do(request)
				if err != nil {
					t.Fatal(err)
				}
				text, err := io.ReadAll(response.Body)
				_ = response.Body.Close()
				if got := strings.Contains(string(text), "other host names"); err != nil || got != refused {
					t.Errorf("%s %s (%v), want a refusal: %v", response.Status, text, err, refused)
				}
				if refused && response.StatusCode != http.StatusForbidden {
					t.Errorf("%s, want 403", response.Status)
				}
			})
		}
	}
}
