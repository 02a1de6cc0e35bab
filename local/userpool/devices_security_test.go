package userpool

import (
	"encoding/base64"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"cognito-triggers/local/userpool/internal/limits"
	"cognito-triggers/local/userpool/srp"
)

// remembering starts a pool with a user whose device is remembered.
func remembering(t *testing.T) *owner {
	t.Helper()
	o := newOwner(startTracking(t, true, false), "ines")
	o.do("ConfirmDevice", o.confirmation())
	return o
}

// The key of another user's device, or of one in another pool, is unknown, whatever it is used for.
func TestForeignDevices(t *testing.T) {
	t.Parallel()
	o := remembering(t)
	elsewhere := remembering(t)
	mallory := newOwner(o.direct, "mallory")
	for whose, key := range map[string]string{"another user": o.device.key, "another pool": elsewhere.device.key} {
		stolen := &owner{direct: o.direct, name: "mallory", device: device{key: key}}
		o.fails("InitiateAuth", stolen.withDevice(), "ResourceNotFoundException", "Device does not exist.")
		for _, operation := range []string{"GetDevice", "ForgetDevice", "UpdateDeviceStatus"} {
			o.fails(operation, object{"AccessToken": mallory.access, "DeviceKey": key}, "ResourceNotFoundException",
				"Device does not exist.")
		}
		for _, operation := range []string{"AdminGetDevice", "AdminForgetDevice", "AdminUpdateDeviceStatus"} {
			o.fails(operation, object{"Username": "mallory", "DeviceKey": key}, "ResourceNotFoundException",
				"Device does not exist.")
		}
		confirmation := mallory.confirmation()
		confirmation["DeviceKey"] = key
		o.fails("ConfirmDevice", confirmation, "InvalidParameterException", "Invalid device key given.")
		o.fails("InitiateAuth", mallory.refreshing(key), "NotAuthorizedException", "Invalid Refresh Token.")
		if whose == "another user" {
			o.do("AdminGetDevice", object{"Username": "ines", "DeviceKey": key})
		}
	}
	o.do("RespondToAuthChallenge", o.proof(o.do("InitiateAuth", o.withDevice()))) // nobody changed it
}

// The token of one sign-in cannot confirm the device of another, and one device's proof does not serve for another.
func TestDeviceOfAnotherSignIn(t *testing.T) {
	t.Parallel()
	o := remembering(t)
	other := newOwnerAgain(o.direct, "ines")
	body := other.confirmation()
	body["AccessToken"] = o.access
	o.fails("ConfirmDevice", body, "InvalidParameterException", "Invalid device key given.")
	o.do("ConfirmDevice", other.confirmation())

	asked := o.do("InitiateAuth", o.withDevice())
	client := srp.NewDeviceClient(other.device.group, other.device.key, other.device.password)
	o.fails("RespondToAuthChallenge", answerTo(asked, map[string]string{
		"USERNAME": "ines", "SRP_A": client.A(), "DEVICE_KEY": other.device.key,
	}), "InvalidParameterException", "Invalid device key given.")

	proof := o.proof(o.do("InitiateAuth", o.withDevice()))
	proof["ChallengeResponses"].(map[string]string)["DEVICE_KEY"] = other.device.key
	o.fails("RespondToAuthChallenge", proof, "InvalidParameterException", "Invalid device key given.")
}

// A proof serves once, for its own challenge.
func TestReplayedDeviceProof(t *testing.T) {
	t.Parallel()
	o := remembering(t)
	proof := o.proof(o.do("InitiateAuth", o.withDevice()))
	o.do("RespondToAuthChallenge", proof)
	o.fails("RespondToAuthChallenge", proof, "NotAuthorizedException", "used once")
	delete(proof, "Session")
	o.fails("RespondToAuthChallenge", proof, "NotAuthorizedException", "used once")

	next := o.proof(o.do("InitiateAuth", o.withDevice()))
	fresh := next["ChallengeResponses"].(map[string]string)
	old := maps.Clone(proof["ChallengeResponses"].(map[string]string))
	fresh["PASSWORD_CLAIM_SIGNATURE"] = old["PASSWORD_CLAIM_SIGNATURE"]
	o.fails("RespondToAuthChallenge", next, "NotAuthorizedException", "Incorrect username or password.")
}

// Wrong proofs of a device count over all sign-ins, with the codes of the second factor.
func TestWrongDeviceProofsLock(t *testing.T) {
	t.Parallel()
	o := remembering(t)
	o.setUpTOTP()
	for range limits.FreeFailures {
		wrong := o.proof(o.do("InitiateAuth", o.withDevice()))
		wrong["ChallengeResponses"].(map[string]string)["PASSWORD_CLAIM_SIGNATURE"] = "AAAA"
		o.fails("RespondToAuthChallenge", wrong, "NotAuthorizedException", "Incorrect username or password.")
	}
	right := o.proof(o.do("InitiateAuth", o.withDevice()))
	o.fails("RespondToAuthChallenge", right, "NotAuthorizedException", "Password attempts exceeded")
	asked := o.do("InitiateAuth", passwordAuth("ines", password))
	o.fails("RespondToAuthChallenge", answerTo(asked, map[string]string{"USERNAME": "ines",
		"SOFTWARE_TOKEN_MFA_CODE": "000000"}), "NotAuthorizedException", "Password attempts exceeded")
	o.clock.Advance(time.Hour)
	o.do("RespondToAuthChallenge", o.proof(o.do("InitiateAuth", o.withDevice())))
}

// Whoever has a remembered device still needs the password: no challenge of a device comes before it.
func TestDeviceDoesNotReplaceTheFirstFactor(t *testing.T) {
	t.Parallel()
	o := remembering(t)
	client := srp.NewDeviceClient(o.device.group, o.device.key, o.device.password)
	public := map[string]string{"USERNAME": "ines", "SRP_A": client.A(), "DEVICE_KEY": o.device.key}
	o.fails("RespondToAuthChallenge", object{"ChallengeName": "DEVICE_SRP_AUTH", "ChallengeResponses": public},
		"NotAuthorizedException", "Invalid session")
	srpOfUser := o.do("InitiateAuth", object{"AuthFlow": "USER_SRP_AUTH",
		"AuthParameters": object{"USERNAME": "ines", "SRP_A": client.A(), "DEVICE_KEY": o.device.key}})
	o.fails("RespondToAuthChallenge", object{"ChallengeName": "DEVICE_SRP_AUTH", "Session": srpOfUser["Session"],
		"ChallengeResponses": public}, "NotAuthorizedException", "Invalid session")
	o.fails("InitiateAuth", object{"AuthFlow": "USER_PASSWORD_AUTH",
		"AuthParameters": object{"USERNAME": "ines", "PASSWORD": "wrong", "DEVICE_KEY": o.device.key}},
		"NotAuthorizedException", "Incorrect username or password.")
	o.fails("InitiateAuth", object{"AuthFlow": "DEVICE_SRP_AUTH", "AuthParameters": public},
		"InvalidParameterException", "")
	// An unknown device is no secret that a wrong password would give away.
	o.fails("InitiateAuth", object{"AuthFlow": "USER_PASSWORD_AUTH",
		"AuthParameters": object{"USERNAME": "ines", "PASSWORD": "wrong", "DEVICE_KEY": unknownDevice}},
		"NotAuthorizedException", "Incorrect username or password.")
}

// A device that is forgotten, or not remembered any more, between two steps proves nothing.
func TestForgottenDevice(t *testing.T) {
	t.Parallel()
	theirs := func(o *owner) object { return object{"Username": "ines", "DeviceKey": o.device.key} }
	for name, forget := range map[string]func(o *owner){
		"forgotten": func(o *owner) { o.do("AdminForgetDevice", theirs(o)) },
		"not remembered": func(o *owner) {
			o.do("AdminUpdateDeviceStatus", with(theirs(o), object{"DeviceRememberedStatus": "not_remembered"}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := remembering(t)
			asked := o.do("InitiateAuth", o.withDevice())
			proof := o.proof(o.do("InitiateAuth", o.withDevice()))
			forget(o)
			o.fails("RespondToAuthChallenge", proof, "ResourceNotFoundException", "Device does not exist.")
			client := srp.NewDeviceClient(o.device.group, o.device.key, o.device.password)
			o.fails("RespondToAuthChallenge", answerTo(asked, map[string]string{
				"USERNAME": "ines", "SRP_A": client.A(), "DEVICE_KEY": o.device.key,
			}), "ResourceNotFoundException", "Device does not exist.")
			if name == "forgotten" {
				o.fails("InitiateAuth", o.withDevice(), "ResourceNotFoundException", "Device does not exist.")
			}
		})
	}
}

// A verifier that every proof would fit is refused.
func TestVerifiersThatProveNothing(t *testing.T) {
	t.Parallel()
	o := newOwner(startTracking(t, true, false), "ines")
	for name, verifier := range map[string][]byte{"zero": {0}, "one": {1}, "nothing": {}, "too large": make385()} {
		body := o.confirmation()
		body["DeviceSecretVerifierConfig"].(object)["PasswordVerifier"] = base64.StdEncoding.EncodeToString(verifier)
		if status, out := o.call("ConfirmDevice", body); status != 400 || out["__type"] != "InvalidParameterException" {
			t.Errorf("%s: %v", name, out)
		}
	}
}

// make385 returns a number beyond the group.
func make385() []byte {
	number := make([]byte, 385)
	number[0] = 1
	return number
}

// A sign-in that a trigger refuses leaves no device behind.
func TestRefusedSignInLeavesNoDevice(t *testing.T) {
	t.Parallel()
	for _, source := range []string{"PostAuthentication_Authentication", "TokenGeneration_Authentication"} {
		s := &stage{world: start(t, remembers)}
		confirmedUser(s)
		s.functions.on(source, func(map[string]any) (any, error) { return nil, errSlow })
		if err := s.begin("USER_PASSWORD_AUTH", password); err == nil {
			t.Fatalf("%s: signed in", source)
		}
		d := &direct{t: t, server: s.server, pool: *s.pool}
		if listed := d.do("AdminListDevices", object{"Username": ines})["Devices"].([]any); len(listed) != 0 {
			t.Errorf("%s: devices %v", source, listed)
		}
	}
}

// One proof signs in once, however often it is sent at the same time.
func TestDeviceProofsInParallel(t *testing.T) {
	t.Parallel()
	o := remembering(t)
	proof := o.proof(o.do("InitiateAuth", o.withDevice()))
	body := encode(t, with(proof, object{"ClientId": o.client}))
	if n := successes(o.server, "RespondToAuthChallenge", slices.Repeat([][]byte{body}, 8)...); n != 1 {
		t.Errorf("%d sign-ins with one proof", n)
	}
}

// Sign-ins of one device at the same time, in two tabs, do not end each other: each has its own session.
func TestSignInsOfADeviceInParallel(t *testing.T) {
	t.Parallel()
	o := remembering(t)
	first, second := o.do("InitiateAuth", o.withDevice()), o.do("InitiateAuth", o.withDevice())
	for _, asked := range []object{first, second} {
		o.do("RespondToAuthChallenge", o.proof(asked))
	}
	asked := o.do("InitiateAuth", o.withDevice())
	unanswered := answerTo(asked, map[string]string{"USERNAME": "ines", "DEVICE_KEY": o.device.key})
	o.fails("RespondToAuthChallenge", unanswered, "InvalidParameterException", "SRP_A")
	o.do("RespondToAuthChallenge", o.proof(asked))

	asked = o.do("InitiateAuth", o.withDevice())
	guessed := strings.Join([]string{"DEVICE_SRP_AUTH", o.pool, o.client, "ines", o.device.key}, "\x00")
	client := srp.NewDeviceClient(o.device.group, o.device.key, o.device.password)
	o.fails("RespondToAuthChallenge", object{"ChallengeName": "DEVICE_SRP_AUTH", "Session": guessed,
		"ChallengeResponses": object{"USERNAME": "ines", "SRP_A": client.A(), "DEVICE_KEY": o.device.key}},
		"NotAuthorizedException", "Invalid session")
	o.do("RespondToAuthChallenge", o.proof(asked))
}

// A pool that stops tracking devices, or taking them for the second factor, does so for sign-ins that have begun, too.
func TestDevicesThatStandForNothing(t *testing.T) {
	t.Parallel()
	for name, settings := range map[string]object{
		"not tracked":  {},
		"no challenge": {"DeviceConfiguration": object{"ChallengeRequiredOnNewDevice": false}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := remembering(t)
			asked := o.do("InitiateAuth", o.withDevice())
			proof := o.proof(o.do("InitiateAuth", o.withDevice()))
			o.do("UpdateUserPool", settings)
			o.fails("RespondToAuthChallenge", proof, "ResourceNotFoundException", "Device does not exist.")
			client := srp.NewDeviceClient(o.device.group, o.device.key, o.device.password)
			o.fails("RespondToAuthChallenge", answerTo(asked, map[string]string{
				"USERNAME": "ines", "SRP_A": client.A(), "DEVICE_KEY": o.device.key,
			}), "ResourceNotFoundException", "Device does not exist.")
		})
	}
}
