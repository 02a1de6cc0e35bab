package poolspec

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// identity says how users sign in, what of them is verified, and what Cognito writes to them.
type identity struct {
	SignIn             SignIn   `json:"sign_in"`
	RequiredAttributes []string `json:"required_attributes"`
	AutoVerified       []string `json:"auto_verified_attributes"`
	Verification       string   `json:"verification"` // code or link
	// nil: as AutoVerified
	VerifiedBeforeUpdate []string  `json:"attributes_require_verification_before_update"`
	AccountRecovery      []string  `json:"account_recovery"`           // the preferred way first
	MFAFactors           []string  `json:"mfa_factors"`                // TOTP, SMS, EMAIL
	FirstFactors         []string  `json:"allowed_first_auth_factors"` // nil: as Cognito has it
	Passkeys             *Passkeys `json:"passkeys"`
	SMS                  *SMS      `json:"sms_configuration"` // nil: the pool sends no SMS
	Devices              *Devices  `json:"device_configuration"`
	Messages             Messages  `json:"messages"`
}

// SignIn says what users sign in with: attributes in place of a user name, or besides one.
type SignIn struct {
	UsernameAttributes []string `json:"username_attributes"` // nil: the e-mail address, unless there are aliases
	AliasAttributes    []string `json:"alias_attributes"`
	CaseSensitive      bool     `json:"case_sensitive"`
}

// Passkeys are the settings of passkeys.
type Passkeys struct {
	RelyingPartyID   string `json:"relying_party_id"`
	UserVerification string `json:"user_verification"` // required or preferred
}

// SMS is what the pool sends SMS with.
type SMS struct {
	CallerARN  string `json:"sns_caller_arn"`
	ExternalID string `json:"external_id"`
	Region     string `json:"sns_region"`
}

// Devices says which devices Cognito remembers.
type Devices struct {
	ChallengeRequired bool `json:"challenge_required_on_new_device"`
	OnlyOnPrompt      bool `json:"device_only_remembered_on_user_prompt"`
}

// Messages are the texts that Cognito itself sends. An empty one is Cognito's own.
type Messages struct {
	Verification struct {
		Text
		SubjectByLink string `json:"email_subject_by_link"`
		MessageByLink string `json:"email_message_by_link"`
	} `json:"verification"`
	Invitation *Text `json:"invitation"`
	MFA        Text  `json:"mfa"`
}

// Text is a message by e-mail and by SMS.
type Text struct {
	Subject string `json:"email_subject"`
	Message string `json:"email_message"`
	SMS     string `json:"sms_message"`
}

// defaultIdentity makes new lists each time, since decoding writes into those that it finds.
func defaultIdentity() identity {
	return identity{
		AutoVerified: []string{"email"}, Verification: "code", AccountRecovery: []string{"verified_email"},
		MFAFactors: []string{"TOTP"},
	}
}

// UnmarshalJSON decodes over Terraform's defaults.
func (p *Passkeys) UnmarshalJSON(text []byte) error {
	type plain Passkeys
	*p = Passkeys{UserVerification: "preferred"}
	return within("passkeys", lay(text, (*plain)(p)))
}

// UnmarshalJSON decodes over Terraform's defaults.
func (d *Devices) UnmarshalJSON(text []byte) error {
	type plain Devices
	*d = Devices{ChallengeRequired: true, OnlyOnPrompt: true}
	return within("device_configuration", lay(text, (*plain)(d)))
}

// filled returns the settings with Terraform's defaults in place of null.
func (i identity) filled() identity {
	usual := defaultIdentity()
	for into, list := range map[*[]string][]string{
		&i.AutoVerified: usual.AutoVerified, &i.AccountRecovery: usual.AccountRecovery,
		&i.MFAFactors: usual.MFAFactors,
	} {
		if *into == nil {
			*into = list
		}
	}
	if i.Verification == "" {
		i.Verification = usual.Verification
	}
	if i.SignIn.UsernameAttributes == nil && len(i.SignIn.AliasAttributes) == 0 {
		i.SignIn.UsernameAttributes = []string{"email"}
	}
	if i.VerifiedBeforeUpdate == nil {
		i.VerifiedBeforeUpdate = i.AutoVerified
	}
	return i
}

func (i identity) check() error {
	for _, list := range []struct {
		field   string
		given   []string
		allowed []string
	}{
		{"sign_in.username_attributes", i.SignIn.UsernameAttributes, []string{"email", "phone_number"}},
		{"sign_in.alias_attributes", i.SignIn.AliasAttributes, []string{"email", "phone_number", "preferred_username"}},
		{"verification", []string{i.Verification}, []string{"code", "link"}},
		{"mfa_factors", i.MFAFactors, []string{"TOTP", "SMS", "EMAIL"}},
	} {
		for _, value := range list.given {
			if err := oneOf(list.field, value, list.allowed...); err != nil {
				return err
			}
		}
	}
	return nil
}

func (i identity) recovery() *types.AccountRecoverySettingType {
	if len(i.AccountRecovery) == 0 {
		return nil
	}
	out := &types.AccountRecoverySettingType{}
	for n, name := range i.AccountRecovery {
		out.RecoveryMechanisms = append(out.RecoveryMechanisms, types.RecoveryOptionType{
			Name: types.RecoveryOptionNameType(name), Priority: aws.Int32(int32(n + 1)),
		})
	}
	return out
}

func (i identity) signInPolicy() *types.SignInPolicyType {
	if i.FirstFactors == nil {
		return nil
	}
	return &types.SignInPolicyType{AllowedFirstAuthFactors: as[types.AuthFactorType](i.FirstFactors)}
}

func (i identity) sms() *types.SmsConfigurationType {
	if i.SMS == nil {
		return nil
	}
	return &types.SmsConfigurationType{
		SnsCallerArn: &i.SMS.CallerARN, ExternalId: &i.SMS.ExternalID, SnsRegion: given(i.SMS.Region),
	}
}

func (i identity) devices() *types.DeviceConfigurationType {
	if i.Devices == nil {
		return nil
	}
	return &types.DeviceConfigurationType{
		ChallengeRequiredOnNewDevice:     i.Devices.ChallengeRequired,
		DeviceOnlyRememberedOnUserPrompt: i.Devices.OnlyOnPrompt,
	}
}

func (i identity) verification() *types.VerificationMessageTemplateType {
	option := types.DefaultEmailOptionTypeConfirmWithCode
	if i.Verification == "link" {
		option = types.DefaultEmailOptionTypeConfirmWithLink
	}
	v := i.Messages.Verification
	return &types.VerificationMessageTemplateType{
		DefaultEmailOption: option, EmailSubject: given(v.Subject), EmailMessage: given(v.Message),
		EmailSubjectByLink: given(v.SubjectByLink), EmailMessageByLink: given(v.MessageByLink), SmsMessage: given(v.SMS),
	}
}

func (i identity) invitation() *types.MessageTemplateType {
	text := i.Messages.Invitation
	if text == nil {
		return nil
	}
	return &types.MessageTemplateType{
		EmailSubject: given(text.Subject), EmailMessage: given(text.Message), SMSMessage: given(text.SMS),
	}
}

// hasFactor reports whether users can choose a second factor, while there is one at all.
func (i identity) hasFactor(name string) bool { return slices.Contains(i.MFAFactors, name) }

func given(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func as[T ~string](list []string) []T {
	out := make([]T, 0, len(list))
	for _, value := range list {
		out = append(out, T(value))
	}
	return out
}
