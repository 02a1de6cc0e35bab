package userpool

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cognito-triggers/local/userpool/state"
)

// startSessions starts a pool that tracks sessions, with a user.
func startSessions(t *testing.T, most int, set ...func(*Options)) *direct {
	t.Helper()
	d := startDirect(t, nil, nil, set...)
	d.do("SetUserPoolSessionConfiguration", object{"UserSessionTracking": "ENABLED",
		"TokenSession": object{"MaxPerUser": most}})
	d.user("ines")
	return d
}

// session signs a user in, a second after whatever was before, and returns access and refresh token.
func (d *direct) session(name string) (access, refresh any) {
	d.t.Helper()
	d.clock.Advance(time.Second)
	result := d.signIn(name)["AuthenticationResult"].(object)
	return result["AccessToken"], result["RefreshToken"]
}

func (d *direct) sessionsOf(name string) []any {
	d.t.Helper()
	return d.do("AdminListUserSessions", object{"Username": name})["Sessions"].([]any)
}

// Source: API reference, SessionDescriptionType.
func TestUserSessions(t *testing.T) {
	t.Parallel()
	d := startSessions(t, 20)
	d.user("ben")
	_, bens := d.session("ben")
	first, firstRefresh := d.session("ines")
	second, _ := d.session("ines")
	list := d.do("ListUserSessions", object{"AccessToken": second})["Sessions"].([]any)
	if len(list) != 2 {
		t.Fatalf("sessions %v", list)
	}
	began := float64(d.clock.Now().Unix())
	for i, s := range list {
		s := s.(object)
		want := object{"SessionType": "TOKEN", "ClientId": d.client, "CreateDate": began - 1 + float64(i),
			"LastActiveDate": began - 1 + float64(i), "IsCurrentSession": i == 1, "LastIPAddress": "192.0.2.1",
			"DeviceType": "unknown", "SessionId": s["SessionId"]}
		if text(t, s) != text(t, want) || !regexp.MustCompile(`^tkn[a-z0-9]{25}$`).MatchString(s["SessionId"].(string)) {
			t.Errorf("session %s, want %s", text(t, s), text(t, want))
		}
	}
	d.clock.Advance(time.Minute)
	d.do("GetTokensFromRefreshToken", object{"RefreshToken": firstRefresh}) // makes it the most recent
	list = d.do("ListUserSessions", object{"AccessToken": second})["Sessions"].([]any)
	if at(list[1], "LastActiveDate") != began+60 || at(list[1], "CreateDate") != began-1 || at(list[0],
		"IsCurrentSession") != true {
		t.Errorf("after a refresh: %v", list)
	}
	own, other := at(list[0], "SessionId"), at(list[1], "SessionId")
	bensID := at(d.sessionsOf("ben")[0], "SessionId")
	revoke := func(id any) object { return object{"AccessToken": second, "SessionId": id} }
	d.fails("RevokeUserSession", revoke(own), "InvalidParameterException", "current session")
	d.fails("RevokeUserSession", revoke(bensID), "ResourceNotFoundException", "does not exist")
	d.fails("AdminRevokeUserSession", object{"Username": "ines", "SessionId": bensID}, "ResourceNotFoundException",
		"does not exist")
	d.fails("RevokeUserSession", with(revoke(other), object{"RevokeAssociatedSessions": "ALL"}),
		"InvalidParameterException", "revokeAssociatedSessions")
	d.fails("RevokeToken", object{"Token": bens, "RevokeAssociatedSessions": "ALL"},
		"InvalidParameterException", "revokeAssociatedSessions")
	d.do("RevokeUserSession", with(revoke(other), object{"RevokeAssociatedSessions": "LINKED"}))
	d.fails("GetUser", object{"AccessToken": first}, "NotAuthorizedException", "Access Token has been revoked")
	d.fails("GetTokensFromRefreshToken", object{"RefreshToken": firstRefresh}, "NotAuthorizedException",
		"Refresh Token has been revoked")
	d.fails("RevokeUserSession", revoke(other), "ResourceNotFoundException", "does not exist")
	d.do("AdminRevokeUserSession", object{"Username": "ines", "SessionId": own})
	d.fails("ListUserSessions", object{"AccessToken": second}, "NotAuthorizedException", "has been revoked")
	d.do("GetTokensFromRefreshToken", object{"RefreshToken": bens})
	d.do("RevokeToken", object{"Token": bens, "RevokeAssociatedSessions": "LINKED"})
	if left := append(d.sessionsOf("ines"), d.sessionsOf("ben")...); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	d.fails("AdminListUserSessions", object{"Username": "nobody"}, "UserNotFoundException", "")
	_, _ = d.session("ines")
	d.clock.Advance(31 * 24 * time.Hour)
	if left := d.sessionsOf("ines"); len(left) != 0 {
		t.Errorf("expired: %v", left)
	}
}

// The least recently used session makes room for a new one.
func TestMostSessionsOfAUser(t *testing.T) {
	t.Parallel()
	d := startSessions(t, 2)
	_, oldest := d.session("ines")
	_, second := d.session("ines")
	d.clock.Advance(time.Second)
	d.do("GetTokensFromRefreshToken", object{"RefreshToken": oldest})
	_, third := d.session("ines")
	d.fails("GetTokensFromRefreshToken", object{"RefreshToken": second}, "NotAuthorizedException", "has been revoked")
	for _, refresh := range []any{oldest, third} {
		d.do("GetTokensFromRefreshToken", object{"RefreshToken": refresh})
	}
	if list := d.sessionsOf("ines"); len(list) != 2 {
		t.Errorf("sessions %v", list)
	}
	d.clock.Advance(-time.Hour) // a clock that is set back does not make a new session the least recent one
	_, newest := d.session("ines")
	d.do("GetTokensFromRefreshToken", object{"RefreshToken": newest})
}

// crowded is a store in which a crowd of sign-ins go on together, if they can: once all have been stored, and once all
// have seen the user's sessions.
type crowded struct {
	state.Store
	crowd        int64
	stored, seen *atomic.Int64
}

// await waits until so many others have come here, too, or for long enough that they cannot come.
func await(count *atomic.Int64, all int64) {
	count.Add(1)
	for i := 0; i < 100_000 && count.Load() < all; i++ {
		runtime.Gosched()
	}
}

// CreateFamily implements state.Store.
func (s crowded) CreateFamily(f state.Family) {
	s.Store.CreateFamily(f)
	await(s.stored, s.crowd)
}

// Families implements state.Store.
func (s crowded) Families(pool, username string) []state.Family {
	list := s.Store.Families(pool, username)
	await(s.seen, s.crowd)
	return list
}

// Of sign-ins at the same time one stays: they do not end each other.
func TestMostSessionsInParallel(t *testing.T) {
	t.Parallel()
	const crowd = 4
	d := startSessions(t, 1, func(o *Options) {
		o.Store = crowded{state.NewMemory(o.Now), crowd, &atomic.Int64{}, &atomic.Int64{}}
	})
	var group sync.WaitGroup
	for range crowd {
		group.Go(func() { d.signIn("ines") })
	}
	group.Wait()
	if list := d.sessionsOf("ines"); len(list) != 1 {
		t.Errorf("sessions %v", list)
	}
}

// Without tracking there is no list, no limit, and no revocation by ID. Sessions that began before are listed.
func TestUntrackedSessions(t *testing.T) {
	t.Parallel()
	d := startDirect(t, nil, nil)
	d.user("ines")
	access, _ := d.session("ines")
	for range 24 {
		d.session("ines")
	}
	for operation, body := range map[string]object{
		"ListUserSessions":       {"AccessToken": access},
		"AdminListUserSessions":  {"Username": "ines"},
		"RevokeUserSession":      {"AccessToken": access, "SessionId": "tkn" + strings.Repeat("a", 25)},
		"AdminRevokeUserSession": {"Username": "ines", "SessionId": "tkn" + strings.Repeat("a", 25)},
	} {
		d.fails(operation, body, "OperationNotEnabledException", "not enabled")
	}
	if got := text(t, d.do("GetUserPoolSessionConfiguration", object{})); got !=
		`{"TokenSession":{"MaxPerUser":20},"UserPoolId":"`+d.pool+`","UserSessionTracking":"DISABLED"}` {
		t.Errorf("default %s", got)
	}
	d.do("SetUserPoolSessionConfiguration", object{"UserSessionTracking": "ENABLED",
		"TokenSession": object{"MaxPerUser": 100}})
	if list := d.sessionsOf("ines"); len(list) != 25 {
		t.Errorf("%d sessions", len(list))
	}
}

func TestPagesOfSessions(t *testing.T) {
	t.Parallel()
	d := startDirect(t, nil, nil)
	d.user("ines")
	for range 130 {
		d.session("ines")
	}
	d.do("SetUserPoolSessionConfiguration", object{"UserSessionTracking": "ENABLED",
		"TokenSession": object{"MaxPerUser": 100}})
	page := d.do("AdminListUserSessions", object{"Username": "ines"})
	rest := d.do("AdminListUserSessions", object{"Username": "ines", "NextToken": page["NextToken"]})
	if len(page["Sessions"].([]any)) != 125 || len(rest["Sessions"].([]any)) != 5 || rest["NextToken"] != nil {
		t.Errorf("%d and %d sessions", len(page["Sessions"].([]any)), len(rest["Sessions"].([]any)))
	}
	d.fails("AdminListUserSessions", object{"Username": "ines", "NextToken": "x"}, "InvalidParameterException", "token")
}

func TestSessionConfigurations(t *testing.T) {
	t.Parallel()
	d := startDirect(t, nil, nil)
	minutes := func(n any) object { return object{"SSOSession": object{"MaxValidityMinutes": n}} }
	if got := at(d.do("GetUserPoolClientSessionConfiguration", object{}), "SSOSession.MaxValidityMinutes"); got != 60.0 {
		t.Errorf("default %v", got)
	}
	d.fails("SetUserPoolClientSessionConfiguration", minutes(5), "InvalidParameterException", "tracking is not enabled")
	for words, body := range map[string]object{
		"userSessionTracking":     {"UserSessionTracking": "ON", "TokenSession": object{"MaxPerUser": 1}},
		"tokenSession.maxPerUser": {"UserSessionTracking": "ENABLED", "TokenSession": object{"MaxPerUser": 101}},
		"between 1 and 100":       {"UserSessionTracking": "ENABLED", "TokenSession": object{}},
		"'tokenSession'":          {"UserSessionTracking": "ENABLED"},
	} {
		d.fails("SetUserPoolSessionConfiguration", body, "InvalidParameterException", words)
	}
	on := object{"UserSessionTracking": "ENABLED", "TokenSession": object{"MaxPerUser": 7}}
	d.do("SetUserPoolSessionConfiguration", on)
	if got := d.do("GetUserPoolSessionConfiguration", object{}); at(got, "TokenSession.MaxPerUser") != 7.0 {
		t.Errorf("got %v", got)
	}
	for _, wrong := range []any{-1, 129601, nil} {
		d.fails("SetUserPoolClientSessionConfiguration", minutes(wrong), "InvalidParameterException", "maxValidityMinutes")
	}
	d.do("SetUserPoolClientSessionConfiguration", minutes(0))
	if got := at(d.do("GetUserPoolClientSessionConfiguration", object{}), "SSOSession.MaxValidityMinutes"); got != 0.0 {
		t.Errorf("set to 0, got %v", got)
	}
	lite := startDirect(t, object{"UserPoolTier": "LITE"}, nil)
	lite.fails("SetUserPoolSessionConfiguration", on, "FeatureUnavailableInTierException", "session tracking")
	lite.fails("SetUserPoolClientSessionConfiguration", minutes(1), "FeatureUnavailableInTierException",
		"session tracking")
}

// The device is what the User-Agent tells: system and browser or app.
func TestDevicesOfSessions(t *testing.T) {
	t.Parallel()
	for agent, want := range map[string]string{
		"": "unknown", "x": "unknown",
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36": "Linux, Chrome",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1":           "iOS, Safari",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0":                    "Windows, Edge",
		"Boto3/1.44.5 md/Botocore#1.44.5 ua/2.1 os/linux#6.1 md/arch#x86_64":                                "Linux, Boto3",
	} {
		d := startSessions(t, 5)
		raw := fmt.Sprintf(`{"AuthFlow":"USER_PASSWORD_AUTH","ClientId":%q,"AuthParameters":{"USERNAME":"ines",`+
			`"PASSWORD":%q}}`, d.client, password)
		r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/", strings.NewReader(raw))
		r.Header.Set("X-Amz-Target", targetPrefix+"InitiateAuth")
		r.Header.Set("User-Agent", agent)
		d.server.ServeHTTP(httptest.NewRecorder(), r)
		if got := at(d.sessionsOf("ines")[0], "DeviceType"); got != want {
			t.Errorf("%q is %v, want %q", agent, got, want)
		}
	}
}
