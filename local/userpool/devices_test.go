package userpool

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"cognito-triggers/local/userpool/srp"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/totp"
)

// owner is a user of a pool that tracks devices, who is signed in.
type owner struct {
	*direct
	name            string
	access, refresh string
	device          device
}

const unknownDevice = "eu-west-1_00000000-0000-4000-8000-000000000000"

// startTracking starts a pool that tracks devices.
func startTracking(t *testing.T, challenge, prompt bool) *direct {
	t.Helper()
	return startDirect(t, object{"DeviceConfiguration": object{
		"ChallengeRequiredOnNewDevice": challenge, "DeviceOnlyRememberedOnUserPrompt": prompt,
	}}, object{"ExplicitAuthFlows": []string{
		"ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_AUTH",
		"ALLOW_CUSTOM_AUTH",
	}})
}

// newOwner creates a user, who signs in with a new device.
func newOwner(d *direct, name string) *owner {
	d.t.Helper()
	d.user(name)
	o := &owner{direct: d, name: name}
	o.enter(d.signIn(name))
	return o
}

// enter takes the tokens and the device of a sign-in.
func (o *owner) enter(out object) {
	o.t.Helper()
	o.access, _ = at(out, "AuthenticationResult.AccessToken").(string)
	o.refresh, _ = at(out, "AuthenticationResult.RefreshToken").(string)
	if key, is := at(out, "AuthenticationResult.NewDeviceMetadata.DeviceKey").(string); is {
		group := at(out, "AuthenticationResult.NewDeviceMetadata.DeviceGroupKey").(string)
		o.device = device{key: key, group: group, password: "device secret"}
	}
	if o.access == "" {
		o.t.Fatalf("no tokens: %v", out)
	}
}

// confirmation is the body of ConfirmDevice.
func (o *owner) confirmation() object {
	salt, verifier := srp.RegisterDevice(o.device.group, o.device.key, o.device.password)
	encode := base64.StdEncoding.EncodeToString
	return object{"AccessToken": o.access, "DeviceKey": o.device.key, "DeviceName": "phone",
		"DeviceSecretVerifierConfig": object{"PasswordVerifier": encode(verifier), "Salt": encode(salt)}}
}

// withDevice begins a sign-in with a password and a device.
func (o *owner) withDevice() object {
	return object{"AuthFlow": "USER_PASSWORD_AUTH",
		"AuthParameters": object{"USERNAME": o.name, "PASSWORD": password, "DEVICE_KEY": o.device.key}}
}

// answerTo is the body of an answer to a challenge.
func answerTo(challenge object, responses map[string]string) object {
	return object{"ChallengeName": challenge["ChallengeName"], "Session": challenge["Session"],
		"ChallengeResponses": responses}
}

// proof answers DEVICE_SRP_AUTH and returns the body of the answer to DEVICE_PASSWORD_VERIFIER.
func (o *owner) proof(challenge object) object {
	o.t.Helper()
	if challenge["ChallengeName"] != "DEVICE_SRP_AUTH" {
		o.t.Fatalf("asked for %v", challenge)
	}
	client := srp.NewDeviceClient(o.device.group, o.device.key, o.device.password)
	asked := o.do("RespondToAuthChallenge", answerTo(challenge,
		map[string]string{"USERNAME": o.name, "SRP_A": client.A(), "DEVICE_KEY": o.device.key}))
	parameters := map[string]string{}
	for name, value := range asked["ChallengeParameters"].(object) {
		parameters[name], _ = value.(string)
	}
	responses, err := client.Respond(parameters, o.clock.Now())
	if err != nil {
		o.t.Fatal(err)
	}
	return answerTo(asked, responses)
}

func (o *owner) refreshing(key string) object {
	return object{"AuthFlow": "REFRESH_TOKEN_AUTH",
		"AuthParameters": object{"REFRESH_TOKEN": o.refresh, "DEVICE_KEY": key}}
}

// attributesOf returns a device's attributes.
func attributesOf(shown object) map[string]string {
	all := map[string]string{}
	for _, one := range shown["DeviceAttributes"].([]any) {
		a := one.(object)
		all[a["Name"].(string)] = a["Value"].(string)
	}
	return all
}

// Sources: developer guide, "Working with user devices in your user pool", and the API reference.
func TestDevices(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		prompt bool
		status string // after ConfirmDevice
	}{
		"always":            {prompt: false, status: "remembered"},
		"on user's request": {prompt: true, status: "not_remembered"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := startTracking(t, true, c.prompt)
			o := newOwner(d, "ines")
			if !regexp.MustCompile(`^eu-west-1_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`).MatchString(o.device.key) ||
				!regexp.MustCompile(`^-[0-9A-Za-z]{8}$`).MatchString(o.device.group) {
				t.Errorf("new device %+v", o.device)
			}
			if got := claimsOf(t, o.access)["device_key"]; got != o.device.key {
				t.Errorf("the access token has the device %v", got)
			}
			listed := d.do("ListDevices", object{"AccessToken": o.access})["Devices"].([]any)
			if len(listed) != 1 || listed[0].(object)["DeviceKey"] != o.device.key {
				t.Errorf("before it is confirmed: %v", listed)
			}
			out := d.do("ConfirmDevice", o.confirmation())
			if out["UserConfirmationNecessary"] != c.prompt {
				t.Errorf("ConfirmDevice: %v", out)
			}
			mine := object{"AccessToken": o.access, "DeviceKey": o.device.key}
			theirs := object{"Username": "ines", "DeviceKey": o.device.key}
			shown := d.do("GetDevice", mine)["Device"].(object)
			got := attributesOf(shown)
			want := map[string]string{
				"device_status": "valid", "device_name": "phone", "last_ip_used": "192.0.2.1",
				"dev:device_arn": "arn:aws:cognito-idp:eu-west-1:000000000000:owner/ines." + d.pool + "/device/" +
					o.device.key,
				"dev:device_owner": "ines." + d.pool, "dev:device_remembered_status": c.status,
			}
			if text(t, got) != text(t, want) || shown["DeviceLastAuthenticatedDate"] != shown["DeviceCreateDate"] {
				t.Errorf("shown: %v, want the attributes %v", shown, want)
			}
			if admin := d.do("AdminGetDevice", theirs)["Device"]; text(t, admin) != text(t, shown) {
				t.Errorf("an administrator sees %v", admin)
			}
			d.clock.Advance(time.Minute)
			d.do("UpdateDeviceStatus", with(mine, object{"DeviceRememberedStatus": "remembered"}))
			again := d.do("InitiateAuth", o.withDevice())
			out = d.do("RespondToAuthChallenge", o.proof(again))
			if at(out, "AuthenticationResult.NewDeviceMetadata") != nil {
				t.Errorf("a known device gets another key: %v", out)
			}
			if claims := claimsOf(t, at(out, "AuthenticationResult.AccessToken")); claims["device_key"] != o.device.key {
				t.Errorf("claims %v", claims)
			}
			later := d.do("AdminListDevices", object{"Username": "ines"})["Devices"].([]any)[0].(object)
			if later["DeviceLastAuthenticatedDate"].(float64)-shown["DeviceLastAuthenticatedDate"].(float64) != 60 {
				t.Errorf("after another sign-in: %v", later)
			}
			d.do("AdminUpdateDeviceStatus", with(theirs, object{"DeviceRememberedStatus": "not_remembered"}))
			d.do("UpdateDeviceStatus", mine) // without a status, nothing changes
			if again := d.do("InitiateAuth", o.withDevice()); again["ChallengeName"] != nil {
				t.Errorf("a device that is not remembered: %v", again)
			}
			d.do("ForgetDevice", mine)
			if left := d.do("ListDevices", object{"AccessToken": o.access})["Devices"].([]any); len(left) != 0 {
				t.Errorf("after ForgetDevice: %v", left)
			}
		})
	}
}

// Without ChallengeRequiredOnNewDevice a remembered device changes nothing; without DeviceConfiguration there is none.
func TestDeviceSettings(t *testing.T) {
	t.Parallel()
	d := startTracking(t, false, false)
	o := newOwner(d, "ines")
	d.do("ConfirmDevice", o.confirmation())
	if out := d.do("InitiateAuth", o.withDevice()); out["ChallengeName"] != nil {
		t.Errorf("without ChallengeRequiredOnNewDevice: %v", out)
	}
	shown := at(d.do("DescribeUserPool", object{}), "UserPool.DeviceConfiguration")
	if text(t, shown) != `{"ChallengeRequiredOnNewDevice":false,"DeviceOnlyRememberedOnUserPrompt":false}` {
		t.Errorf("DescribeUserPool: %v", shown)
	}
	d.do("UpdateUserPool", object{})
	if out := d.do("InitiateAuth", o.withDevice()); at(out, "AuthenticationResult.NewDeviceMetadata") != nil ||
		claimsOf(t, at(out, "AuthenticationResult.AccessToken"))["device_key"] != nil {
		t.Errorf("without tracking: %v", out)
	}
	for operation, body := range map[string]object{
		"ConfirmDevice": o.confirmation(), "ListDevices": {"AccessToken": o.access},
		"GetDevice":               {"AccessToken": o.access, "DeviceKey": o.device.key},
		"ForgetDevice":            {"AccessToken": o.access, "DeviceKey": o.device.key},
		"UpdateDeviceStatus":      {"AccessToken": o.access, "DeviceKey": o.device.key},
		"AdminGetDevice":          {"Username": "ines", "DeviceKey": o.device.key},
		"AdminListDevices":        {"Username": "ines"},
		"AdminForgetDevice":       {"Username": "ines", "DeviceKey": o.device.key},
		"AdminUpdateDeviceStatus": {"Username": "ines", "DeviceKey": o.device.key},
	} {
		d.fails(operation, body, "InvalidUserPoolConfigurationException", "does not track devices")
	}
}

func TestErrorsOfDevices(t *testing.T) {
	t.Parallel()
	d := startTracking(t, true, true)
	o := newOwner(d, "ines")
	mine, theirs := object{"AccessToken": o.access, "DeviceKey": unknownDevice},
		object{"Username": "ines", "DeviceKey": unknownDevice}
	for operation, body := range map[string]object{
		"GetDevice": mine, "ForgetDevice": mine, "UpdateDeviceStatus": mine, "AdminGetDevice": theirs,
		"AdminForgetDevice": theirs, "AdminUpdateDeviceStatus": theirs,
	} {
		d.fails(operation, body, "ResourceNotFoundException", "Device does not exist.")
	}
	for _, operation := range []string{"AdminGetDevice", "AdminForgetDevice", "AdminUpdateDeviceStatus"} {
		d.fails(operation, with(theirs, object{"Username": "nobody"}), "UserNotFoundException", "")
	}
	for _, operation := range []string{"GetDevice", "ForgetDevice"} {
		d.fails(operation, object{"DeviceKey": o.device.key}, "NotAuthorizedException", "Invalid Access Token")
	}
	own := object{"AccessToken": o.access, "DeviceKey": o.device.key}
	d.fails("UpdateDeviceStatus", with(own, object{"DeviceRememberedStatus": "forgotten"}), "InvalidParameterException",
		"deviceRememberedStatus")
	d.fails("UpdateDeviceStatus", with(own, object{"DeviceRememberedStatus": "remembered"}), "InvalidParameterException",
		"Invalid device key given.")
	config := o.confirmation()["DeviceSecretVerifierConfig"].(object)
	for words, change := range map[string]object{
		"passwordVerifier is not base64": {"PasswordVerifier": "%"}, "salt is not base64": {"Salt": "%"},
		"3072-bit group": {"PasswordVerifier": "AA=="}, "no salt": {"Salt": ""},
		"131072": {"Salt": strings.Repeat("a", 131_073)},
	} {
		body := with(o.confirmation(), object{"DeviceSecretVerifierConfig": with(config, change)})
		d.fails("ConfirmDevice", body, "InvalidParameterException", words)
	}
	d.fails("ConfirmDevice", with(o.confirmation(), object{"DeviceSecretVerifierConfig": nil}),
		"InvalidParameterException", "3072-bit group")
	d.fails("ConfirmDevice", with(o.confirmation(), object{"DeviceKey": unknownDevice}), "InvalidParameterException",
		"Invalid device key given.")
	d.do("ConfirmDevice", o.confirmation())
	d.fails("ConfirmDevice", o.confirmation(), "DeviceKeyExistsException", "")
}

func TestDevicesArePaged(t *testing.T) {
	t.Parallel()
	d := startTracking(t, true, true)
	o := newOwner(d, "ines")
	want := []any{o.device.key}
	for range 4 {
		o.enter(d.signIn("ines"))
		want = append(want, o.device.key)
	}
	var got []any
	body := object{"AccessToken": o.access, "Limit": 2}
	for range 3 {
		page := d.do("ListDevices", body)
		for _, one := range page["Devices"].([]any) {
			got = append(got, one.(object)["DeviceKey"])
		}
		body = with(body, object{"PaginationToken": page["PaginationToken"]})
	}
	if text(t, got) != text(t, want) || body["PaginationToken"] != nil {
		t.Errorf("pages: %v, want %v", got, want)
	}
	d.fails("ListDevices", object{"AccessToken": o.access, "Limit": 61}, "InvalidParameterException", "limit")
	d.fails("AdminListDevices", object{"Username": "ines", "PaginationToken": "x"}, "InvalidParameterException", "token")
}

// A user's devices are bounded: those that nobody confirmed make room first, the one that signed in longest ago before
// the others.
func TestDevicesAreBounded(t *testing.T) {
	t.Parallel()
	d := startTracking(t, true, false)
	o := newOwner(d, "ines")
	d.do("ConfirmDevice", o.confirmation())
	first := o.device.key
	d.clock.Advance(time.Second)
	third := newOwnerAgain(d, "ines")
	d.do("ConfirmDevice", third.confirmation())
	d.do("UpdateDeviceStatus",
		object{"AccessToken": o.access, "DeviceKey": third.device.key, "DeviceRememberedStatus": "not_remembered"})
	d.clock.Advance(time.Second)
	second := newOwnerAgain(d, "ines")
	for range state.MaxDevices {
		d.clock.Advance(time.Second)
		d.signIn("ines")
	}
	listed := d.do("AdminListDevices", object{"Username": "ines"})["Devices"].([]any)
	if len(listed) != state.MaxDevices || listed[0].(object)["DeviceKey"] != first ||
		listed[1].(object)["DeviceKey"] != third.device.key {
		t.Errorf("%d devices are left, the first are %v, want %d, %s and %s", len(listed), listed[:2], state.MaxDevices,
			first, third.device.key)
	}
	d.fails("GetDevice", object{"AccessToken": second.access, "DeviceKey": second.device.key}, "ResourceNotFoundException",
		"Device does not exist.")
}

// newOwnerAgain signs an existing user in with a new device.
func newOwnerAgain(d *direct, name string) *owner {
	o := &owner{direct: d, name: name}
	o.enter(d.signIn(name))
	return o
}

// Sources: aws/aws-sdk-java-v2 3418 and AWS's staff there; ForgetDevice: users' reports.
func TestRefreshWithDevices(t *testing.T) {
	t.Parallel()
	d := startTracking(t, true, true)
	o := newOwner(d, "ines")
	invalid := func(what string, body object) {
		t.Helper()
		if _, out := d.call("InitiateAuth", body); out["__type"] != "NotAuthorizedException" ||
			out["message"] != "Invalid Refresh Token." {
			t.Errorf("%s: %v", what, out)
		}
	}
	invalid("a device that is not confirmed", o.refreshing(o.device.key))
	d.do("ConfirmDevice", o.confirmation())
	invalid("no key", o.refreshing(""))
	invalid("an unknown key", o.refreshing(unknownDevice))
	other := newOwnerAgain(d, "ines")
	d.do("ConfirmDevice", other.confirmation())
	invalid("another device of the user", o.refreshing(other.device.key))
	out := d.do("InitiateAuth", o.refreshing(o.device.key))
	if claimsOf(t, at(out, "AuthenticationResult.AccessToken"))["device_key"] != o.device.key {
		t.Errorf("a refreshed token lacks the device: %v", out)
	}
	if at(out, "AuthenticationResult.NewDeviceMetadata") != nil {
		t.Errorf("a refresh makes a device: %v", out)
	}
	d.do("GetTokensFromRefreshToken", object{"RefreshToken": o.refresh, "DeviceKey": o.device.key})
	d.fails("GetTokensFromRefreshToken", object{"RefreshToken": o.refresh}, "NotAuthorizedException",
		"Invalid Refresh Token.")
	d.do("ForgetDevice", object{"AccessToken": o.access, "DeviceKey": o.device.key})
	invalid("a forgotten device", o.refreshing(o.device.key))
	d.do("InitiateAuth", other.refreshing(other.device.key))
	d.do("UpdateUserPool", object{})
	invalid("a forgotten device, tracking off", o.refreshing(o.device.key))
	d.do("InitiateAuth", other.refreshing(""))
}

// The device replaces a second factor, in the flows that have one and in choice-based sign-in.
func TestRememberedDeviceReplacesTheSecondFactor(t *testing.T) {
	t.Parallel()
	d := startTracking(t, true, true)
	o := newOwner(d, "ines")
	o.setUpTOTP()
	d.do("ConfirmDevice", o.confirmation())
	flows := map[string]func() object{
		"USER_PASSWORD_AUTH": func() object { return d.do("InitiateAuth", o.withDevice()) },
		"USER_AUTH": func() object {
			return d.do("InitiateAuth", object{"AuthFlow": "USER_AUTH", "AuthParameters": object{"USERNAME": "ines",
				"PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": password, "DEVICE_KEY": o.device.key}})
		},
		"SELECT_CHALLENGE": func() object {
			asked := d.do("InitiateAuth", object{"AuthFlow": "USER_AUTH",
				"AuthParameters": object{"USERNAME": "ines", "DEVICE_KEY": o.device.key}})
			return d.do("RespondToAuthChallenge", answerTo(asked,
				map[string]string{"USERNAME": "ines", "ANSWER": "PASSWORD", "PASSWORD": password}))
		},
		"USER_SRP_AUTH":              func() object { return o.withSRP(object{"DEVICE_KEY": o.device.key}, nil) },
		"PASSWORD_VERIFIER's answer": func() object { return o.withSRP(nil, object{"DEVICE_KEY": o.device.key}) },
	}
	for name, begin := range flows {
		if asked := begin(); asked["ChallengeName"] != "SOFTWARE_TOKEN_MFA" {
			t.Errorf("%s, not remembered: %v, want MFA as ever", name, asked)
		}
	}
	d.do("UpdateDeviceStatus",
		object{"AccessToken": o.access, "DeviceKey": o.device.key, "DeviceRememberedStatus": "remembered"})
	for name, begin := range flows {
		out := d.do("RespondToAuthChallenge", o.proof(begin()))
		if at(out, "AuthenticationResult.AccessToken") == nil {
			t.Errorf("%s, remembered: %v", name, out)
		}
	}
	if asked := d.signIn("ines"); asked["ChallengeName"] != "SOFTWARE_TOKEN_MFA" {
		t.Errorf("without the device: %v", asked)
	}
}

// setUpTOTP makes an authenticator app the user's second factor.
func (o *owner) setUpTOTP() {
	o.t.Helper()
	o.do("SetUserPoolMfaConfig", object{"MfaConfiguration": "OPTIONAL",
		"SoftwareTokenMfaConfiguration": object{"Enabled": true}})
	secret := o.do("AssociateSoftwareToken", object{"AccessToken": o.access})["SecretCode"].(string)
	code, err := totp.Code(secret, o.clock.Now())
	if err != nil {
		o.t.Fatal(err)
	}
	o.do("VerifySoftwareToken", object{"AccessToken": o.access, "UserCode": code})
	o.do("SetUserMFAPreference", object{"AccessToken": o.access,
		"SoftwareTokenMfaSettings": object{"Enabled": true, "PreferredMfa": true}})
}

// srpAnswer begins a sign-in with SRP and returns the body of the answer; more holds additional members of both.
func (o *owner) srpAnswer(parameters, responses object) object {
	o.t.Helper()
	client := srp.NewClient(o.pool, o.name, password)
	asked := o.do("InitiateAuth", object{"AuthFlow": "USER_SRP_AUTH",
		"AuthParameters": with(object{"USERNAME": o.name, "SRP_A": client.A()}, parameters)})
	given := map[string]string{}
	for name, value := range asked["ChallengeParameters"].(object) {
		given[name], _ = value.(string)
	}
	answers, err := client.Respond(given, o.clock.Now())
	if err != nil {
		o.t.Fatal(err)
	}
	for name, value := range responses {
		answers[name] = fmt.Sprint(value)
	}
	return answerTo(asked, answers)
}

func (o *owner) withSRP(parameters, responses object) object {
	o.t.Helper()
	return o.do("RespondToAuthChallenge", o.srpAnswer(parameters, responses))
}

// AWS's clients forget a device that does not exist, and send the same proof of the password again without it. Source:
// amazon-cognito-identity-js 6.3.21.
func TestProofIsSentAgainWithoutTheDevice(t *testing.T) {
	t.Parallel()
	for name, parameters := range map[string]object{
		"named in both": {"DEVICE_KEY": unknownDevice}, "named in the answer": nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := startTracking(t, true, true)
			o := newOwner(d, "ines")
			body := o.srpAnswer(parameters, object{"DEVICE_KEY": unknownDevice})
			d.fails("RespondToAuthChallenge", body, "ResourceNotFoundException", "Device does not exist.")
			delete(body["ChallengeResponses"].(map[string]string), "DEVICE_KEY")
			out := d.do("RespondToAuthChallenge", body)
			if at(out, "AuthenticationResult.NewDeviceMetadata.DeviceKey") == nil {
				t.Errorf("the second time: %v", out)
			}
			d.fails("RespondToAuthChallenge", body, "NotAuthorizedException", "used once")
		})
	}
}

// A custom flow that begins with the password says so at once, where the client sends its proof again.
func TestUnknownDeviceInACustomFlow(t *testing.T) {
	t.Parallel()
	s := &stage{world: start(t, remembers)}
	signedInUser(s)
	riddle(s.world)
	answer := s.beginSRP("CUSTOM_AUTH", map[string]string{"CHALLENGE_NAME": "SRP_A", "DEVICE_KEY": unknownDevice})
	wantMessage(t, answer(), "ResourceNotFoundException", "Device does not exist.")
	s.must(answer())
	if s.challenge != "CUSTOM_CHALLENGE" {
		t.Errorf("asked for %s", s.challenge)
	}
}

// pycognito answers DEVICE_SRP_AUTH without its session. Source: pycognito 2024.5.1.
func TestDeviceChallengeWithoutItsSession(t *testing.T) {
	t.Parallel()
	d := startTracking(t, true, false)
	o := newOwner(d, "ines")
	d.do("ConfirmDevice", o.confirmation())
	asked := d.do("InitiateAuth", o.withDevice())
	delete(asked, "Session")
	body := o.proof(asked)
	delete(body, "Session")
	d.do("RespondToAuthChallenge", body)
}

// Sources: aws-amplify/amplify-js 14909 (CUSTOM_AUTH); a code as the first factor is a choice.
func TestDevicesOfOtherFlows(t *testing.T) {
	t.Parallel()
	both := setup{client: withUserAuth, pool: func(in *cip.CreateUserPoolInput) {
		signInPolicy("EMAIL_OTP")(in)
		tracking(false)(in)
	}}
	code := []func(*stage) error{initiate("USER_AUTH", "PREFERRED_CHALLENGE", "EMAIL_OTP"), answerCode("EMAIL_OTP")}
	custom := []func(*stage) error{initiate("CUSTOM_AUTH"), answering("CUSTOM_CHALLENGE", "ANSWER", "42")}
	customWithPassword := []func(*stage) error{
		func(s *stage) error { return s.beginSRP("CUSTOM_AUTH", map[string]string{"CHALLENGE_NAME": "SRP_A"})() },
		answering("CUSTOM_CHALLENGE", "ANSWER", "42"),
	}
	for name, c := range map[string]struct {
		steps []func(*stage) error
		want  bool
	}{
		"a code":                       {steps: code, want: true},
		"custom, without the password": {steps: custom},
		"custom, after the password":   {steps: customWithPassword, want: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &stage{world: start(t, both)}
			confirmedUser(s)
			riddle(s.world)
			for _, step := range c.steps {
				s.must(step(s))
			}
			isNew := false
			for _, e := range s.functions.take() {
				if e.Source == firesPost {
					isNew, _ = e.Request["newDeviceUsed"].(bool)
				}
			}
			if got := s.tokens.NewDeviceMetadata != nil; got != c.want || isNew != c.want {
				t.Errorf("new device: %t, newDeviceUsed: %t, want %t", got, isNew, c.want)
			}
		})
	}
}

// A sign-in from before the pool tracked devices goes on.
func TestRefreshWithoutADevice(t *testing.T) {
	t.Parallel()
	d := startTracking(t, true, true)
	d.do("UpdateUserPool", object{})
	d.user("ines")
	o := &owner{direct: d, name: "ines"}
	o.enter(d.signIn("ines"))
	d.do("UpdateUserPool", object{"DeviceConfiguration": object{}})
	d.do("InitiateAuth", o.refreshing(""))
	if at(d.signIn("ines"), "AuthenticationResult.NewDeviceMetadata") == nil {
		t.Error("the next sign-in has no device")
	}
}
