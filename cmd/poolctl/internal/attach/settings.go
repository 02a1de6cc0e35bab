package attach

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

const (
	lambdaConfig = "LambdaConfig"
	adminConfig  = "AdminCreateUserConfig"
	unusedDays   = "UnusedAccountValidityDays"
)

// carried are the members of DescribeUserPool's pool that UpdateUserPool accepts under the same name.
var carried = []string{
	"AccountRecoverySetting", "AcrConfiguration", adminConfig, "AutoVerifiedAttributes", "DcrConfiguration",
	"DeletionProtection", "DeviceConfiguration",
	"EmailConfiguration", "EmailVerificationMessage", "EmailVerificationSubject", "IssuerConfiguration",
	"KeyConfiguration",
	lambdaConfig, "MfaConfiguration", "Policies", "SmsAuthenticationMessage", "SmsConfiguration", "SmsVerificationMessage",
	"UserAttributeUpdateSettings", "UserPoolAddOns", "UserPoolTags", "UserPoolTier", "VerificationMessageTemplate",
}

// fixed are the members that UpdateUserPool neither accepts nor resets: facts, Cognito's findings, and settings that
// only CreateUserPool takes. Name is sent back as PoolName.
var fixed = []string{
	"AliasAttributes", "Arn", "CreationDate", "CustomDomain", "Domain", "EmailConfigurationFailure",
	"EstimatedNumberOfUsers",
	"Id", "LastModifiedDate", "Name", "SchemaAttributes", "SmsConfigurationFailure", "Status", "UsernameAttributes",
	"UsernameConfiguration",
}

// volatile are the members that change without an update.
var volatile = []string{
	"EmailConfigurationFailure", "EstimatedNumberOfUsers", "LastModifiedDate", "SmsConfigurationFailure", "Status",
}

// request builds an UpdateUserPool request from a described pool. The notes say what it had to leave out.
func request(pool document, triggers lambdas) (body document, notes []string, err error) {
	var unknown []string
	body = document{}
	for name, value := range pool {
		switch {
		case string(value) == "null":
		case slices.Contains(carried, name):
			body[name] = value
		case !slices.Contains(fixed, name):
			unknown = append(unknown, name)
		}
	}
	if len(unknown) > 0 {
		slices.Sort(unknown)
		return nil, nil, fmt.Errorf("the pool has a setting that this version of poolctl does not know "+
			"and UpdateUserPool might reset: %s. "+
			"Nothing was changed. Use a newer poolctl, or change the triggers in the console", strings.Join(unknown, ", "))
	}
	body["UserPoolId"], body["PoolName"] = pool["Id"], pool["Name"]
	if body[lambdaConfig], err = json.Marshal(triggers); err != nil {
		return nil, nil, err
	}
	note, err := dropUnusedDays(body)
	if note != "" {
		notes = append(notes, note)
	}
	return body, notes, err
}

// dropUnusedDays removes UnusedAccountValidityDays, the old name for the lifetime of temporary passwords. Cognito
// describes both names, but refuses the old one if the password policy has the new one, which then takes precedence.
func dropUnusedDays(body document) (note string, err error) {
	var policies struct {
		PasswordPolicy struct{ TemporaryPasswordValidityDays int }
	}
	if err := decode(body, "Policies", &policies); err != nil {
		return "", err
	}
	days := policies.PasswordPolicy.TemporaryPasswordValidityDays
	var admin document
	if err := decode(body, adminConfig, &admin); err != nil {
		return "", err
	}
	old, set := admin[unusedDays]
	if !set || days == 0 {
		return "", nil
	}
	admin = maps.Clone(admin)
	delete(admin, unusedDays)
	if body[adminConfig], err = json.Marshal(admin); err != nil {
		return "", err
	}
	if string(old) != fmt.Sprint(days) {
		note = fmt.Sprintf("%s.%s (%s) is not sent: Cognito refuses it together with "+
			"Policies.PasswordPolicy.TemporaryPasswordValidityDays (%d), which takes precedence",
			adminConfig, unusedDays, old, days)
	}
	return note, nil
}

// decode decodes one member; a missing one leaves into unchanged.
func decode(from document, name string, into any) error {
	raw, ok := from[name]
	if !ok {
		return nil
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("the pool's %s: %w", name, err)
	}
	return nil
}
