package userpool

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"testing"

	"cognito-triggers/local/userpool/totp"
)

// errorText is a request that fails, and AWS's answer.
type errorText struct {
	pool, client object
	// request prepares the pool and returns the request.
	request    func(d *direct) (operation string, body object)
	name, text string
	source     string // as in docs/aws-behaviour.md
}

// Texts of several cases.
const (
	incorrect = "Incorrect username or password."
	unknown   = "Username/client id combination not found."
)

// Each operation answers with AWS's own name and text, byte for byte.
func TestErrorTexts(t *testing.T) {
	t.Parallel()
	for name, c := range errorTexts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.source == "" {
				t.Error("the text has no source")
			}
			d := startDirect(t, c.pool, with(object{"ExplicitAuthFlows": []string{"ALLOW_USER_PASSWORD_AUTH",
				"ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}}, c.client))
			operation, body := c.request(d)
			status, out := d.call(operation, body)
			if status != 400 || out["__type"] != c.name || out["message"] != c.text {
				t.Errorf("%s: %d %v %q, want %s %q", operation, status, out["__type"], out["message"], c.name, c.text)
			}
		})
	}
}

// ask returns a request that needs no preparation.
func ask(operation string, body object) func(*direct) (string, object) {
	return func(*direct) (string, object) { return operation, body }
}

func passwordAuth(name, password string) object {
	return object{"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": object{"USERNAME": name, "PASSWORD": password}}
}

func adminAuth(name string) object {
	return object{"AuthFlow": "ADMIN_USER_PASSWORD_AUTH", "AuthParameters": object{"USERNAME": name, "PASSWORD": password}}
}

// totpUser creates a user with an authenticator app and returns its secret. The code of now is used.
func (d *direct) totpUser(name string) (secret string) {
	d.t.Helper()
	d.do("SetUserPoolMfaConfig", object{"MfaConfiguration": "OPTIONAL",
		"SoftwareTokenMfaConfiguration": object{"Enabled": true}})
	d.user(name)
	access := at(d.signIn(name), "AuthenticationResult.AccessToken")
	secret = d.do("AssociateSoftwareToken", object{"AccessToken": access})["SecretCode"].(string)
	d.do("VerifySoftwareToken", object{"AccessToken": access, "UserCode": d.totpCode(secret)})
	d.do("SetUserMFAPreference", object{"AccessToken": access,
		"SoftwareTokenMfaSettings": object{"Enabled": true, "PreferredMfa": true}})
	return secret
}

func (d *direct) totpCode(secret string) string {
	d.t.Helper()
	code, err := totp.Code(secret, d.clock.Now())
	if err != nil {
		d.t.Fatal(err)
	}
	return code
}

// totpAnswer answers the challenge of a sign-in.
func totpAnswer(challenge object, name, code string) object {
	return object{"ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": challenge["Session"],
		"ChallengeResponses": object{"USERNAME": name, "SOFTWARE_TOKEN_MFA_CODE": code}}
}

// firstPassword creates a user with a temporary password and returns the answer to NEW_PASSWORD_REQUIRED.
func (d *direct) firstPassword(name string, responses object, pairs ...string) object {
	d.t.Helper()
	d.do("AdminCreateUser", object{"Username": name, "TemporaryPassword": password, "MessageAction": "SUPPRESS",
		"UserAttributes": attributes(pairs...)})
	challenge := d.do("InitiateAuth", passwordAuth(name, password))
	return object{"ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": challenge["Session"],
		"ChallengeResponses": with(object{"USERNAME": name, "NEW_PASSWORD": newPassword}, responses)}
}

// secretHash returns the SECRET_HASH over a name.
func (d *direct) secretHash(name string) string {
	d.t.Helper()
	client := d.do("DescribeUserPoolClient", object{})
	mac := hmac.New(sha256.New, []byte(at(client, "UserPoolClient.ClientSecret").(string)))
	mac.Write([]byte(name + d.client))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func link(destination, provider, subject string) object {
	return object{
		"DestinationUser": object{"ProviderName": "Cognito", "ProviderAttributeValue": destination},
		"SourceUser": object{"ProviderName": provider, "ProviderAttributeName": "Cognito_Subject",
			"ProviderAttributeValue": subject},
	}
}

// Wrong hashes have texts of their own, which name the client.
func TestErrorTextsOfSecretHashes(t *testing.T) {
	t.Parallel()
	d := startDirect(t, object{"UsernameAttributes": []string{"email"}}, object{"GenerateSecret": true})
	const name = "ines@example.org"
	d.user(name)
	parameters := with(passwordAuth(name, password)["AuthParameters"].(object), object{"SECRET_HASH": "d3Jvbmc="})
	signIn := object{"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters}
	d.failsExactly("InitiateAuth", signIn, "Unable to verify secret hash for client "+d.client)
	parameters["SECRET_HASH"] = d.secretHash(name)
	token := at(d.do("InitiateAuth", signIn), "AuthenticationResult.RefreshToken")
	sub := at(d.do("AdminGetUser", object{"Username": name}), "Username").(string)
	refresh := func(over string) object {
		return object{"AuthFlow": "REFRESH_TOKEN_AUTH",
			"AuthParameters": object{"REFRESH_TOKEN": token, "SECRET_HASH": d.secretHash(over)}}
	}
	d.failsExactly("InitiateAuth", refresh(name), "SecretHash does not match for the client: "+d.client)
	d.do("InitiateAuth", refresh(sub))
}

// failsExactly wants NotAuthorizedException with the text.
func (d *direct) failsExactly(operation string, body object, text string) {
	d.t.Helper()
	if _, out := d.call(operation, body); out["__type"] != "NotAuthorizedException" || out["message"] != text {
		d.t.Errorf("%s: %v, want %s", operation, out, text)
	}
}
