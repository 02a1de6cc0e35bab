package userpool

import (
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"net/http"
	"reflect"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/golang-jwt/jwt/v5"

	"cognito-triggers/local/userpool/internal/limits"
	"cognito-triggers/local/userpool/srp"
)

func (w *world) withPassword(name, password string) (*cip.InitiateAuthOutput, error) {
	parameters := map[string]string{"USERNAME": name, "PASSWORD": password}
	w.addSecret(parameters, name)
	return w.InitiateAuth(w.t.Context(), &cip.InitiateAuthInput{
		AuthFlow: types.AuthFlowTypeUserPasswordAuth, ClientId: w.clientID, AuthParameters: parameters,
		ClientMetadata: map[string]string{"ip": "203.0.113.9"},
	})
}

func (w *world) addSecret(parameters map[string]string, name string) {
	if w.secret != "" {
		mac := hmac.New(sha256.New, []byte(w.secret))
		mac.Write([]byte(name + *w.clientID))
		parameters["SECRET_HASH"] = base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
}

func (w *world) withSRP(name, password string) (*cip.RespondToAuthChallengeOutput, error) {
	w.t.Helper()
	client := srp.NewClient(*w.pool, name, password)
	parameters := client.AuthParameters()
	w.addSecret(parameters, name)
	first, err := w.InitiateAuth(w.t.Context(),
		&cip.InitiateAuthInput{AuthFlow: types.AuthFlowTypeUserSrpAuth, ClientId: w.clientID, AuthParameters: parameters})
	if err != nil {
		return nil, err
	}
	responses, err := client.Respond(first.ChallengeParameters, w.clock.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	w.addSecret(responses, responses["USERNAME"])
	return w.RespondToAuthChallenge(w.t.Context(), &cip.RespondToAuthChallengeInput{
		ClientId: w.clientID, ChallengeName: first.ChallengeName, ChallengeResponses: responses, Session: first.Session,
		ClientMetadata: map[string]string{"app": "2"},
	})
}

// claims verifies a token against the pool's keys with an independent library.
func (w *world) claims(text *string) jwt.MapClaims {
	w.t.Helper()
	var keys struct{ Keys []struct{ Kid, N, E string } }
	w.get("/"+*w.pool+"/.well-known/jwks.json", &keys)
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(aws.ToString(text), claims, func(t *jwt.Token) (any, error) {
		for _, k := range keys.Keys {
			if k.Kid == t.Header["kid"] {
				n, err := base64.RawURLEncoding.DecodeString(k.N)
				return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: 65537}, err
			}
		}
		return nil, errors.New("no such key")
	}, jwt.WithTimeFunc(w.clock.Now), jwt.WithIssuer(w.url+"/"+*w.pool), jwt.WithValidMethods([]string{"RS256"}))
	if err != nil {
		w.t.Fatal(err)
	}
	return claims
}

func (w *world) get(path string, into any) int {
	w.t.Helper()
	response, err := http.Get(w.url + path)
	if err != nil {
		w.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	if response.StatusCode == http.StatusOK {
		if err := json.Unmarshal(body, into); err != nil {
			w.t.Fatalf("%s: %v", body, err)
		}
	}
	return response.StatusCode
}

func TestPasswordSignIn(t *testing.T) {
	w := start(t, setup{})
	w.confirmed(ines, "custom:tenant", "acme")
	w.functions.on("TokenGeneration_Authentication", func(e map[string]any) (any, error) {
		return map[string]any{"claimsAndScopeOverrideDetails": map[string]any{
			"idTokenGeneration": map[string]any{"claimsToAddOrOverride": map[string]any{"plan": "gold"},
				"claimsToSuppress": []string{"custom:tenant"}},
			"accessTokenGeneration": map[string]any{"claimsToAddOrOverride": map[string]any{"seats": 12},
				"scopesToAdd": []string{"billing/read"}},
			"groupOverrideDetails": map[string]any{"groupsToOverride": []string{"staff"}},
		}}, nil
	})
	out, err := w.withPassword(ines, password)
	if err != nil {
		t.Fatal(err)
	}
	fired := w.wantFired("PreAuthentication_Authentication", "PostAuthentication_Authentication",
		"TokenGeneration_Authentication")
	if got := text(t, fired[0].Request["validationData"]); got != `{"ip":"203.0.113.9"}` {
		t.Errorf("validation data = %s", got)
	}
	if _, there := fired[1].Request["clientMetadata"]; there || fired[2].Version != "2" {
		t.Errorf("post authentication = %v, pre token generation = %v", fired[1], fired[2])
	}
	groups, scopes := text(t, fired[2].Request["groupConfiguration"]), text(t, fired[2].Request["scopes"])
	if groups != `{"groupsToOverride":[],"iamRolesToOverride":[],"preferredRole":null}` ||
		scopes != `["aws.cognito.signin.user.admin"]` {
		t.Errorf("pre token generation = %s %s", groups, scopes)
	}
	id, access := w.claims(out.AuthenticationResult.IdToken), w.claims(out.AuthenticationResult.AccessToken)
	if id["plan"] != "gold" || id["custom:tenant"] != nil || id["aud"] != *w.clientID || id["email"] != ines ||
		id["email_verified"] != true || id["token_use"] != "id" {
		t.Errorf("id = %v", id)
	}
	if access["seats"] != 12.0 || access["scope"] != "aws.cognito.signin.user.admin billing/read" ||
		access["client_id"] != *w.clientID || !reflect.DeepEqual(access["cognito:groups"], []any{"staff"}) {
		t.Errorf("access = %v", access)
	}
	me, err := w.GetUser(t.Context(), &cip.GetUserInput{AccessToken: out.AuthenticationResult.AccessToken})
	if err != nil || *me.Username != id["sub"] {
		t.Errorf("me = %v, error %v", me, err)
	}
	_, err = w.withPassword(ines, "wrong")
	wantMessage(t, err, "NotAuthorizedException", "Incorrect username or password.")
	w.wantFired("PreAuthentication_Authentication")
}

func TestSRPSignInAndRefresh(t *testing.T) {
	w := start(t, setup{client: func(in *cip.CreateUserPoolClientInput) {
		in.GenerateSecret = true
		in.PreventUserExistenceErrors = "ENABLED"
	}})
	hash := map[string]string{}
	w.addSecret(hash, ines)
	if _, err := w.SignUp(t.Context(), &cip.SignUpInput{ClientId: w.clientID, Username: aws.String(ines),
		Password: aws.String(password), SecretHash: aws.String(hash["SECRET_HASH"])}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.ConfirmSignUp(t.Context(),
		&cip.ConfirmSignUpInput{ClientId: w.clientID, Username: aws.String(ines), SecretHash: aws.String(hash["SECRET_HASH"]),
			ConfirmationCode: aws.String(w.code())}); err != nil {
		t.Fatal(err)
	}
	w.functions.take()
	out, err := w.withSRP(ines, password)
	if err != nil {
		t.Fatal(err)
	}
	fired := w.wantFired("PreAuthentication_Authentication", "PostAuthentication_Authentication",
		"TokenGeneration_Authentication")
	for _, e := range fired[1:] {
		if text(t, e.Request["clientMetadata"]) != `{"app":"2"}` {
			t.Errorf("%s: metadata = %v", e.Source, e.Request["clientMetadata"])
		}
	}
	_, err = w.withSRP(ines, "wrong")
	wantMessage(t, err, "NotAuthorizedException", "Incorrect username or password.")
	_, err = w.withSRP("nobody@example.org", password)
	wantMessage(t, err, "NotAuthorizedException", "Incorrect username or password.")
	w.functions.take()

	w.clock.Advance(2 * time.Hour)
	_, err = w.GetUser(t.Context(), &cip.GetUserInput{AccessToken: out.AuthenticationResult.AccessToken})
	wantMessage(t, err, "NotAuthorizedException", "Access Token has expired")
	refreshed, err := w.refresh(out.AuthenticationResult.RefreshToken)
	if err != nil || refreshed.AuthenticationResult.RefreshToken != nil {
		t.Fatalf("refresh = %v, error %v", refreshed, err)
	}
	if e := w.wantFired("TokenGeneration_RefreshTokens")[0]; e.Request["clientMetadata"] != nil {
		t.Errorf("metadata = %v", e.Request)
	}
	before, after := w.claimsAt(out.AuthenticationResult.AccessToken, -2*time.Hour),
		w.claims(refreshed.AuthenticationResult.AccessToken)
	if before["auth_time"] != after["auth_time"] || before["origin_jti"] != after["origin_jti"] ||
		before["jti"] == after["jti"] {
		t.Errorf("claims before = %v, after %v", before, after)
	}
	if _, err := w.RevokeToken(t.Context(), &cip.RevokeTokenInput{ClientId: w.clientID, ClientSecret: &w.secret,
		Token: out.AuthenticationResult.RefreshToken}); err != nil {
		t.Fatal(err)
	}
	_, err = w.refresh(out.AuthenticationResult.RefreshToken)
	wantMessage(t, err, "NotAuthorizedException", "Refresh Token has been revoked")
	_, err = w.GetUser(t.Context(), &cip.GetUserInput{AccessToken: refreshed.AuthenticationResult.AccessToken})
	wantMessage(t, err, "NotAuthorizedException", "Access Token has been revoked")
}

func (w *world) claimsAt(token *string, d time.Duration) jwt.MapClaims {
	w.clock.Advance(d)
	defer w.clock.Advance(-d)
	return w.claims(token)
}

func (w *world) refresh(token *string) (*cip.InitiateAuthOutput, error) {
	parameters := map[string]string{"REFRESH_TOKEN": *token}
	u, err := w.server.Store().FindUser(*w.pool, ines)
	if err != nil {
		w.t.Fatal(err)
	}
	w.addSecret(parameters, u.Username)
	return w.InitiateAuth(w.t.Context(), &cip.InitiateAuthInput{AuthFlow: types.AuthFlowTypeRefreshTokenAuth,
		ClientId: w.clientID, AuthParameters: parameters})
}

func TestSessionsAreUsedOnce(t *testing.T) {
	w := start(t, setup{})
	w.confirmed(ines)
	client := srp.NewClient(*w.pool, ines, password)
	first, err := w.InitiateAuth(t.Context(),
		&cip.InitiateAuthInput{AuthFlow: types.AuthFlowTypeUserSrpAuth, ClientId: w.clientID,
			AuthParameters: client.AuthParameters()})
	if err != nil {
		t.Fatal(err)
	}
	responses, err := client.Respond(first.ChallengeParameters, w.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	respond := func() error {
		_, err := w.RespondToAuthChallenge(t.Context(),
			&cip.RespondToAuthChallengeInput{ClientId: w.clientID, ChallengeName: first.ChallengeName,
				ChallengeResponses: responses})
		return err
	}
	if err := respond(); err != nil {
		t.Fatal("without the session:", err)
	}
	wantMessage(t, respond(), "NotAuthorizedException",
		"Invalid session for the user, session can only be used once.")
	if first, err = w.InitiateAuth(t.Context(),
		&cip.InitiateAuthInput{AuthFlow: types.AuthFlowTypeUserSrpAuth, ClientId: w.clientID,
			AuthParameters: client.AuthParameters()}); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(4 * time.Minute)
	if responses, err = client.Respond(first.ChallengeParameters, w.clock.Now()); err != nil {
		t.Fatal(err)
	}
	wantMessage(t, respond(), "NotAuthorizedException", "Invalid session for the user, session is expired.")
}

func TestPreventUserExistenceErrors(t *testing.T) {
	for setting, want := range map[types.PreventUserExistenceErrorTypes]string{"ENABLED": "NotAuthorizedException",
		"LEGACY": "UserNotFoundException"} {
		t.Run(string(setting), func(t *testing.T) {
			w := start(t, setup{client: func(in *cip.CreateUserPoolClientInput) { in.PreventUserExistenceErrors = setting }})
			w.confirmed(ines)
			_, err := w.withPassword("nobody@example.org", password)
			wantError(t, err, want)
			if setting == "LEGACY" {
				w.wantFired("UserMigration_Authentication")
				return
			}
			e := w.wantFired("UserMigration_Authentication", "PreAuthentication_Authentication")[1]
			if e.Request["userNotFound"] != true {
				t.Errorf("pre authentication = %v", e.Request)
			}
			var shapes [2]any
			for i, name := range []string{ines, "nobody@example.org"} {
				out, err := w.InitiateAuth(t.Context(), &cip.InitiateAuthInput{AuthFlow: types.AuthFlowTypeUserSrpAuth,
					ClientId: w.clientID, AuthParameters: srp.NewClient(*w.pool, name, "x").AuthParameters()})
				if err != nil {
					t.Fatal(err)
				}
				lengths := map[string]int{}
				for key, value := range out.ChallengeParameters {
					lengths[key] = len(value)
				}
				shapes[i] = lengths
			}
			if !reflect.DeepEqual(shapes[0], shapes[1]) {
				t.Errorf("existing %v, unknown %v", shapes[0], shapes[1])
			}
		})
	}
}

func TestTriggersRefuseSignIn(t *testing.T) {
	for source, word := range map[string]string{"PreAuthentication_Authentication": "PreAuthentication",
		"PostAuthentication_Authentication": "PostAuthentication", "TokenGeneration_Authentication": "PreTokenGeneration"} {
		t.Run(source, func(t *testing.T) {
			w := start(t, setup{})
			w.confirmed(ines)
			w.functions.on(source, func(map[string]any) (any, error) { return nil, errors.New("No") })
			_, err := w.withPassword(ines, password)
			wantMessage(t, err, "UserLambdaValidationException", word+" failed with error No.")
		})
	}
}

func TestGlobalSignOut(t *testing.T) {
	w := start(t, setup{})
	w.confirmed(ines)
	out, err := w.withPassword(ines, password)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.GlobalSignOut(t.Context(),
		&cip.GlobalSignOutInput{AccessToken: out.AuthenticationResult.AccessToken}); err != nil {
		t.Fatal(err)
	}
	_, err = w.refresh(out.AuthenticationResult.RefreshToken)
	wantMessage(t, err, "NotAuthorizedException", "Refresh Token has been revoked")
	_, err = w.GetUser(t.Context(), &cip.GetUserInput{AccessToken: out.AuthenticationResult.AccessToken})
	wantMessage(t, err, "NotAuthorizedException", "Access Token has been revoked")
}

func TestRotation(t *testing.T) {
	w := start(t, setup{client: func(in *cip.CreateUserPoolClientInput) {
		in.ExplicitAuthFlows = []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAllowUserPasswordAuth}
		in.RefreshTokenRotation = &types.RefreshTokenRotationType{Feature: "ENABLED", RetryGracePeriodSeconds: aws.Int32(10)}
	}})
	w.confirmed(ines)
	first, err := w.withPassword(ines, password)
	if err != nil {
		t.Fatal(err)
	}
	get := func(token *string) (*cip.GetTokensFromRefreshTokenOutput, error) {
		return w.GetTokensFromRefreshToken(t.Context(),
			&cip.GetTokensFromRefreshTokenInput{ClientId: w.clientID, RefreshToken: token})
	}
	second, err := get(first.AuthenticationResult.RefreshToken)
	if err != nil || second.AuthenticationResult.RefreshToken == nil {
		t.Fatalf("rotation = %v, error %v", second, err)
	}
	if _, err := get(first.AuthenticationResult.RefreshToken); err != nil {
		t.Errorf("within the grace period: %v", err)
	}
	w.clock.Advance(time.Minute)
	_, err = get(first.AuthenticationResult.RefreshToken)
	wantError(t, err, "RefreshTokenReuseException")
	if _, err := get(second.AuthenticationResult.RefreshToken); err != nil {
		t.Error(err)
	}
}

func TestLockAfterWrongPasswords(t *testing.T) {
	w := start(t, setup{})
	w.confirmed(ines)
	for range limits.FreeFailures {
		_, err := w.withPassword(ines, "wrong")
		wantMessage(t, err, "NotAuthorizedException", "Incorrect username or password.")
	}
	_, err := w.withPassword(ines, password)
	wantMessage(t, err, "NotAuthorizedException", "Password attempts exceeded")
	w.clock.Advance(2 * time.Second)
	if _, err := w.withPassword(ines, password); err != nil {
		t.Error(err)
	}
}
