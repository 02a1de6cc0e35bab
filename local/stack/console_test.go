package stack

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cognito-triggers/local/toolkit"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/repository"
)

// The previews are written when somebody asks for them.
func TestPreviewsOfTheConsole(t *testing.T) {
	t.Parallel()
	s := &Stack{Repository: repository.Repository{Build: t.TempDir()}}
	w := httptest.NewRecorder()
	s.previews().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "ko/") {
		t.Errorf("%d %.200s", w.Code, w.Body)
	}
}

// A hook is filled by make here, and by poolctl in another repository.
func TestCommandThatFillsAHook(t *testing.T) {
	t.Parallel()
	for module, want := range map[string]string{
		toolkit.Module():   "make new-trigger NAME=my-trigger HOOK=pre_sign_up",
		"example.org/shop": "go tool poolctl new-trigger --name my-trigger --hook pre_sign_up",
	} {
		s := &Stack{Repository: repository.Repository{Module: module}}
		if got := s.fill(cognito.PreSignUp); got != want {
			t.Errorf("%s: %q, want %q", module, got, want)
		}
	}
}
