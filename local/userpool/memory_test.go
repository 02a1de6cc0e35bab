package userpool

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"cognito-triggers/local/userpool/clock"
)

// unchanged is an invoker whose functions return their events.
type unchanged struct{}

func (unchanged) Invoke(_ context.Context, _ string, event []byte) ([]byte, error) { return event, nil }

// unasked returns the n-th request of a kind that anybody can send.
type unasked func(n int) *http.Request

func hostileKinds(client string) map[string]unasked {
	large := strings.Repeat("x", 900<<10)
	operation := func(name string, body func(n int) object) unasked {
		return func(n int) *http.Request {
			text, _ := json.Marshal(with(object{"ClientId": client}, body(n))) // cannot fail
			r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:9229/", strings.NewReader(string(text)))
			r.Header.Set("X-Amz-Target", targetPrefix+name)
			return r
		}
	}
	signUp := func(n int, more object) object {
		return with(object{"Username": uuid.NewString(), "Password": password}, more)
	}
	long := func(n int) string { return fmt.Sprint(n, strings.Repeat("é", 120)) }
	start := func(flow string, parameters func(n int) object) unasked {
		return operation("InitiateAuth", func(n int) object {
			return object{"AuthFlow": flow, "AuthParameters": parameters(n), "ClientMetadata": object{"m": large[:1<<10]}}
		})
	}
	nobody := func(n int) object { return object{"USERNAME": long(n), "PASSWORD": password} }
	get := func(path string) unasked {
		return func(n int) *http.Request {
			return httptest.NewRequest(http.MethodGet, "http://127.0.0.1:9229"+fmt.Sprintf(path, n), nil)
		}
	}
	return map[string]unasked{
		"sign-up with large metadata": operation("SignUp", func(n int) object {
			return signUp(n, object{"ClientMetadata": object{"m": large}})
		}),
		"sign-up with large validation data": operation("SignUp", func(n int) object {
			return signUp(n, object{"ValidationData": []object{{"Name": "v", "Value": large}}})
		}),
		"sign-up with long attributes": operation("SignUp", func(n int) object {
			var long []object
			for _, name := range []string{"name", "nickname", "address", "given_name", "family_name", "profile", "website"} {
				long = append(long, object{"Name": name, "Value": large[:2048]})
			}
			return signUp(n, object{"UserAttributes": append(long,
				object{"Name": "email", "Value": fmt.Sprint(n, "@example.org")})})
		}),
		"sign-in of nobody with SRP": start("USER_SRP_AUTH", func(n int) object {
			return object{"USERNAME": long(n), "SRP_A": large[:600]}
		}),
		"sign-in of nobody with a challenge": start("CUSTOM_AUTH", nobody),
		"sign-in of nobody with a password":  start("USER_PASSWORD_AUTH", nobody),
		"forgotten password of nobody": operation("ForgotPassword", func(n int) object {
			return object{"Username": long(n)}
		}),
		"confirmation of nobody": operation("ConfirmSignUp", func(n int) object {
			return object{"Username": long(n), "ConfirmationCode": "000000"}
		}),
		"code again for nobody": operation("ResendConfirmationCode", func(n int) object {
			return object{"Username": long(n)}
		}),
		"answer to a session that never was": operation("RespondToAuthChallenge", func(n int) object {
			return object{"ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": fmt.Sprint(n) + large[:1000],
				"ChallengeResponses": object{"USERNAME": long(n), "SOFTWARE_TOKEN_MFA_CODE": "000000"}}
		}),
		"unknown members": operation("SignUp", func(n int) object {
			return object{fmt.Sprint(n, large[:10<<10]): 1}
		}),
		"unknown operation": operation("Sign"+large[:1<<10], func(int) object { return object{} }),
		"refresh token that never was": operation("GetTokensFromRefreshToken", func(n int) object {
			return object{"RefreshToken": fmt.Sprint(n) + large[:1<<10]}
		}),
		"keys of a pool that never was": get("/eu-west-1_%d/.well-known/jwks.json"),
		"link with a wrong code":        get("/confirmUser?client_id=" + client + "&user_name=%d&confirmation_code=000000"),
		"codes from another site": func(int) *http.Request {
			r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:9229/local/messages", nil)
			r.Header.Set("Origin", "https://evil.example")
			return r
		},
	}
}

// What anybody may send keeps no more memory than local/README.md says: 64 MiB each of events, messages and sessions,
// and 256 MiB of users. HOSTILE sets the number of requests of each kind; with 10000 this takes half an hour. Without
// it there are fewer, and events have a bound that these exceed.
func TestMemoryIsBounded(t *testing.T) {
	requests, large, keep := 200, 12, 4<<20
	if n, err := strconv.Atoi(os.Getenv("HOSTILE")); err == nil {
		requests, large, keep = n, n, 64<<20
	}
	d := &direct{t: t, clock: clock.New(time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC))}
	d.server = Open(Options{Now: d.clock.Now, Invoker: unchanged{}, KeepBytes: keep})
	const arn = "arn:aws:lambda:eu-west-1:000000000000:function:f"
	d.pool = at(d.do("CreateUserPool", object{"PoolName": "p", "AutoVerifiedAttributes": []string{"email"},
		"LambdaConfig": object{
			"PreSignUp": arn, "CustomMessage": arn, "PreAuthentication": arn, "UserMigration": arn,
			"DefineAuthChallenge": arn, "CreateAuthChallenge": arn, "VerifyAuthChallengeResponse": arn,
		}}), "UserPool.Id").(string)
	d.client = at(d.do("CreateUserPoolClient", object{"ClientName": "c", "PreventUserExistenceErrors": "ENABLED",
		"ExplicitAuthFlows": []string{"ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH",
			"ALLOW_REFRESH_TOKEN_AUTH"}}), "UserPoolClient.ClientId").(string)
	before := heap()
	const most = (64+64+64+256)<<20 + 64<<20 // and what belongs to no user, message, session or event
	for name, kind := range hostileKinds(d.client) {
		times, isLarge := requests, kind(0).ContentLength > 100<<10
		if isLarge {
			times = large
		}
		t.Run(name, func(t *testing.T) {
			began := heap()
			flood(d.server, kind, times)
			now := heap()
			t.Logf("%d times: %+.1f MiB", times, float64(now-began)/(1<<20))
			if now-before > most {
				t.Errorf("%d MiB are kept of all, want at most %d", (now-before)>>20, most>>20)
			}
			if isLarge && now-began > int64(keep)+16<<20 {
				t.Errorf("%d MiB are kept, want at most the %d of the log", (now-began)>>20, keep>>20)
			}
		})
	}
	runtime.KeepAlive(d)
}

// flood sends requests from several clients at once.
func flood(server http.Handler, kind unasked, times int) {
	var clients sync.WaitGroup
	const parallel = 6 // as many connections as a browser opens to one host
	for c := range parallel {
		clients.Go(func() {
			for n := c; n < times; n += parallel {
				server.ServeHTTP(httptest.NewRecorder(), kind(n))
			}
		})
	}
	clients.Wait()
}

func heap() int64 {
	runtime.GC()
	runtime.GC() // the first may leave what finalizers and pools hold
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
