package userpool

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
)

// Every operation of AWS's SDK stands in the registry: served, or refused by name.
func TestRegistryIsComplete(t *testing.T) {
	client := reflect.TypeFor[*cip.Client]()
	have := map[string]bool{}
	for _, op := range Registry() {
		have[op.Name] = true
		if (op.run == nil) != (op.Support == Refused) || op.Support != Enforced && op.Note == "" {
			t.Errorf("%s is %s, %q", op.Name, op.Support, op.Note)
		}
	}
	for i := range client.NumMethod() {
		if name := client.Method(i).Name; name != "Options" && !have[name] {
			t.Errorf("%s is missing", name)
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

// No body makes an operation answer with a fault.
func FuzzOperations(f *testing.F) {
	for i := range Registry() {
		for _, body := range []string{``, `{}`, `[]`, `null`, `{"UserPoolId":5}`, `{"UserPoolId":"x","ClientId":"y","Username":"z","Session":"s"}`,
			`{"UserPoolId":"eu-west-1_A","AccessToken":"a.b.c","AuthFlow":"USER_SRP_AUTH","ClientId":"c","AuthParameters":{"USERNAME":"u","SRP_A":"0"},"ResourceArn":"/"}`} {
			f.Add(uint8(i), []byte(body))
		}
	}
	s := Open(Options{})
	made := send(s, "CreateUserPool", []byte(`{"PoolName":"p"}`))
	var pool struct{ UserPool struct{ Id string } }
	if err := json.Unmarshal(made.Body.Bytes(), &pool); err != nil {
		f.Fatal(err)
	}
	made = send(s, "CreateUserPoolClient", []byte(`{"UserPoolId":"`+pool.UserPool.Id+`","ClientName":"c"}`))
	var client struct{ UserPoolClient struct{ ClientId string } }
	if err := json.Unmarshal(made.Body.Bytes(), &client); err != nil {
		f.Fatal(err)
	}
	names := strings.NewReplacer(`"eu-west-1_A"`, `"`+pool.UserPool.Id+`"`, `"c"`, `"`+client.UserPoolClient.ClientId+`"`)
	f.Fuzz(func(t *testing.T, i uint8, body []byte) {
		op := Registry()[int(i)%len(registry)]
		if strings.HasPrefix(op.Name, "Delete") {
			return // the next run needs the pool
		}
		w := send(s, op.Name, []byte(names.Replace(string(body))))
		if w.Code >= 500 || !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s %s: %d %s", op.Name, body, w.Code, w.Body)
		}
	})
}
