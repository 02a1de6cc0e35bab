# What Cognito's API constrains: lengths, characters, numbers and counts. limits.json is an extract of the API's model, with
# words for the messages; `go test ./local/userpool/terraform -run Limits -update` brings it up to date.
locals {
  limits = jsondecode(file("${path.module}/limits.json"))

  members = {
    block     = "BlockEmail"
    mfa       = "MfaEmail"
    no_action = "NoActionEmail"
    subject   = "Subject"
    html_body = "HtmlBody"
    text_body = "TextBody"
  }

  # By the resource that is refused: [the input, the limit, the value]. The value of a list is its length.
  limited = merge(
    {
      pool = concat(
        [
          ["name", "CreateUserPool.PoolName", var.name],
          ["password_policy.minimum_length", "CreateUserPool.Policies.PasswordPolicy.MinimumLength", var.password_policy.minimum_length],
          [
            "password_policy.password_history_size", "CreateUserPool.Policies.PasswordPolicy.PasswordHistorySize",
            var.password_policy.password_history_size,
          ],
          [
            "password_policy.temporary_password_validity_days",
            "CreateUserPool.Policies.PasswordPolicy.TemporaryPasswordValidityDays",
            var.password_policy.temporary_password_validity_days,
          ],
          ["custom_attributes, with the pool's own, together", "CreateUserPool.Schema", length(local.custom_attributes)],
          ["account_recovery", "CreateUserPool.AccountRecoverySetting.RecoveryMechanisms", max(length(var.account_recovery), 1)],
          [
            "passkeys.relying_party_id",
            "SetUserPoolMfaConfig.WebAuthnConfiguration.RelyingPartyId",
            try(var.passkeys.relying_party_id, null),
          ],
          ["ses_identity.arn", "CreateUserPool.EmailConfiguration.SourceArn", try(var.ses_identity.arn, null)],
          ["ses_identity.reply_to", "CreateUserPool.EmailConfiguration.ReplyToEmailAddress", try(var.ses_identity.reply_to, null)],
          [
            "ses_identity.configuration_set",
            "CreateUserPool.EmailConfiguration.ConfigurationSet",
            try(var.ses_identity.configuration_set, null),
          ],
          [
            "sms_configuration.sns_caller_arn",
            "CreateUserPool.SmsConfiguration.SnsCallerArn",
            try(var.sms_configuration.sns_caller_arn, null),
          ],
          ["sms_configuration.sns_region", "CreateUserPool.SmsConfiguration.SnsRegion", try(var.sms_configuration.sns_region, null)],
          [
            "messages.verification.email_subject", "CreateUserPool.VerificationMessageTemplate.EmailSubject",
            var.messages.verification.email_subject,
          ],
          [
            "messages.verification.email_message", "CreateUserPool.VerificationMessageTemplate.EmailMessage",
            var.messages.verification.email_message,
          ],
          [
            "messages.verification.email_subject_by_link",
            "CreateUserPool.VerificationMessageTemplate.EmailSubjectByLink",
            var.messages.verification.email_subject_by_link,
          ],
          [
            "messages.verification.email_message_by_link",
            "CreateUserPool.VerificationMessageTemplate.EmailMessageByLink",
            var.messages.verification.email_message_by_link,
          ],
          [
            "messages.verification.sms_message", "CreateUserPool.VerificationMessageTemplate.SmsMessage",
            var.messages.verification.sms_message,
          ],
          [
            "messages.invitation.email_subject",
            "CreateUserPool.AdminCreateUserConfig.InviteMessageTemplate.EmailSubject",
            try(var.messages.invitation.email_subject, null),
          ],
          [
            "messages.invitation.email_message",
            "CreateUserPool.AdminCreateUserConfig.InviteMessageTemplate.EmailMessage",
            try(var.messages.invitation.email_message, null),
          ],
          [
            "messages.invitation.sms_message",
            "CreateUserPool.AdminCreateUserConfig.InviteMessageTemplate.SMSMessage",
            try(var.messages.invitation.sms_message, null),
          ],
          ["messages.mfa.email_subject", "SetUserPoolMfaConfig.EmailMfaConfiguration.Subject", var.messages.mfa.email_subject],
          ["messages.mfa.email_message", "SetUserPoolMfaConfig.EmailMfaConfiguration.Message", var.messages.mfa.email_message],
          ["messages.mfa.sms_message", "SetUserPoolMfaConfig.SmsMfaConfiguration.SmsAuthenticationMessage", var.messages.mfa.sms_message],
          ["lambda_config.kms_key_id", "CreateUserPool.LambdaConfig.KMSKeyID", try(var.lambda_config.kms_key_id, null)],
        ],
        [for name in sort(var.required_attributes) : ["required_attributes, ${name}", "CreateUserPool.Schema[].Name", name]],
        [for key in keys(var.tags) : ["tags, the key ${key}", "CreateUserPool.UserPoolTags{k}", key]],
        [for key, value in var.tags : ["tags[\"${key}\"]", "CreateUserPool.UserPoolTags{v}", value]],
      )
    },
    { for name, c in var.app_clients : "client ${name}" => concat(
      [
        ["app_clients, the name ${name}", "CreateUserPoolClient.ClientName", name],
        ["app_clients[\"${name}\"].auth_session_validity", "CreateUserPoolClient.AuthSessionValidity", c.auth_session_validity],
        [
          "app_clients[\"${name}\"].refresh_token_rotation.retry_grace_period_seconds",
          "CreateUserPoolClient.RefreshTokenRotation.RetryGracePeriodSeconds",
          try(c.refresh_token_rotation.retry_grace_period_seconds, null),
        ],
        ["app_clients[\"${name}\"].oauth.callback_urls", "CreateUserPoolClient.CallbackURLs", length(try(c.oauth.callback_urls, []))],
        ["app_clients[\"${name}\"].oauth.logout_urls", "CreateUserPoolClient.LogoutURLs", length(try(c.oauth.logout_urls, []))],
        ["app_clients[\"${name}\"].oauth.scopes", "CreateUserPoolClient.AllowedOAuthScopes", length(try(c.oauth.scopes, []))],
      ],
      [for url in local.all_urls[name] : ["app_clients[\"${name}\"].oauth, a URL", "CreateUserPoolClient.CallbackURLs[]", url]],
    ) },
    { for name, s in var.resource_servers : "server ${name}" => concat(
      [
        ["resource_servers, the identifier ${name}", "CreateResourceServer.Identifier", name],
        ["resource_servers[\"${name}\"].name", "CreateResourceServer.Name", local.server_names[name]],
        ["resource_servers[\"${name}\"].scopes", "CreateResourceServer.Scopes", length(s.scopes)],
      ],
      [
        for scope in keys(s.scopes) :
        ["resource_servers[\"${name}\"].scopes, the name ${scope}", "CreateResourceServer.Scopes[].ScopeName", scope]
      ],
      [
        for scope, words in s.scopes :
        ["resource_servers[\"${name}\"].scopes[\"${scope}\"]", "CreateResourceServer.Scopes[].ScopeDescription", words]
      ],
    ) },
    { for name, p in var.identity_providers : "provider ${name}" => concat(
      [
        ["identity_providers, the name ${name}", "CreateIdentityProvider.ProviderName", name],
        ["identity_providers[\"${name}\"].idp_identifiers", "CreateIdentityProvider.IdpIdentifiers", length(p.idp_identifiers)],
      ],
      [
        for id in p.idp_identifiers :
        ["identity_providers[\"${name}\"].idp_identifiers, ${id}", "CreateIdentityProvider.IdpIdentifiers[]", id]
      ],
      [
        for attribute in keys(p.attribute_mapping) :
        ["identity_providers[\"${name}\"].attribute_mapping, ${attribute}", "CreateIdentityProvider.AttributeMapping{k}", attribute]
      ],
    ) },
    { for name, r in var.risk_configuration : "risk ${name}" => concat(
      [
        [
          "risk_configuration[\"${name}\"].account_takeover.mail.source_arn",
          "SetRiskConfiguration.AccountTakeoverRiskConfiguration.NotifyConfiguration.SourceArn",
          try(r.account_takeover.mail.source_arn, null),
        ],
        [
          "risk_configuration[\"${name}\"].blocked_ip_ranges",
          "SetRiskConfiguration.RiskExceptionConfiguration.BlockedIPRangeList",
          length(r.blocked_ip_ranges),
        ],
        [
          "risk_configuration[\"${name}\"].skipped_ip_ranges",
          "SetRiskConfiguration.RiskExceptionConfiguration.SkippedIPRangeList",
          length(r.skipped_ip_ranges),
        ],
      ],
      [for text in setproduct(["block", "mfa", "no_action"], ["subject", "html_body", "text_body"]) : [
        "risk_configuration[\"${name}\"].account_takeover.mail.${text[0]}.${text[1]}",
        "SetRiskConfiguration.AccountTakeoverRiskConfiguration.NotifyConfiguration.${local.members[text[0]]}.${local.members[text[1]]}",
        try(r.account_takeover.mail[text[0]][text[1]], null),
      ]],
    ) },
  )

  # Each resource's inputs that Cognito would refuse, with what it takes.
  beyond_limits = { for resource, list in local.limited : resource => [
    for one in list :
    join(" ", [
      "${one[0]} ${try(length(one[2]) > 60, false) ? "has ${length(one[2])} characters" : "is ${jsonencode(one[2])}"}:",
      "use ${local.limits[one[1]].words}.",
    ])
    if one[2] != null && !try(
      local.limits[one[1]].type == "string"
      ? length(one[2]) >= local.limits[one[1]].min
      && length(one[2]) <= local.limits[one[1]].max
      && can(regex("^(?:${local.limits[one[1]].pattern})$", one[2]))
      : one[2] >= local.limits[one[1]].min && one[2] <= local.limits[one[1]].max,
      false
    )
  ] }

  # Groups apart: a group's role may trust an identity pool, which depends on the pool, so the pool must not depend on groups.
  limited_groups = { for name, g in var.groups : name => [
    ["groups, the name ${name}", "CreateGroup.GroupName", name],
    ["groups[\"${name}\"].description", "CreateGroup.Description", g.description],
    ["groups[\"${name}\"].precedence", "CreateGroup.Precedence", g.precedence],
    ["groups[\"${name}\"].role_arn", "CreateGroup.RoleArn", g.role_arn],
  ] }
  groups_beyond_limits = { for group, list in local.limited_groups : group => [
    for one in list :
    join(" ", [
      "${one[0]} ${try(length(one[2]) > 60, false) ? "has ${length(one[2])} characters" : "is ${jsonencode(one[2])}"}:",
      "use ${local.limits[one[1]].words}.",
    ])
    if one[2] != null && !try(
      local.limits[one[1]].type == "string"
      ? length(one[2]) >= local.limits[one[1]].min
      && length(one[2]) <= local.limits[one[1]].max
      && can(regex("^(?:${local.limits[one[1]].pattern})$", one[2]))
      : one[2] >= local.limits[one[1]].min && one[2] <= local.limits[one[1]].max,
      false
    )
  ] }
}
