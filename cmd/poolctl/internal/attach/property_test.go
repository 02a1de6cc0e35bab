package attach

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// notDrawn are the members of CreateUserPoolInput that randomPool leaves out, and why.
var notDrawn = map[string]string{
	"IssuerConfiguration": "the local pool has one issuer",
	"KeyConfiguration":    "the local pool has no keys of KMS",
}

// Random settings survive attach and detach byte for byte; in between, only LambdaConfig differs.
func TestRandomSettingsSurvive(t *testing.T) {
	const pools = 150
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	w := start(t)
	drawn := map[string]bool{}
	for range pools {
		in := randomPool(r)
		for field, value := range reflect.ValueOf(*in).Fields() {
			if field.IsExported() && !value.IsZero() {
				drawn[field.Name] = true
			}
		}
		poolID := w.create(func(out *cip.CreateUserPoolInput) { *out = *in })
		before := w.bytesOf(poolID)
		w.attach(poolID, triggers()...)
		between := w.bytesOf(poolID)
		if before == between {
			t.Fatalf("attach changed nothing in %s", before)
		}
		if differ := outsideLambdaConfig(t, before, between); len(differ) > 0 {
			t.Fatalf("attach changed %v\nbefore %s\nafter  %s", differ, before, between)
		}
		w.detach(poolID)
		if after := w.bytesOf(poolID); after != before {
			t.Fatalf("attach and detach changed the pool\nbefore %s\nafter  %s", before, after)
		}
	}
	for field := range reflect.TypeFor[cip.CreateUserPoolInput]().Fields() {
		if _, left := notDrawn[field.Name]; field.IsExported() && !drawn[field.Name] && !left {
			t.Errorf("no pool had %s", field.Name)
		}
	}
}

// outsideLambdaConfig lists the members other than LambdaConfig whose bytes differ between two described pools.
func outsideLambdaConfig(t *testing.T, before, after string) []string {
	t.Helper()
	var a, b struct{ UserPool document }
	if err := json.Unmarshal([]byte(before), &a); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(after), &b); err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(members(a.UserPool, b.UserPool), func(name string) bool {
		return name == lambdaConfig || string(a.UserPool[name]) == string(b.UserPool[name])
	})
}

// draw is a source of random settings.
type draw struct{ *rand.Rand }

func (d draw) yes() bool { return d.IntN(2) == 0 }

func (d draw) text(kind string) *string {
	letters := []rune("abc XYZ 019 <&>\"'\\ éßñ 가나 😀 {####}")
	out := []rune(kind + " ")
	for range d.IntN(20) {
		out = append(out, letters[d.IntN(len(letters))])
	}
	return aws.String(string(out))
}

// perhaps returns the value half of the time, and nil otherwise.
func perhaps[T any](d draw, value T) T {
	var none T
	if d.yes() {
		return value
	}
	return none
}

func some[T any](d draw, all ...T) []T {
	return slices.DeleteFunc(slices.Clone(all), func(T) bool { return d.yes() })
}

func one[T any](d draw, all ...T) T { return all[d.IntN(len(all))] }

// randomPool draws every member of CreateUserPoolInput that the local pool knows. It leaves the hooks that the test
// attaches empty, and sends mail through SES, which custom-message needs.
func randomPool(r *rand.Rand) *cip.CreateUserPoolInput {
	d := draw{Rand: r}
	in := &cip.CreateUserPoolInput{
		PoolName:               d.text("people"),
		AutoVerifiedAttributes: some(d, types.VerifiedAttributeTypeEmail, types.VerifiedAttributeTypePhoneNumber),
		DeletionProtection:     one(d, "", types.DeletionProtectionTypeActive, types.DeletionProtectionTypeInactive),
		MfaConfiguration: one(d, "", types.UserPoolMfaTypeOff, types.UserPoolMfaTypeOn,
			types.UserPoolMfaTypeOptional),
		UserPoolTier:             one(d, "", types.UserPoolTierTypeEssentials, types.UserPoolTierTypePlus),
		SmsAuthenticationMessage: perhaps(d, d.text("{####}")),
		SmsVerificationMessage:   perhaps(d, d.text("{####}")),
		EmailVerificationMessage: perhaps(d, d.text("{####}")),
		EmailVerificationSubject: perhaps(d, d.text("subject")),
		UsernameConfiguration:    perhaps(d, &types.UsernameConfigurationType{CaseSensitive: aws.Bool(d.yes())}),
		DeviceConfiguration: perhaps(d, &types.DeviceConfigurationType{
			ChallengeRequiredOnNewDevice:     d.yes(),
			DeviceOnlyRememberedOnUserPrompt: d.yes(),
		}),
		UserAttributeUpdateSettings: perhaps(d, &types.UserAttributeUpdateSettingsType{
			AttributesRequireVerificationBeforeUpdate: some(d, types.VerifiedAttributeTypeEmail),
		}),
		Policies:              perhaps(d, d.policies()),
		AdminCreateUserConfig: perhaps(d, d.admin()),
		EmailConfiguration: &types.EmailConfigurationType{
			EmailSendingAccount: types.EmailSendingAccountTypeDeveloper,
			SourceArn:           aws.String("arn:aws:ses:eu-west-1:000000000000:identity/example.org"),
			From:                perhaps(d, d.text("People <a@example.org>")),
			ReplyToEmailAddress: perhaps(d, aws.String("b@example.org")),
			ConfigurationSet:    perhaps(d, aws.String("set")),
		},
		SmsConfiguration: perhaps(d, &types.SmsConfigurationType{
			SnsCallerArn: aws.String("arn:aws:iam::000000000000:role/sms"),
			ExternalId:   perhaps(d, d.text("id")),
			SnsRegion:    perhaps(d, aws.String("eu-west-1")),
		}),
		VerificationMessageTemplate: perhaps(d, &types.VerificationMessageTemplateType{
			DefaultEmailOption: one(d, types.DefaultEmailOptionTypeConfirmWithCode, types.DefaultEmailOptionTypeConfirmWithLink),
			EmailMessage:       perhaps(d, d.text("{####}")), EmailSubject: perhaps(d, d.text("subject")),
			EmailMessageByLink: perhaps(d, d.text("{##x##}")),
			EmailSubjectByLink: perhaps(d, d.text("subject")), SmsMessage: perhaps(d, d.text("{####}")),
		}),
		UserPoolAddOns: perhaps(d, &types.UserPoolAddOnsType{
			AdvancedSecurityMode: one(d, types.AdvancedSecurityModeTypeOff, types.AdvancedSecurityModeTypeAudit,
				types.AdvancedSecurityModeTypeEnforced),
			AdvancedSecurityAdditionalFlows: perhaps(d, &types.AdvancedSecurityAdditionalFlowsType{
				CustomAuthMode: types.AdvancedSecurityEnabledModeTypeAudit,
			}),
		}),
		AccountRecoverySetting: perhaps(d, &types.AccountRecoverySettingType{RecoveryMechanisms: []types.RecoveryOptionType{
			{Name: types.RecoveryOptionNameTypeVerifiedEmail, Priority: aws.Int32(1)},
			{Name: types.RecoveryOptionNameTypeVerifiedPhoneNumber, Priority: aws.Int32(2)},
		}}),
		Schema: []types.SchemaAttributeType{
			{
				Name:                       aws.String("tenant"),
				AttributeDataType:          types.AttributeDataTypeString,
				Mutable:                    aws.Bool(d.yes()),
				StringAttributeConstraints: &types.StringAttributeConstraintsType{MaxLength: aws.String("64")},
			},
		},
		LambdaConfig: d.otherTriggers(),
	}
	for range d.IntN(4) {
		if in.UserPoolTags == nil {
			in.UserPoolTags = map[string]string{}
		}
		in.UserPoolTags[*d.text("tag")] = *d.text("value")
	}
	if d.yes() {
		in.UsernameAttributes = some(d, types.UsernameAttributeTypeEmail, types.UsernameAttributeTypePhoneNumber)
	} else {
		in.AliasAttributes = some(d, types.AliasAttributeTypeEmail, types.AliasAttributeTypePreferredUsername)
	}
	return consistent(in)
}

// consistent changes settings that Cognito refuses together.
func consistent(in *cip.CreateUserPoolInput) *cip.CreateUserPoolInput {
	needsSMS := slices.Contains(in.AutoVerifiedAttributes, types.VerifiedAttributeTypePhoneNumber) ||
		in.MfaConfiguration == types.UserPoolMfaTypeOn || in.MfaConfiguration == types.UserPoolMfaTypeOptional
	if needsSMS && in.SmsConfiguration == nil {
		in.SmsConfiguration = &types.SmsConfigurationType{SnsCallerArn: aws.String("arn:aws:iam::000000000000:role/sms")}
	}
	if !slices.Contains(in.AutoVerifiedAttributes, types.VerifiedAttributeTypeEmail) {
		in.UserAttributeUpdateSettings = nil
	}
	if in.MfaConfiguration == types.UserPoolMfaTypeOn && in.Policies != nil {
		in.Policies.SignInPolicy = nil
	}
	return in
}

func (d draw) policies() *types.UserPoolPolicyType {
	return &types.UserPoolPolicyType{
		PasswordPolicy: perhaps(d, &types.PasswordPolicyType{
			MinimumLength: aws.Int32(6 + d.Int32N(94)), RequireLowercase: d.yes(), RequireUppercase: d.yes(),
			RequireNumbers: d.yes(), RequireSymbols: d.yes(),
			TemporaryPasswordValidityDays: d.Int32N(366), PasswordHistorySize: perhaps(d, aws.Int32(1+d.Int32N(24))),
		}),
		SignInPolicy: perhaps(d, &types.SignInPolicyType{
			AllowedFirstAuthFactors: []types.AuthFactorType{types.AuthFactorTypePassword,
				one(d, types.AuthFactorTypeEmailOtp, types.AuthFactorTypeWebAuthn)},
		}),
	}
}

func (d draw) admin() *types.AdminCreateUserConfigType {
	return &types.AdminCreateUserConfigType{
		AllowAdminCreateUserOnly: d.yes(),
		InviteMessageTemplate: perhaps(d, &types.MessageTemplateType{
			EmailMessage: perhaps(d, d.text("{username} {####}")), EmailSubject: perhaps(d, d.text("subject")),
			SMSMessage: perhaps(d, d.text("{username} {####}")),
		}),
	}
}

func (d draw) otherTriggers() *types.LambdaConfigType {
	other := aws.String(otherARN)
	return &types.LambdaConfigType{
		PreAuthentication: perhaps(d, other), PostAuthentication: perhaps(d, other), UserMigration: perhaps(d, other),
		DefineAuthChallenge: perhaps(d, other), CreateAuthChallenge: perhaps(d, other),
		VerifyAuthChallengeResponse: perhaps(d, other),
	}
}
