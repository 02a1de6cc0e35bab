package userpool

import (
	"maps"
	"slices"

	"cognito-triggers/local/userpool/internal/wire"
)

// Support says how much of an operation or a setting the local pool implements.
type Support = wire.Support

// The levels of support.
const (
	Enforced = wire.Enforced // does what AWS documents
	Stored   = wire.Stored   // stored and returned as on AWS, but has no effect
	Refused  = wire.Refused  // rejected with an error that names it
)

// Operation is one operation of the API and its level of support.
type Operation = wire.Operation

// Setting is one member of an operation's input and its level of support.
type Setting = wire.Setting

// Registry lists every operation of the API, sorted by name.
func Registry() []Operation {
	all := wire.Index(rooms{}.operations()) // these rooms have no dependencies, but nothing calls them
	list := make([]Operation, 0, len(all))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		list = append(list, *all[name])
	}
	return list
}

// Settings lists the members that operations accept, sorted by resource and name. The local pool drops members that are
// not listed, as AWS does, and reports them through Options.Warn.
func Settings() []Setting { return wire.Settings() }

func (r rooms) operations() []Operation {
	return slices.Concat(r.selfService(), r.admin(), r.controlPlane(), r.resources(), refusedOperations())
}

func (r rooms) selfService() []Operation {
	return []Operation{
		wire.EnforceAt("SignUp", r.accounts.SignUp),
		wire.Enforce("ConfirmSignUp", r.accounts.ConfirmSignUp),
		wire.EnforceAt("ResendConfirmationCode", r.accounts.ResendCode),
		wire.EnforceAt("InitiateAuth", r.signIn.Initiate),
		wire.EnforceAt("RespondToAuthChallenge", r.signIn.Respond),
		wire.EnforceAt("GetTokensFromRefreshToken", r.signIn.Refresh),
		wire.EnforceAt("GetClientToken", r.tokens.ClientToken),
		wire.EnforceAt("GetDerivedToken", r.tokens.Derive),
		wire.EnforceAt("ListUserSessions", r.tokens.ListSessions),
		wire.EnforceAt("RevokeUserSession", r.tokens.RevokeSession),
		wire.Enforce("RevokeToken", r.tokens.RevokeToken),
		wire.EnforceAt("GlobalSignOut", r.tokens.GlobalSignOut),
		wire.EnforceAt("GetUser", r.accounts.GetUser),
		wire.EnforceAt("ForgotPassword", r.accounts.ForgotPassword),
		wire.Enforce("ConfirmForgotPassword", r.accounts.ConfirmForgotPassword),
		wire.EnforceAt("ChangePassword", r.accounts.ChangePassword),
		wire.EnforceAt("DeleteUser", r.accounts.DeleteUser),
		wire.EnforceAt("UpdateUserAttributes", r.accounts.UpdateAttributes),
		wire.EnforceAt("DeleteUserAttributes", r.accounts.DeleteAttributes),
		wire.EnforceAt("GetUserAttributeVerificationCode", r.accounts.AttributeCode),
		wire.EnforceAt("VerifyUserAttribute", r.accounts.VerifyAttribute),
		wire.EnforceAt("AssociateSoftwareToken", r.signIn.AssociateSoftwareToken),
		wire.EnforceAt("VerifySoftwareToken", r.signIn.VerifySoftwareToken),
		wire.EnforceAt("SetUserMFAPreference", r.signIn.SetMFAPreference),
		wire.EnforceAt("ConfirmDevice", r.devices.Confirm),
		wire.EnforceAt("GetDevice", r.devices.Get),
		wire.EnforceAt("ListDevices", r.devices.List),
		wire.EnforceAt("UpdateDeviceStatus", r.devices.UpdateStatus),
		wire.EnforceAt("ForgetDevice", r.devices.Forget),
		wire.EnforceAt("StartWebAuthnRegistration", r.passkeys.Start),
		wire.EnforceAt("CompleteWebAuthnRegistration", r.passkeys.Complete),
		wire.EnforceAt("ListWebAuthnCredentials", r.passkeys.List),
		wire.EnforceAt("DeleteWebAuthnCredential", r.passkeys.Delete),
		wire.EnforceAt("GetUserAuthFactors", r.signIn.AuthFactors),
	}
}

func (r rooms) admin() []Operation {
	return []Operation{
		wire.Enforce("AdminAddUserToGroup", r.directory.AddMember),
		wire.Enforce("AdminRemoveUserFromGroup", r.directory.RemoveMember),
		wire.Enforce("AdminGetUser", r.directory.AdminGetUser),
		wire.EnforceAt("AdminInitiateAuth", r.signIn.AdminInitiate),
		wire.EnforceAt("AdminRespondToAuthChallenge", r.signIn.AdminRespond),
		wire.Enforce("AdminUserGlobalSignOut", r.tokens.AdminGlobalSignOut),
		wire.Enforce("AdminListUserSessions", r.tokens.AdminListSessions),
		wire.Enforce("AdminRevokeUserSession", r.tokens.AdminRevokeSession),
		wire.EnforceAt("AdminCreateUser", r.accounts.AdminCreateUser),
		wire.Enforce("AdminConfirmSignUp", r.accounts.AdminConfirmSignUp),
		wire.Enforce("AdminSetUserPassword", r.accounts.AdminSetPassword),
		wire.EnforceAt("AdminResetUserPassword", r.accounts.AdminResetPassword),
		wire.EnforceAt("AdminUpdateUserAttributes", r.accounts.AdminUpdateAttributes),
		wire.Enforce("AdminDeleteUserAttributes", r.accounts.AdminDeleteAttributes),
		wire.Enforce("AdminDeleteUser", r.accounts.AdminDeleteUser),
		wire.Enforce("AdminEnableUser", r.accounts.AdminEnableUser),
		wire.Enforce("AdminDisableUser", r.accounts.AdminDisableUser),
		wire.Enforce("AdminSetUserMFAPreference", r.signIn.AdminSetMFAPreference),
		wire.Enforce("AdminGetUserAuthFactors", r.signIn.AdminAuthFactors),
		wire.Enforce("AdminDeleteSoftwareToken", r.signIn.AdminDeleteSoftwareToken),
		wire.Enforce("AdminListGroupsForUser", r.directory.ListGroupsForUser),
		wire.Enforce("ListUsersInGroup", r.directory.ListMembers),
		wire.Enforce("AdminLinkProviderForUser", r.directory.LinkProvider),
		wire.Enforce("AdminDisableProviderForUser", r.directory.DisableProvider),
		wire.Enforce("ListUsers", r.directory.ListUsers),
		wire.Enforce("AdminGetDevice", r.devices.AdminGet),
		wire.Enforce("AdminListDevices", r.devices.AdminList),
		wire.Enforce("AdminUpdateDeviceStatus", r.devices.AdminUpdateStatus),
		wire.Enforce("AdminForgetDevice", r.devices.AdminForget),
	}
}

func (r rooms) controlPlane() []Operation {
	return []Operation{
		wire.Enforce("CreateUserPool", r.control.CreatePool),
		wire.Enforce("DescribeUserPool", r.control.DescribePool),
		wire.Enforce("UpdateUserPool", r.control.UpdatePool),
		wire.Enforce("DeleteUserPool", r.control.DeletePool),
		wire.Enforce("ListUserPools", r.control.ListPools),
		wire.Enforce("CreateUserPoolClient", r.control.CreateClient),
		wire.Enforce("DescribeUserPoolClient", r.control.DescribeClient),
		wire.Enforce("UpdateUserPoolClient", r.control.UpdateClient),
		wire.Enforce("DeleteUserPoolClient", r.control.DeleteClient),
		wire.Enforce("ListUserPoolClients", r.control.ListClients),
		wire.Enforce("AddUserPoolClientSecret", r.control.AddSecret),
		wire.Enforce("DeleteUserPoolClientSecret", r.control.DeleteSecret),
		wire.Enforce("ListUserPoolClientSecrets", r.control.ListSecrets),
		wire.Enforce("GetUserPoolSessionConfiguration", r.control.GetSessions),
		wire.Enforce("SetUserPoolSessionConfiguration", r.control.SetSessions),
		wire.Enforce("GetUserPoolClientSessionConfiguration", r.control.GetClientSessions),
		wire.Enforce("SetUserPoolClientSessionConfiguration", r.control.SetClientSessions),
		wire.Enforce("AddCustomAttributes", r.control.AddAttributes),
		wire.Enforce("GetUserPoolMfaConfig", r.control.GetMFAConfig),
		wire.Enforce("SetUserPoolMfaConfig", r.control.SetMFAConfig),
		wire.Enforce("TagResource", r.control.Tag),
		wire.Enforce("UntagResource", r.control.Untag),
		wire.Enforce("ListTagsForResource", r.control.ListTags),
		wire.Enforce("CreateGroup", r.directory.CreateGroup),
		wire.Enforce("GetGroup", r.directory.GetGroup),
		wire.Enforce("UpdateGroup", r.directory.UpdateGroup),
		wire.Enforce("DeleteGroup", r.directory.DeleteGroup),
		wire.Enforce("ListGroups", r.directory.ListGroups),
	}
}

func (r rooms) resources() []Operation {
	const note = "the local pool's pages look the same for all app clients"
	c, p := r.control, r.pages
	return []Operation{
		wire.Enforce("CreateIdentityProvider", c.CreateProvider),
		wire.Enforce("UpdateIdentityProvider", c.UpdateProvider),
		wire.Enforce("DescribeIdentityProvider", c.DescribeProvider),
		wire.Enforce("DeleteIdentityProvider", c.DeleteProvider),
		wire.Enforce("ListIdentityProviders", c.ListProviders),
		wire.Enforce("GetIdentityProviderByIdentifier", c.ProviderByIdentifier),
		wire.Enforce("GetSigningCertificate", r.federated.SigningCertificate),
		wire.Enforce("CreateResourceServer", c.CreateServer),
		wire.Enforce("UpdateResourceServer", c.UpdateServer),
		wire.Enforce("DescribeResourceServer", c.DescribeServer),
		wire.Enforce("DeleteResourceServer", c.DeleteServer),
		wire.Enforce("ListResourceServers", c.ListServers),
		wire.Enforce("CreateUserPoolDomain", c.CreateDomain),
		wire.Enforce("UpdateUserPoolDomain", c.UpdateDomain),
		wire.Enforce("DescribeUserPoolDomain", c.DescribeDomain),
		wire.Enforce("DeleteUserPoolDomain", c.DeleteDomain),
		wire.Store("CreateTerms", note, p.CreateTerms),
		wire.Store("DescribeTerms", note, p.DescribeTerms),
		wire.Store("DescribeTermsByClient", note, p.DescribeTermsByClient),
		wire.Store("UpdateTerms", note, p.UpdateTerms),
		wire.Store("DeleteTerms", note, p.DeleteTerms),
		wire.Store("ListTerms", note, p.ListTerms),
		wire.Store("CreateManagedLoginBranding", note, p.CreateBranding),
		wire.Store("DescribeManagedLoginBranding", note, p.DescribeBranding),
		wire.Store("DescribeManagedLoginBrandingByClient", note, p.DescribeClientBranding),
		wire.Store("UpdateManagedLoginBranding", note, p.UpdateBranding),
		wire.Store("DeleteManagedLoginBranding", note, p.DeleteBranding),
		wire.Store("GetUICustomization", note, p.GetCustomization),
		wire.Store("SetUICustomization", note, p.SetCustomization),
	}
}
