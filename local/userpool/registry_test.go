package userpool

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
)

// The registry has every operation of the newest model, and nothing else. Source: botocore 1.44.8.
func TestRegistryIsComplete(t *testing.T) {
	have := map[string]bool{}
	for _, op := range Registry() {
		have[op.Name] = true
		if op.Served() == (op.Support == Refused) || op.Support != Enforced && op.Note == "" {
			t.Errorf("%s is %s, %q", op.Name, op.Support, op.Note)
		}
	}
	all, err := operations()
	if err != nil {
		t.Fatal(err)
	}
	for name := range all {
		if !have[name] {
			t.Errorf("%s is missing", name)
		}
		delete(have, name)
	}
	for name := range have {
		t.Errorf("the API has no %s", name)
	}
}

// The model is not older than the SDK that the functions use.
func TestModelIsNewerThanTheSDK(t *testing.T) {
	all, err := operations()
	if err != nil {
		t.Fatal(err)
	}
	client := reflect.TypeFor[*cip.Client]()
	for i := range client.NumMethod() {
		if name := client.Method(i).Name; name != "Options" {
			if _, known := all[name]; !known {
				t.Errorf("the SDK has %s, which the model lacks", name)
			}
		}
	}
}

func send(s http.Handler, operation string, body []byte) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/", bytes.NewReader(body))
	r.Header.Set("X-Amz-Target", targetPrefix+operation)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// No body makes an operation fail with an internal error.
func FuzzOperations(f *testing.F) {
	names := &furnished{direct: &direct{t: f, pool: "POOL", client: "CLIENT"}, access: "ACCESS", refresh: "REFRESH"}
	for i, op := range Registry() {
		f.Add(uint8(i), encode(f, names.request(op.Name)))
		for _, body := range []string{``, `{}`, `[]`, `null`, `{"UserPoolId":5}`,
			`{"UserPoolId":"x","ClientId":"y","Username":"z","Session":"s"}`} {
			f.Add(uint8(i), []byte(body))
		}
	}
	world := furnish(f)
	f.Fuzz(func(t *testing.T, i uint8, body []byte) {
		all := Registry()
		op := all[int(i)%len(all)]
		real := strings.NewReplacer(`"POOL"`, `"`+world.pool+`"`, `"CLIENT"`, `"`+world.client+`"`, `"ACCESS"`,
			`"`+world.access+`"`, `"REFRESH"`, `"`+world.refresh+`"`)
		wantAnswer(t, op.Name+" "+string(body), send(world.server, op.Name, []byte(real.Replace(string(body)))))
		if takesAway(op.Name) { // the next run needs the pool
			world = furnish(t)
		}
	})
}
