# The metrics of the functions: shared/trigger writes one line in the embedded metric format per invocation.
locals {
  namespace = "CognitoTriggers"

  # The trigger sources of each hook, which are a dimension of Duration. Senders are left out: their refusals are not used.
  sources = {
    pre_sign_up           = ["PreSignUp_SignUp", "PreSignUp_AdminCreateUser", "PreSignUp_ExternalProvider"]
    post_confirmation     = ["PostConfirmation_ConfirmSignUp", "PostConfirmation_ConfirmForgotPassword"]
    pre_authentication    = ["PreAuthentication_Authentication"]
    post_authentication   = ["PostAuthentication_Authentication"]
    define_auth_challenge = ["DefineAuthChallenge_Authentication"]
    create_auth_challenge = ["CreateAuthChallenge_Authentication"]
    verify_auth_challenge_response = [
      "VerifyAuthChallengeResponse_Authentication", "VerifyAuthChallenge_Authentication",
    ]
    user_migration = ["UserMigration_Authentication", "UserMigration_ForgotPassword"]
    pre_token_generation = [
      "TokenGeneration_HostedAuth", "TokenGeneration_Authentication", "TokenGeneration_NewPasswordChallenge",
      "TokenGeneration_AuthenticateDevice", "TokenGeneration_RefreshTokens", "TokenGeneration_ClientCredentials",
    ]
    custom_message = [
      "CustomMessage_SignUp", "CustomMessage_AdminCreateUser", "CustomMessage_ResendCode", "CustomMessage_ForgotPassword",
      "CustomMessage_UpdateUserAttribute", "CustomMessage_VerifyUserAttribute", "CustomMessage_Authentication",
    ]
    inbound_federation = ["InboundFederation_ExternalProvider"]
  }
  function_sources = { for name, f in var.functions : name => lookup(local.sources, coalesce(f.hook, "none"), []) }

  # The counters that mean a loss, with their meanings and the hooks that count them. Others, such as SignUpsRefused, are
  # normal; the dashboard shows them.
  counter_meanings = {
    ProfilesLost                = "a confirmed user's profile was not stored"
    MailsLost                   = "a welcome mail was lost"
    GroupAddsFailed             = "a confirmed user is not in the default group"
    ProfilesUnavailable         = "profiles could not be read, so tokens lack the claims made from them"
    ProfilesNotHealed           = "a missing profile could not be made at sign-in"
    SignInsFailedWithoutProfile = "sign-ins failed because a claim that must not be missing needs the profile"
    ClaimsOverBudget            = "sign-ins were refused because groups and claims are more than a token may hold"
    MessageFallbacks            = "a message was left to the pool's own template"
  }
  hook_counters = {
    post_confirmation    = ["ProfilesLost", "MailsLost", "GroupAddsFailed"]
    pre_token_generation = ["ProfilesUnavailable", "ProfilesNotHealed", "SignInsFailedWithoutProfile", "ClaimsOverBudget"]
    custom_message       = ["MessageFallbacks"]
  }
  counters = merge([for name, f in var.functions : {
    for counter in(f.counters == null ? toset(lookup(local.hook_counters, coalesce(f.hook, "none"), [])) : f.counters) :
    "${name}-${counter}" => { name = name, function_name = f.function_name, counter = counter }
  }]...)
}
