package userpool

import (
	"encoding/json"
	"maps"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

const (
	staffRole  = "arn:aws:iam::000000000000:role/staff"
	editorRole = "arn:aws:iam::000000000000:role/editors"
	ownScope   = "aws.cognito.signin.user.admin"
)

// overrideCase is an answer of pre token generation and the resulting claims; nil means that a claim is absent.
type overrideCase struct {
	versions   []string
	response   string
	id, access map[string]any
}

var (
	ownGroups = map[string]any{"cognito:groups": []any{"staff"}, "cognito:roles": []any{staffRole},
		"cognito:preferred_role": staffRole}
	noGroups = map[string]any{"cognito:groups": nil, "cognito:roles": nil, "cognito:preferred_role": nil}
	editors  = map[string]any{"cognito:groups": []any{"editors", "staff"}, "cognito:roles": []any{editorRole},
		"cognito:preferred_role": editorRole}
	editorJSON = `{"groupsToOverride":["editors","staff"],"iamRolesToOverride":["` + editorRole + `"],"preferredRole":"` +
		editorRole + `"}`
	// evilID and evilAccess override claims that are reserved in ID tokens and access tokens.
	evilID = `"sub":"evil","iss":"evil","exp":"1","token_use":"access","cognito:username":"evil","auth_time":"1",` +
		`"aud":"evil","origin_jti":"evil","cognito:groups":"evil"`
	evilAccess = `"sub":"evil","client_id":"evil","username":"evil","scope":"evil","version":9,"token_use":"id",` +
		`"aud":"evil","cognito:groups":["evil"]`
)

var v1, v2 = []string{"V1_0"}, []string{"V2_0", "V3_0"}

var overrideCases = map[string]overrideCase{
	"V1 claims": {
		versions: v1,
		response: `{"claimsOverrideDetails":{"claimsToAddOrOverride":{"plan":"gold","custom:tenant":"other"}}}`,
		id:       plus(ownGroups, "plan", "gold", "custom:tenant", "other"),
		access:   plus(nil, "plan", nil, "scope", ownScope),
	},
	"V1 suppressed": {versions: v1,
		response: `{"claimsOverrideDetails":{"claimsToAddOrOverride":{"plan":"gold"},"claimsToSuppress":["plan",` +
			`"custom:tenant","sub","exp"]}}`, id: plus(ownGroups, "plan", nil, "custom:tenant", nil)},
	"V1 reserved": {
		versions: v1,
		response: `{"claimsOverrideDetails":{"claimsToAddOrOverride":{` + evilID + `}}}`,
		id:       ownGroups,
	},
	"V1 groups": {
		versions: v1,
		response: `{"claimsOverrideDetails":{"groupOverrideDetails":` + editorJSON + `}}`,
		id:       editors,
		access:   plus(nil, "cognito:groups", editors["cognito:groups"]),
	},
	"V1 no groups": {versions: v1, response: `{"claimsOverrideDetails":{"groupOverrideDetails":null}}`, id: noGroups,
		access: plus(nil, "cognito:groups", nil)},
	"V1 nothing": {versions: v1, response: `{"claimsOverrideDetails":null}`, id: plus(ownGroups, "custom:tenant", "acme"),
		access: plus(nil, "scope", ownScope)},
	"claims of both tokens": {versions: v2,
		response: both(
			`{"claimsToAddOrOverride":{"plan":"gold","seats":12,"roles":["editor",7,true],"big":9007199254740993}}`,
			`{"claimsToAddOrOverride":{"tenant":{"id":"acme"},"ok":true}}`),
		id:     plus(ownGroups, "plan", "gold", "seats", 12.0, "roles", []any{"editor", 7.0, true}, "tenant", nil),
		access: plus(nil, "tenant", map[string]any{"id": "acme"}, "ok", true, "plan", nil)},
	"suppressed in both tokens": {versions: v2,
		response: both(`{"claimsToAddOrOverride":{"plan":"gold"},"claimsToSuppress":["plan","email","sub"]}`,
			`{"claimsToAddOrOverride":{"plan":"gold"},"claimsToSuppress":["plan","client_id","sub"]}`),
		id: plus(ownGroups, "plan", nil, "email", nil), access: plus(nil, "plan", nil)},
	"reserved in both tokens": {versions: v2, response: both(`{"claimsToAddOrOverride":{`+evilID+`}}`,
		`{"claimsToAddOrOverride":{`+evilAccess+`}}`), id: ownGroups,
		access: plus(nil, "scope", ownScope, "aud", nil, "version", nil)},
	"scopes": {versions: v2, response: both(`{}`,
		`{"scopesToAdd":["billing/read","billing/read","a b"],"scopesToSuppress":[]}`), id: ownGroups,
		access: plus(nil, "scope", ownScope+" billing/read")},
	"scopes suppressed": {versions: v2, response: both(`{}`,
		`{"scopesToAdd":["billing/read","x"],"scopesToSuppress":["`+ownScope+`","x"]}`), id: ownGroups,
		access: plus(nil, "scope", "billing/read")},
	"groups": {versions: v2, response: `{"claimsAndScopeOverrideDetails":{"groupOverrideDetails":` + editorJSON + `}}`,
		id: editors, access: plus(nil, "cognito:groups", editors["cognito:groups"], "cognito:roles", nil)},
	"empty groups": {versions: v2, response: `{"claimsAndScopeOverrideDetails":{"groupOverrideDetails":{}}}`, id: noGroups,
		access: plus(nil, "cognito:groups", nil)},
	"null groups": {
		versions: v2,
		response: `{"claimsAndScopeOverrideDetails":{"groupOverrideDetails":null}}`,
		id:       noGroups,
		access:   plus(nil, "cognito:groups", nil),
	},
	"groups suppressed": {versions: v2, response: both(`{"claimsToSuppress":["cognito:groups"]}`,
		`{"claimsToSuppress":["cognito:groups"]}`), id: noGroups, access: plus(nil, "cognito:groups", nil)},
	"nothing": {
		versions: v2,
		response: `{"claimsAndScopeOverrideDetails":null}`,
		id:       plus(ownGroups, "custom:tenant", "acme"),
		access:   plus(nil, "scope", ownScope, "cognito:groups", []any{"staff"}),
	},
}

func both(id, access string) string {
	return `{"claimsAndScopeOverrideDetails":{"idTokenGeneration":` + id + `,"accessTokenGeneration":` + access + `}}`
}

// plus returns the claims with more added, which are given in pairs.
func plus(claims map[string]any, pairs ...any) map[string]any {
	all := maps.Clone(claims)
	if all == nil {
		all = map[string]any{}
	}
	for i := 0; i < len(pairs); i += 2 {
		all[pairs[i].(string)] = pairs[i+1]
	}
	return all
}

// tokenWays are ways to get tokens and the trigger source of each.
var tokenWays = map[string]struct {
	source string
	get    func(*stage) error
}{
	"sign-in": {source: "TokenGeneration_Authentication", get: passwordSignIn},
	"refresh": {source: "TokenGeneration_RefreshTokens", get: refreshTokens},
	"GetTokensFromRefreshToken": {source: "TokenGeneration_RefreshTokens", get: func(s *stage) error {
		out, err := s.GetTokensFromRefreshToken(s.t.Context(),
			&cip.GetTokensFromRefreshTokenInput{ClientId: s.clientID, RefreshToken: s.tokens.RefreshToken})
		if err == nil {
			s.tokens = out.AuthenticationResult
		}
		return err
	}},
}

func TestTokenOverrides(t *testing.T) {
	for name, c := range overrideCases {
		for _, version := range c.versions {
			t.Run(name+"/"+version, func(t *testing.T) {
				s := &stage{world: start(t, setup{pool: func(in *cip.CreateUserPoolInput) {
					in.LambdaConfig.PreTokenGenerationConfig.LambdaVersion = types.PreTokenGenerationLambdaVersionType(version)
				}})}
				s.staff()
				refreshToken := s.tokens.RefreshToken
				for way, w := range tokenWays {
					s.functions.on(w.source, func(map[string]any) (any, error) {
						var response any
						err := json.Unmarshal([]byte(c.response), &response)
						return response, err
					})
					s.tokens = &types.AuthenticationResultType{RefreshToken: refreshToken}
					s.must(w.get(s))
					s.wantRequest(version, way)
					s.wantClaims(way+": ID token", s.tokens.IdToken, c.id)
					s.wantClaims(way+": access token", s.tokens.AccessToken, c.access)
				}
			})
		}
	}
}

// staff signs in a user of a group with a role.
func (s *stage) staff() {
	s.confirmed(ines, "custom:tenant", "acme")
	_, err := s.CreateGroup(s.t.Context(), &cip.CreateGroupInput{UserPoolId: s.pool, GroupName: aws.String("staff"),
		Precedence: aws.Int32(1), RoleArn: aws.String(staffRole)})
	s.must(err)
	_, err = s.AdminAddUserToGroup(s.t.Context(),
		&cip.AdminAddUserToGroupInput{UserPoolId: s.pool, Username: aws.String(ines), GroupName: aws.String("staff")})
	s.must(err)
	s.must(passwordSignIn(s))
	s.functions.take()
}

// wantRequest checks what the trigger got: version, groups, and scopes from version 2 on.
func (s *stage) wantRequest(version, way string) {
	s.t.Helper()
	fired := s.functions.take()
	e := fired[len(fired)-1]
	want := `{"groupsToOverride":["staff"],"iamRolesToOverride":["` + staffRole + `"],"preferredRole":"` + staffRole + `"}`
	scopes := `["` + ownScope + `"]`
	if version == "V1_0" {
		scopes = "null"
	}
	if got := text(s.t, e.Request["groupConfiguration"]); got != want || text(s.t, e.Request["scopes"]) != scopes ||
		"V"+e.Version+"_0" != version {
		s.t.Errorf("%s: version %s, request %s", way, e.Version, text(s.t, e.Request))
	}
}

// wantClaims checks a token's claims against want, and those that no trigger can change against Cognito's.
func (s *stage) wantClaims(where string, token *string, want map[string]any) {
	s.t.Helper()
	got := s.claims(token) // also checks issuer, times and signature
	for name, value := range want {
		if text(s.t, got[name]) != text(s.t, value) {
			s.t.Errorf("%s: %s = %s, want %s", where, name, text(s.t, got[name]), text(s.t, value))
		}
	}
	u, err := s.server.Store().FindUser(*s.pool, ines)
	s.must(err)
	client := got["aud"]
	if got["token_use"] == "access" {
		client = got["client_id"]
		if got["username"] != u.Username {
			s.t.Errorf("%s: username = %v", where, got["username"])
		}
	} else if got["cognito:username"] != u.Username {
		s.t.Errorf("%s: cognito:username = %v", where, got["cognito:username"])
	}
	if got["sub"] != u.Sub() || client != *s.clientID || got["origin_jti"] == "evil" ||
		got["auth_time"] != float64(s.clock.Now().Unix()) {
		s.t.Errorf("%s: %v", where, got)
	}
}

// AWS's pages disagree about the source of GetTokensFromRefreshToken, so it is an option. ClientMetadata reaches the
// function in both.
func TestSourceOfGetTokensFromRefreshToken(t *testing.T) {
	for source, authentication := range map[string]bool{
		"TokenGeneration_RefreshTokens": false, "TokenGeneration_Authentication": true,
	} {
		t.Run(source, func(t *testing.T) {
			w := startWith(t, setup{}, func(o *Options) { o.RefreshIsAuthentication = authentication })
			w.confirmed(ines)
			out, err := w.withPassword(ines, password)
			if err != nil {
				t.Fatal(err)
			}
			w.functions.take()
			if _, err := w.GetTokensFromRefreshToken(t.Context(), &cip.GetTokensFromRefreshTokenInput{ClientId: w.clientID,
				RefreshToken: out.AuthenticationResult.RefreshToken, ClientMetadata: map[string]string{"a": "b"}}); err != nil {
				t.Fatal(err)
			}
			if e := w.wantFired(source)[0]; text(t, e.Request["clientMetadata"]) != `{"a":"b"}` {
				t.Errorf("request %v", e.Request)
			}
			if _, err := w.InitiateAuth(t.Context(), &cip.InitiateAuthInput{ClientId: w.clientID,
				AuthFlow:       types.AuthFlowTypeRefreshTokenAuth,
				AuthParameters: map[string]string{"REFRESH_TOKEN": *out.AuthenticationResult.RefreshToken}}); err != nil {
				t.Fatal(err)
			}
			w.wantFired("TokenGeneration_RefreshTokens")
		})
	}
}
