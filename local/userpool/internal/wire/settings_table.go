package wire

import "cognito-triggers/shared/cognito"

// rowsOf returns rows with the same support.
func rowsOf(of string, support Support, note string, names ...string) []Setting {
	var rows []Setting
	for _, name := range names {
		rows = append(rows, Setting{Of: of, Name: name, Support: support, Note: note})
	}
	return rows
}

func table(parts ...[]Setting) []Setting {
	var all []Setting
	for _, part := range parts {
		all = append(all, part...)
	}
	return all
}

const (
	noStepUp           = "the local pool has no step-up authentication"
	noRegistration     = "the local pool registers no clients by itself"
	noSMS              = "SMS messages go to the inbox"
	noThreatProtection = "the local pool has no threat protection"
)

func poolSettings() []Setting {
	const of = "user pool"
	return table(
		rowsOf(of, Enforced, "",
			"UserPoolId", "PoolName", "AliasAttributes", "AutoVerifiedAttributes", "UsernameAttributes",
			"UsernameConfiguration.CaseSensitive",
			"MfaConfiguration", "DeletionProtection", "UserPoolTags",
			"DeviceConfiguration.ChallengeRequiredOnNewDevice", "DeviceConfiguration.DeviceOnlyRememberedOnUserPrompt",
			"AccountRecoverySetting.RecoveryMechanisms.Name", "AccountRecoverySetting.RecoveryMechanisms.Priority",
			"AdminCreateUserConfig.AllowAdminCreateUserOnly", "AdminCreateUserConfig.InviteMessageTemplate.EmailMessage",
			"AdminCreateUserConfig.InviteMessageTemplate.EmailSubject", "AdminCreateUserConfig.InviteMessageTemplate.SMSMessage",
			"EmailVerificationMessage", "EmailVerificationSubject", "SmsVerificationMessage",
			"Policies.PasswordPolicy.MinimumLength", "Policies.PasswordPolicy.PasswordHistorySize",
			"Policies.PasswordPolicy.RequireLowercase",
			"Policies.PasswordPolicy.RequireNumbers", "Policies.PasswordPolicy.RequireSymbols",
			"Policies.PasswordPolicy.RequireUppercase",
			"Policies.PasswordPolicy.TemporaryPasswordValidityDays", "Policies.SignInPolicy.AllowedFirstAuthFactors",
			"UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate",
			"VerificationMessageTemplate.DefaultEmailOption", "VerificationMessageTemplate.EmailMessage",
			"VerificationMessageTemplate.EmailMessageByLink",
			"VerificationMessageTemplate.EmailSubject", "VerificationMessageTemplate.EmailSubjectByLink",
			"VerificationMessageTemplate.SmsMessage",
		),
		schemaRows(of, "Schema"),
		[]Setting{
			{Of: of, Name: "EmailConfiguration.EmailSendingAccount", Support: Enforced,
				Note: "with COGNITO_DEFAULT, the custom message trigger must not set e-mail members; " +
					"mail always goes to the inbox"},
			{Of: of, Name: "AdminCreateUserConfig.UnusedAccountValidityDays", Support: Stored,
				Note: "AWS replaced it with Policies.PasswordPolicy.TemporaryPasswordValidityDays", quiet: []string{"7"}},
			{Of: of, Name: "IssuerConfiguration.Type", Support: Enforced,
				Note: "with `--issuer aws`; the local issuer has one form"},
			{Of: of, Name: "AcrConfiguration", Support: Enforced, Note: "names the levels in tokens of managed login"},
			{Of: of, Name: "DcrConfiguration", Support: Stored, Note: noRegistration},
			{Of: of, Name: "KeyConfiguration", Support: Stored,
				Note: "the local pool does not encrypt with KMS keys", quiet: []string{`{"KeyType":"AWS_OWNED_KEY"}`}},
			{Of: of, Name: "UserPoolAddOns", Support: Stored,
				Note: noThreatProtection, quiet: []string{`{"AdvancedSecurityMode":"OFF"}`}},
			{Of: of, Name: "UserPoolTier", Support: Stored,
				Note:  "all plans have the same features in the local pool; with LITE, settings that AWS refuses are refused",
				quiet: []string{`"ESSENTIALS"`}},
		},
		rowsOf(of, Stored, "mail goes to the inbox",
			"EmailConfiguration.ConfigurationSet", "EmailConfiguration.From", "EmailConfiguration.ReplyToEmailAddress",
			"EmailConfiguration.SourceArn"),
		rowsOf(of, Stored, noSMS, "SmsConfiguration"),
		rowsOf(of, Enforced, noSMS, "SmsAuthenticationMessage"),
		rowsOf("custom attribute", Enforced, "", "UserPoolId"),
		schemaRows("custom attribute", "CustomAttributes"),
	)
}

// schemaRows returns the rows for the members of an attribute's definition.
func schemaRows(of, list string) []Setting {
	return rowsOf(of, Enforced, "",
		list+".Name", list+".AttributeDataType", list+".DeveloperOnlyAttribute", list+".Mutable", list+".Required",
		list+".NumberAttributeConstraints.MinValue", list+".NumberAttributeConstraints.MaxValue",
		list+".StringAttributeConstraints.MinLength", list+".StringAttributeConstraints.MaxLength")
}

func lambdaSettings() []Setting {
	const of, l = "user pool", "LambdaConfig."
	var fired, senders, federation []string
	for _, hook := range cognito.Hooks() {
		c := hook.Contract()
		into := &fired
		switch {
		case c.NeedsKey:
			into = &senders
		case hook == cognito.InboundFederation:
			into = &federation
		}
		if c.PlainMember != "" {
			*into = append(*into, l+c.PlainMember)
		}
		if !c.Versioned {
			*into = append(*into, l+c.Member)
			continue
		}
		*into = append(*into, l+c.Member+".LambdaArn", l+c.Member+".LambdaVersion")
	}
	return table(
		rowsOf(of, Enforced, "", fired...),
		rowsOf(of, Enforced, "fired in place of custom message and the inbox", senders...),
		rowsOf(of, Enforced, "encrypts the codes for custom senders", l+cognito.KeyMember),
		rowsOf(of, Enforced, "", federation...),
	)
}

func clientSettings() []Setting {
	const of = "app client"
	return table(
		rowsOf(of, Enforced, "",
			"UserPoolId", "ClientId", "ClientName", "GenerateSecret", "ClientSecret", "AccessTokenValidity",
			"IdTokenValidity", "RefreshTokenValidity",
			"TokenValidityUnits.AccessToken", "TokenValidityUnits.IdToken", "TokenValidityUnits.RefreshToken",
			"AuthSessionValidity", "EnableTokenRevocation",
			"ExplicitAuthFlows", "PreventUserExistenceErrors", "ReadAttributes", "WriteAttributes",
			"RefreshTokenRotation.Feature", "RefreshTokenRotation.RetryGracePeriodSeconds",
			"AllowedOAuthFlows", "AllowedOAuthFlowsUserPoolClient", "AllowedOAuthScopes", "CallbackURLs",
			"DefaultRedirectURI", "LogoutURLs"),
		[]Setting{
			{Of: of, Name: "PublishSecretsInAWSSecretsManager", Support: Refused,
				Note: "the local pool has no Secrets Manager"},
			{Of: of, Name: "SupportedIdentityProviders", Support: Enforced},
			{Of: of, Name: "AnalyticsConfiguration", Support: Stored, Note: "the local pool sends no analytics"},
			{Of: of, Name: "EnablePropagateAdditionalUserContextData", Support: Stored, Note: noThreatProtection},
		},
	)
}

func mfaSettingsOfPool() []Setting {
	const of = "MFA configuration"
	return table(
		rowsOf(of, Enforced, "", "UserPoolId", "MfaConfiguration", "SoftwareTokenMfaConfiguration.Enabled"),
		rowsOf(of, Enforced, "mail goes to the inbox", "EmailMfaConfiguration.Message", "EmailMfaConfiguration.Subject"),
		rowsOf(of, Enforced, noSMS, "SmsMfaConfiguration.SmsAuthenticationMessage"),
		rowsOf(of, Stored, noSMS, "SmsMfaConfiguration.SmsConfiguration"),
		rowsOf(of, Enforced, "", "WebAuthnConfiguration.FactorConfiguration", "WebAuthnConfiguration.UserVerification"),
		rowsOf(of, Enforced, "`poolctl run --relying-party` overrides it", "WebAuthnConfiguration.RelyingPartyId"),
	)
}

func domainSettings() []Setting {
	const of = "domain"
	return table(
		rowsOf(of, Enforced, "belongs to one pool; `poolctl domains` lists its addresses on this machine", "Domain"),
		rowsOf(of, Enforced, "", "UserPoolId"),
		rowsOf(of, Enforced, "2 needs a branding style for each app client; the pages are the same", "ManagedLoginVersion"),
		rowsOf(of, Stored, "the addresses on this machine have certificates of their own", "CustomDomainConfig"),
		rowsOf(of, Stored, "the local pool has no replicas", "Routing"),
	)
}

func resourceSettings() []Setting {
	return table(
		rowsOf("group", Enforced, "", "UserPoolId", "GroupName", "Description", "Precedence", "RoleArn"),
		rowsOf("identity provider", Enforced, "", "UserPoolId", "ProviderName", "IdpIdentifiers", "ProviderType",
			"AttributeMapping"),
		rowsOf("identity provider", Enforced, "every address can be overridden, with http and any port too",
			"ProviderDetails"),
		rowsOf("identity provider", Stored, noStepUp, "AcrMapping"),
		rowsOf("resource server", Enforced, "", "UserPoolId", "Identifier", "Scopes"),
		rowsOf("resource server", Stored, "shown in the console alone, as on AWS", "Name"),
	)
}

// requestSettings returns the members of other operations' inputs that have no effect. All others are enforced.
func requestSettings() []Setting {
	const of = AnyRequest
	return table(
		rowsOf(of, Stored, "discarded, as on AWS; the local pool sends no analytics", "AnalyticsMetadata"),
		rowsOf(of, Stored, "discarded: "+noThreatProtection, "UserContextData", "ContextData"),
	)
}
