package userpool

import (
	"maps"
	"reflect"
	"slices"
)

// Support says how far an operation goes.
type Support string

// The degrees of support.
const (
	Enforced Support = "enforced" // does what AWS documents
	Stored   Support = "stored"   // kept and returned as AWS would, but not acted on
	Refused  Support = "refused"  // answered with an error that names it
)

// Operation is one operation of the API and how far it goes here.
type Operation struct {
	Name    string
	Support Support
	Note    string

	run      func(*call, []byte) (any, error)
	input    reflect.Type // what run decodes the request into; nil where it takes it as it came
	settings settingsIndex
}

// Registry lists every operation of the API by name.
func Registry() []Operation {
	var list []Operation
	for _, name := range slices.Sorted(maps.Keys(registry)) {
		list = append(list, *registry[name])
	}
	return list
}

var registry = map[string]*Operation{}

func init() {
	all := Settings()
	for _, op := range slices.Concat(selfServiceOperations(), adminOperations(), controlOperations(), resourceOperations(), refusedOperations()) {
		op.settings = indexOf(op, all)
		registry[op.Name] = &op
	}
}

func enforced[In any](name string, run func(*call, *In) (any, error)) Operation {
	return Operation{Name: name, Support: Enforced, run: serve(run), input: reflect.TypeFor[In]()}
}

func stored[In any](name, note string, run func(*call, *In) (any, error)) Operation {
	return Operation{Name: name, Support: Stored, Note: note, run: serve(run), input: reflect.TypeFor[In]()}
}

func selfServiceOperations() []Operation {
	return []Operation{
		enforced("SignUp", signUp),
		enforced("ConfirmSignUp", confirmSignUp),
		enforced("ResendConfirmationCode", resendConfirmationCode),
		enforced("InitiateAuth", initiateAuth),
		enforced("RespondToAuthChallenge", respondToAuthChallenge),
		enforced("GetTokensFromRefreshToken", getTokensFromRefreshToken),
		enforced("RevokeToken", revokeToken),
		enforced("GlobalSignOut", globalSignOut),
		enforced("GetUser", getUser),
		enforced("ForgotPassword", forgotPassword),
		enforced("ConfirmForgotPassword", confirmForgotPassword),
		enforced("ChangePassword", changePassword),
		enforced("DeleteUser", deleteUser),
		enforced("UpdateUserAttributes", updateUserAttributes),
		enforced("DeleteUserAttributes", deleteUserAttributes),
		enforced("GetUserAttributeVerificationCode", getUserAttributeVerificationCode),
		enforced("VerifyUserAttribute", verifyUserAttribute),
		enforced("AssociateSoftwareToken", associateSoftwareToken),
		enforced("VerifySoftwareToken", verifySoftwareToken),
		enforced("SetUserMFAPreference", setUserMFAPreference),
	}
}

func adminOperations() []Operation {
	return []Operation{
		enforced("AdminAddUserToGroup", adminAddUserToGroup),
		enforced("AdminRemoveUserFromGroup", adminRemoveUserFromGroup),
		enforced("AdminGetUser", adminGetUser),
		enforced("AdminInitiateAuth", adminInitiateAuth),
		enforced("AdminRespondToAuthChallenge", adminRespondToAuthChallenge),
		enforced("AdminUserGlobalSignOut", adminUserGlobalSignOut),
		enforced("AdminCreateUser", adminCreateUser),
		enforced("AdminConfirmSignUp", adminConfirmSignUp),
		enforced("AdminSetUserPassword", adminSetUserPassword),
		enforced("AdminResetUserPassword", adminResetUserPassword),
		enforced("AdminUpdateUserAttributes", adminUpdateUserAttributes),
		enforced("AdminDeleteUserAttributes", adminDeleteUserAttributes),
		enforced("AdminDeleteUser", adminDeleteUser),
		enforced("AdminEnableUser", adminEnableUser),
		enforced("AdminDisableUser", adminDisableUser),
		enforced("AdminSetUserMFAPreference", adminSetUserMFAPreference),
		enforced("AdminListGroupsForUser", adminListGroupsForUser),
		enforced("ListUsersInGroup", listUsersInGroup),
		enforced("AdminLinkProviderForUser", adminLinkProviderForUser),
		enforced("AdminDisableProviderForUser", adminDisableProviderForUser),
		enforced("ListUsers", listUsers),
	}
}

func controlOperations() []Operation {
	return []Operation{
		enforced("CreateUserPool", createUserPool),
		enforced("DescribeUserPool", describeUserPool),
		enforced("UpdateUserPool", updateUserPool),
		enforced("DeleteUserPool", deleteUserPool),
		enforced("ListUserPools", listUserPools),
		enforced("CreateUserPoolClient", createUserPoolClient),
		enforced("DescribeUserPoolClient", describeUserPoolClient),
		enforced("UpdateUserPoolClient", updateUserPoolClient),
		enforced("DeleteUserPoolClient", deleteUserPoolClient),
		enforced("ListUserPoolClients", listUserPoolClients),
		enforced("AddCustomAttributes", addCustomAttributes),
		enforced("GetUserPoolMfaConfig", getUserPoolMfaConfig),
		enforced("SetUserPoolMfaConfig", setUserPoolMfaConfig),
		enforced("TagResource", tagResource),
		enforced("UntagResource", untagResource),
		enforced("ListTagsForResource", listTagsForResource),
		enforced("CreateGroup", createGroup),
		enforced("GetGroup", getGroup),
		enforced("UpdateGroup", updateGroup),
		enforced("DeleteGroup", deleteGroup),
		enforced("ListGroups", listGroups),
	}
}
