package userpool

import (
	"encoding/base64"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/userpool/srp"
)

// device is a device of Ines with its secret.
type device struct{ key, group, password string }

// The forms of pools that track devices.
var (
	remembers = setup{pool: tracking(false), client: withUserAuth}
	optIn     = setup{pool: tracking(true)}
)

func tracking(prompt bool) func(*cip.CreateUserPoolInput) {
	return func(in *cip.CreateUserPoolInput) {
		in.DeviceConfiguration = &types.DeviceConfigurationType{
			ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: prompt,
		}
	}
}

func withUserAuth(in *cip.CreateUserPoolClientInput) {
	in.ExplicitAuthFlows = append(in.ExplicitAuthFlows[:len(in.ExplicitAuthFlows):len(in.ExplicitAuthFlows)],
		types.ExplicitAuthFlowsTypeAllowUserAuth)
}

// confirmDevice confirms the device of the last sign-in.
func (s *stage) confirmDevice() error {
	made := s.tokens.NewDeviceMetadata
	s.device = device{key: *made.DeviceKey, group: *made.DeviceGroupKey, password: "device secret"}
	salt, verifier := srp.RegisterDevice(s.device.group, s.device.key, s.device.password)
	_, err := s.ConfirmDevice(s.t.Context(), &cip.ConfirmDeviceInput{
		AccessToken: s.tokens.AccessToken, DeviceKey: made.DeviceKey, DeviceName: aws.String("phone"),
		DeviceSecretVerifierConfig: &types.DeviceSecretVerifierConfigType{
			PasswordVerifier: aws.String(base64.StdEncoding.EncodeToString(verifier)),
			Salt:             aws.String(base64.StdEncoding.EncodeToString(salt)),
		},
	})
	return err
}

// rememberedDevice signs Ines in and confirms her device.
func rememberedDevice(s *stage) {
	signedInUser(s)
	s.must(s.confirmDevice())
}

// withDevice begins a sign-in that names the device.
func (s *stage) withDevice(flow types.AuthFlowType, parameters map[string]string) error {
	parameters["USERNAME"], parameters["DEVICE_KEY"] = ines, s.device.key
	return s.beginWith(flow, parameters)
}

// deviceSRP answers DEVICE_SRP_AUTH and returns the answer to DEVICE_PASSWORD_VERIFIER.
func (s *stage) deviceSRP() func() error {
	client := srp.NewDeviceClient(s.device.group, s.device.key, s.device.password)
	s.must(s.respond(map[string]string{"SRP_A": client.A(), "DEVICE_KEY": s.device.key}))
	return func() error {
		responses, err := client.Respond(s.asked, s.clock.Now())
		s.must(err)
		return s.respond(responses)
	}
}

// provesDevice is a sign-in up to the answer to DEVICE_PASSWORD_VERIFIER.
func provesDevice(s *stage) {
	rememberedDevice(s)
	s.must(s.withDevice("USER_PASSWORD_AUTH", map[string]string{"PASSWORD": password}))
}

var (
	newDeviceEvents = []wanted{passwordEvents[0],
		{source: "PostAuthentication_Authentication", request: `{$USER,"newDeviceUsed":true}`}, passwordEvents[2]}
	deviceEvents = []wanted{signInEvents[0],
		{source: "TokenGeneration_AuthenticateDevice", request: `{$USER,$GROUPS,$METADATA}`}}
)

// Source of the order: developer guide, the table of the triggers' sources and "Working with user devices".
var deviceRows = []row{
	{operation: "USER_PASSWORD_AUTH, new device", setup: remembers, given: confirmedUser,
		do: func(s *stage) error { return s.begin("USER_PASSWORD_AUTH", password) }, want: newDeviceEvents},
	{operation: "ConfirmDevice", setup: remembers, given: signedInUser, do: (*stage).confirmDevice},
	{operation: "USER_PASSWORD_AUTH, device that is not remembered", setup: optIn, given: rememberedDevice,
		do: func(s *stage) error {
			return s.withDevice("USER_PASSWORD_AUTH", map[string]string{"PASSWORD": password})
		}, want: passwordEvents},
	{operation: "USER_PASSWORD_AUTH, unknown device", setup: remembers, given: signedInUser,
		fails: "ResourceNotFoundException", do: func(s *stage) error {
			s.device.key = "eu-west-1_00000000-0000-4000-8000-000000000000"
			return s.withDevice("USER_PASSWORD_AUTH", map[string]string{"PASSWORD": password})
		}, want: passwordEvents[:1]},
	{operation: "USER_PASSWORD_AUTH, remembered device", setup: remembers, given: rememberedDevice,
		do: func(s *stage) error {
			return s.withDevice("USER_PASSWORD_AUTH", map[string]string{"PASSWORD": password})
		}, want: passwordEvents[:1]},
	{operation: "USER_AUTH, remembered device", setup: remembers, given: rememberedDevice, do: func(s *stage) error {
		return s.withDevice("USER_AUTH", map[string]string{"PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": password})
	}, want: passwordEvents[:1]},
	{operation: "PASSWORD_VERIFIER, remembered device", setup: remembers, given: rememberedDevice,
		do: func(s *stage) error {
			return s.beginSRP("USER_SRP_AUTH", map[string]string{"DEVICE_KEY": s.device.key})()
		}, want: passwordEvents[:1]},
	{operation: "DEVICE_SRP_AUTH", setup: remembers, given: provesDevice,
		do: func(s *stage) error { s.deviceSRP(); return nil }},
	{operation: "DEVICE_PASSWORD_VERIFIER", setup: remembers, given: provesDevice,
		do: func(s *stage) error { return s.deviceSRP()() }, want: deviceEvents},
	{operation: "DEVICE_PASSWORD_VERIFIER, wrong proof", setup: remembers, given: provesDevice,
		fails: "NotAuthorizedException", do: func(s *stage) error {
			s.device.password = "another secret"
			return s.deviceSRP()()
		}},
	{operation: "CUSTOM_AUTH, remembered device", setup: remembers, given: func(s *stage) {
		rememberedDevice(s)
		riddle(s.world)
		s.must(s.withDevice("CUSTOM_AUTH", map[string]string{}))
		s.must(s.respond(map[string]string{"ANSWER": "42"}))
	}, do: func(s *stage) error { return s.deviceSRP()() }, want: deviceEvents},
	{operation: "NEW_PASSWORD_REQUIRED, new device", setup: remembers, given: func(s *stage) {
		s.must(s.createUser("SUPPRESS"))
		s.must(s.begin("USER_PASSWORD_AUTH", password))
	}, do: func(s *stage) error { return s.respond(map[string]string{"NEW_PASSWORD": newPassword}) }, want: []wanted{
		{source: "PostAuthentication_Authentication", request: `{$USER,"newDeviceUsed":true,$METADATA}`},
		{source: "TokenGeneration_NewPasswordChallenge", request: `{$USER,$GROUPS,$METADATA}`},
	}},
	{operation: "REFRESH_TOKEN_AUTH with a device", setup: remembers, given: rememberedDevice, do: func(s *stage) error {
		return s.beginWith("REFRESH_TOKEN_AUTH",
			map[string]string{"REFRESH_TOKEN": *s.tokens.RefreshToken, "DEVICE_KEY": s.device.key})
	}, want: []wanted{{source: "TokenGeneration_RefreshTokens", request: `{$USER,$GROUPS}`}}},
	{operation: "ForgetDevice", setup: remembers, given: rememberedDevice, do: func(s *stage) error {
		_, err := s.ForgetDevice(s.t.Context(),
			&cip.ForgetDeviceInput{AccessToken: s.tokens.AccessToken, DeviceKey: &s.device.key})
		return err
	}},
}

// deviceFlows are the sign-ins with devices. A remembered device fires nothing until it has proved itself.
func deviceFlows() map[string]flowCase {
	const firesDevice = "TokenGeneration_AuthenticateDevice"
	named := func(flow string, pairs ...string) func(*stage) error {
		return func(s *stage) error { return s.withDevice(types.AuthFlowType(flow), pairsOf(pairs)) }
	}
	proof := func(s *stage) error { return s.deviceSRP()() }
	signInWithSRP := func(s *stage) error {
		client := srp.NewClient(*s.pool, ines, password)
		if err := s.withDevice("USER_SRP_AUTH", client.AuthParameters()); err != nil {
			return err
		}
		responses, err := client.Respond(s.asked, s.clock.Now())
		s.must(err)
		return s.respond(responses)
	}
	const define, create, verify = "DefineAuthChallenge_Authentication", "CreateAuthChallenge_Authentication",
		"VerifyAuthChallengeResponse_Authentication"
	return map[string]flowCase{
		"new device": {setup: remembers, given: confirmedUser,
			steps:  []func(*stage) error{initiate("USER_PASSWORD_AUTH", "PASSWORD", password), (*stage).confirmDevice},
			events: []string{firesPre, firesPost, firesTokens}},
		"device that is not remembered": {setup: optIn, given: rememberedDevice,
			steps:  []func(*stage) error{named("USER_PASSWORD_AUTH", "PASSWORD", password)},
			events: []string{firesPre, firesPost, firesTokens}},
		"USER_PASSWORD_AUTH, remembered device": {setup: remembers, given: rememberedDevice,
			steps:  []func(*stage) error{named("USER_PASSWORD_AUTH", "PASSWORD", password), proof},
			events: []string{firesPre, firesPost, firesDevice}},
		"ADMIN_USER_PASSWORD_AUTH, remembered device": {setup: remembers, given: rememberedDevice,
			steps:  []func(*stage) error{named("ADMIN_USER_PASSWORD_AUTH", "PASSWORD", password), proof},
			events: []string{firesPre, firesPost, firesDevice}},
		"USER_SRP_AUTH, remembered device": {setup: remembers, given: rememberedDevice,
			steps: []func(*stage) error{signInWithSRP, proof}, events: []string{firesPre, firesPost, firesDevice}},
		"USER_AUTH, PASSWORD and a remembered device": {setup: remembers, given: rememberedDevice,
			steps: []func(*stage) error{
				named("USER_AUTH", "PREFERRED_CHALLENGE", "PASSWORD", "PASSWORD", password), proof,
			}, events: []string{firesPre, firesPost, firesDevice}},
		"CUSTOM_AUTH, remembered device": {setup: remembers, given: func(s *stage) { rememberedDevice(s); riddle(s.world) },
			steps:  []func(*stage) error{named("CUSTOM_AUTH"), answering("CUSTOM_CHALLENGE", "ANSWER", "42"), proof},
			events: []string{firesPre, define, create, verify, define, firesPost, firesDevice}},
	}
}
