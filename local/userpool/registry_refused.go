package userpool

import "cognito-triggers/local/userpool/internal/wire"

// refusedOperations are those that the local pool does not have, by what they belong to.
func refusedOperations() []Operation {
	var list []Operation
	for _, group := range []struct {
		note  string
		names []string
	}{
		{"the local pool remembers no devices", []string{
			"AdminForgetDevice", "AdminGetDevice", "AdminListDevices", "AdminUpdateDeviceStatus", "ConfirmDevice",
			"ForgetDevice", "GetDevice",
			"ListDevices", "UpdateDeviceStatus",
		}},
		{"the local pool has no passkeys and no choice of sign-in", []string{
			"CompleteWebAuthnRegistration", "DeleteWebAuthnCredential", "ListWebAuthnCredentials",
			"StartWebAuthnRegistration", "GetUserAuthFactors",
		}},
		{"the local pool has no threat protection", []string{
			"AdminListUserAuthEvents", "AdminUpdateAuthEventFeedback", "DescribeRiskConfiguration", "SetRiskConfiguration",
			"UpdateAuthEventFeedback",
		}},
		{"the local pool has no managed login", []string{
			"CreateManagedLoginBranding", "DeleteManagedLoginBranding", "DescribeManagedLoginBranding",
			"DescribeManagedLoginBrandingByClient",
			"UpdateManagedLoginBranding", "GetUICustomization", "SetUICustomization", "CreateTerms", "DeleteTerms",
			"DescribeTerms", "ListTerms", "UpdateTerms",
		}},
		{"the local pool imports no users", []string{
			"CreateUserImportJob", "DescribeUserImportJob", "GetCSVHeader", "ListUserImportJobs", "StartUserImportJob",
			"StopUserImportJob",
		}},
		{"the local pool exports no logs", []string{"GetLogDeliveryConfiguration", "SetLogDeliveryConfiguration"}},
		{"the local pool has no replicas", []string{
			"CreateUserPoolReplica", "DeleteUserPoolReplica", "ListUserPoolReplicas", "UpdateUserPoolReplica",
		}},
		{"an app client has one secret here", []string{
			"AddUserPoolClientSecret", "DeleteUserPoolClientSecret", "ListUserPoolClientSecrets",
		}},
		{"the local pool signs no SAML requests", []string{"GetSigningCertificate"}},
		{"superseded at AWS: use SetUserMFAPreference or AdminSetUserMFAPreference", []string{
			"AdminSetUserSettings", "SetUserSettings",
		}},
	} {
		for _, name := range group.names {
			list = append(list, wire.Refuse(name, group.note))
		}
	}
	return list
}
