package userpool

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A page of another site may do with the pool what it may do with AWS: call the operations that take no AWS
// credentials. The others, which could make an administrator or delete a pool, are for programs and pages of this
// machine.
func TestForeignPagesCallNoSignedOperation(t *testing.T) {
	t.Parallel()
	server := Open(Options{})
	public := rooms{}.selfService()
	signed := 0
	for _, op := range Registry() {
		isPublic := false
		for _, p := range public {
			isPublic = isPublic || p.Name == op.Name
		}
		for name, c := range map[string]struct {
			header, value string
			refused       bool
		}{
			"a foreign page":         {"Origin", "https://evil.example", !isPublic},
			"a sandboxed page":       {"Origin", "null", !isPublic},
			"a page of this machine": {"Origin", "http://localhost:5173", false},
			"a program":              {"User-Agent", "aws-cli", false},
		} {
			r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:9229/", strings.NewReader("{}"))
			r.Header.Set("X-Amz-Target", targetPrefix+op.Name)
			r.Header.Set(c.header, c.value)
			w := httptest.NewRecorder()
			server.ServeHTTP(w, r)
			refused := w.Code == http.StatusForbidden && strings.Contains(w.Body.String(), "pages of other sites")
			if refused != c.refused {
				t.Errorf("%s by %s: %d %s", op.Name, name, w.Code, w.Body)
			}
		}
		if !isPublic {
			signed++
		}
	}
	if signed < 50 || len(public) != 34 {
		t.Errorf("%d operations need credentials and %d do not", signed, len(public))
	}
}
