variable "name" {
  description = "Name of the user pool. Cognito cannot rename a pool, so another name changes nothing."
  type        = string
}

variable "feature_plan" {
  description = <<-EOT
    Cognito feature plan: LITE, ESSENTIALS or PLUS. Event versions V2_0 and V3_0 of the pre token generation trigger need
    ESSENTIALS or PLUS.
  EOT
  type        = string
  default     = "ESSENTIALS"

  validation {
    condition     = contains(["LITE", "ESSENTIALS", "PLUS"], var.feature_plan)
    error_message = "feature_plan is \"${var.feature_plan}\": set LITE, ESSENTIALS or PLUS."
  }
}

variable "deletion_protection" {
  description = "Whether Cognito refuses to delete the pool. Turn it off and apply before a destroy."
  type        = bool
  default     = true
}

variable "invite_only" {
  description = "Whether only administrators can create users. The pool then refuses SignUp."
  type        = bool
  default     = false
}

variable "mfa" {
  description = "Second factor: OFF, OPTIONAL (users can turn it on) or ON (required)."
  type        = string
  default     = "OPTIONAL"

  validation {
    condition     = contains(["OFF", "OPTIONAL", "ON"], var.mfa)
    error_message = "mfa is \"${var.mfa}\": set OFF, OPTIONAL or ON."
  }
}

variable "mfa_factors" {
  description = <<-EOT
    Second factors that users can choose unless mfa is OFF: TOTP, SMS, EMAIL. SMS belongs together with sms_configuration; EMAIL
    needs ses_identity and feature_plan ESSENTIALS or PLUS.
  EOT
  type        = set(string)
  default     = ["TOTP"]
  nullable    = false

  validation {
    condition     = length(setsubtract(var.mfa_factors, ["TOTP", "SMS", "EMAIL"])) == 0
    error_message = "mfa_factors: ${join(", ", setsubtract(var.mfa_factors, ["TOTP", "SMS", "EMAIL"]))} is none of TOTP, SMS and EMAIL."
  }
  validation {
    condition     = var.mfa == "OFF" || length(var.mfa_factors) > 0
    error_message = "mfa_factors is empty, and mfa is ${var.mfa}: name a factor, or set mfa = \"OFF\"."
  }
  # The provider turns SMS on whenever the pool can send SMS, and cannot do one without the other.
  validation {
    condition     = var.mfa == "OFF" || contains(var.mfa_factors, "SMS") == (var.sms_configuration != null)
    error_message = <<-EOT
      mfa_factors and sms_configuration contradict each other: while mfa is not OFF, the provider makes SMS a factor of every
      pool that has sms_configuration, and of no other. Set both, or neither.
    EOT
  }
  validation {
    condition     = var.mfa == "OFF" || !contains(var.mfa_factors, "EMAIL") || (var.ses_identity != null && var.feature_plan != "LITE")
    error_message = "mfa_factors has EMAIL, which needs ses_identity and feature_plan ESSENTIALS or PLUS."
  }
  # A user cannot recover an account through the channel of the second factor.
  validation {
    condition     = var.mfa == "OFF" || !contains(var.mfa_factors, "EMAIL") || join(",", var.account_recovery) != "verified_email"
    error_message = <<-EOT
      mfa_factors has EMAIL, and account_recovery has the e-mail address alone. Cognito does not use one channel for both: add
      verified_phone_number to account_recovery, or set it to ["admin_only"].
    EOT
  }
}

variable "sms_configuration" {
  description = <<-EOT
    The role that Cognito sends SMS with, its external id, and the region of SNS if it is another one. null: the pool sends no
    SMS.
  EOT
  type = object({
    sns_caller_arn = string
    external_id    = string
    sns_region     = optional(string)
  })
  default = null
}

variable "device_configuration" {
  description = <<-EOT
    Remembered devices. challenge_required_on_new_device: a remembered device stands for the second factor. null: none are
    remembered.
  EOT
  type = object({
    challenge_required_on_new_device      = optional(bool, true)
    device_only_remembered_on_user_prompt = optional(bool, true)
  })
  default = null
}

variable "sign_in" {
  description = <<-EOT
    What users sign in with; Cognito fixes it at creation. username_attributes: in place of a user name; null: ["email"], or []
    with alias_attributes. alias_attributes: besides a user name. Both empty: by user name alone.
  EOT
  type = object({
    username_attributes = optional(set(string))
    alias_attributes    = optional(set(string), [])
    case_sensitive      = optional(bool, false)
  })
  default  = {}
  nullable = false

  validation {
    condition     = length(setsubtract(coalesce(var.sign_in.username_attributes, []), ["email", "phone_number"])) == 0
    error_message = <<-EOT
      sign_in.username_attributes:
      ${join(", ", setsubtract(coalesce(var.sign_in.username_attributes, []), ["email", "phone_number"]))} is neither email nor
      phone_number.
    EOT
  }
  validation {
    condition     = length(setsubtract(var.sign_in.alias_attributes, ["email", "phone_number", "preferred_username"])) == 0
    error_message = <<-EOT
      sign_in.alias_attributes:
      ${join(", ", setsubtract(var.sign_in.alias_attributes, ["email", "phone_number", "preferred_username"]))} is none of
      email, phone_number and preferred_username.
    EOT
  }
  validation {
    condition     = length(coalesce(var.sign_in.username_attributes, [])) == 0 || length(var.sign_in.alias_attributes) == 0
    error_message = "sign_in: a pool has username_attributes (in place of a user name) or alias_attributes (besides one), not both."
  }
}

variable "allowed_first_auth_factors" {
  description = <<-EOT
    First factors of the flow USER_AUTH: PASSWORD and any of EMAIL_OTP, SMS_OTP, WEB_AUTHN. null: left as it is, which is
    PASSWORD alone in a new pool.
  EOT
  type        = set(string)
  default     = null

  validation {
    condition = length(setsubtract(
      coalesce(var.allowed_first_auth_factors, []),
      ["PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"],
    )) == 0
    error_message = <<-EOT
      allowed_first_auth_factors:
      ${join(", ", setsubtract(coalesce(var.allowed_first_auth_factors, []), ["PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"]))}
      is none of PASSWORD, EMAIL_OTP, SMS_OTP and WEB_AUTHN.
    EOT
  }
  validation {
    condition     = contains(coalesce(var.allowed_first_auth_factors, ["PASSWORD"]), "PASSWORD")
    error_message = "allowed_first_auth_factors lacks PASSWORD, which Cognito requires: add it."
  }
  validation {
    condition     = var.feature_plan != "LITE" || length(coalesce(var.allowed_first_auth_factors, ["PASSWORD"])) < 2
    error_message = "allowed_first_auth_factors: factors besides PASSWORD need feature_plan ESSENTIALS or PLUS, and the plan is LITE."
  }
  validation {
    condition     = !contains(coalesce(var.allowed_first_auth_factors, ["PASSWORD"]), "SMS_OTP") || var.sms_configuration != null
    error_message = "allowed_first_auth_factors has SMS_OTP, which needs sms_configuration."
  }
  validation {
    condition     = !contains(coalesce(var.allowed_first_auth_factors, ["PASSWORD"]), "WEB_AUTHN") || var.passkeys != null
    error_message = "allowed_first_auth_factors has WEB_AUTHN, which needs passkeys."
  }
  # The provider does not have FactorConfiguration, with which a passkey counts for both factors.
  validation {
    condition     = var.mfa != "ON" || length(coalesce(var.allowed_first_auth_factors, ["PASSWORD"])) < 2
    error_message = <<-EOT
      allowed_first_auth_factors: with mfa = "ON", Cognito takes PASSWORD alone, and passkeys only with a setting that the
      provider does not have. Set mfa = "OPTIONAL", or ["PASSWORD"].
    EOT
  }
}

variable "passkeys" {
  description = <<-EOT
    Passkeys. relying_party_id: the domain that they belong to; another one makes all of them void; null: the domain of managed
    login. user_verification: required or preferred. null: as Cognito has it.
  EOT
  type = object({
    relying_party_id  = optional(string)
    user_verification = optional(string, "preferred")
  })
  default = null

  validation {
    condition     = contains(["required", "preferred"], try(var.passkeys.user_verification, "preferred"))
    error_message = "passkeys.user_verification is \"${try(var.passkeys.user_verification, "")}\": set required or preferred."
  }
  validation {
    condition     = var.passkeys == null || try(var.passkeys.relying_party_id, null) != null || var.domain != null
    error_message = "passkeys.relying_party_id is null, and there is no domain to take it from: set it to the domain of your sign-in page."
  }
}

variable "auto_verified_attributes" {
  description = "What Cognito sends a code to when a user signs up: email, phone_number. phone_number needs sms_configuration."
  type        = set(string)
  default     = ["email"]
  nullable    = false

  validation {
    condition     = length(setsubtract(var.auto_verified_attributes, ["email", "phone_number"])) == 0
    error_message = <<-EOT
      auto_verified_attributes: ${join(", ", setsubtract(var.auto_verified_attributes, ["email", "phone_number"]))} is neither
      email nor phone_number.
    EOT
  }
  validation {
    condition     = !contains(var.auto_verified_attributes, "phone_number") || var.sms_configuration != null
    error_message = "auto_verified_attributes has phone_number, which needs sms_configuration to send the codes."
  }
}

variable "attributes_require_verification_before_update" {
  description = "Which of auto_verified_attributes keep their old value until the new one is verified. null: all."
  type        = set(string)
  default     = null

  validation {
    condition     = length(setsubtract(coalesce(var.attributes_require_verification_before_update, []), var.auto_verified_attributes)) == 0
    error_message = <<-EOT
      attributes_require_verification_before_update:
      ${join(", ", setsubtract(coalesce(var.attributes_require_verification_before_update, []), var.auto_verified_attributes))}
      is not among auto_verified_attributes, and Cognito refuses that: add it there, or take it out here.
    EOT
  }
}

variable "account_recovery" {
  description = <<-EOT
    How users recover an account, the preferred way first: verified_email, verified_phone_number; or admin_only. Phone numbers
    are reassigned, so the default is the e-mail address alone.
  EOT
  type        = list(string)
  default     = ["verified_email"]
  nullable    = false

  validation {
    condition     = length(setsubtract(var.account_recovery, ["verified_email", "verified_phone_number", "admin_only"])) == 0
    error_message = <<-EOT
      account_recovery:
      ${join(", ", setsubtract(var.account_recovery, ["verified_email", "verified_phone_number", "admin_only"]))} is none of
      verified_email, verified_phone_number and admin_only.
    EOT
  }
  validation {
    condition = (
      length(distinct(var.account_recovery)) == length(var.account_recovery)
      && (length(var.account_recovery) < 2 || !contains(var.account_recovery, "admin_only"))
    )
    error_message = "account_recovery: name each way once, and admin_only alone."
  }
}

variable "threat_protection" {
  description = "Threat protection of the PLUS plan: OFF, AUDIT or ENFORCED."
  type        = string
  default     = "OFF"

  validation {
    condition     = contains(["OFF", "AUDIT", "ENFORCED"], var.threat_protection)
    error_message = "threat_protection is \"${var.threat_protection}\": set OFF, AUDIT or ENFORCED."
  }
  validation {
    condition     = var.threat_protection == "OFF" || var.feature_plan == "PLUS"
    error_message = "threat_protection needs feature_plan = \"PLUS\", which is \"${var.feature_plan}\"."
  }
}

variable "custom_auth_threat_protection" {
  description = "Threat protection of the flow CUSTOM_AUTH: AUDIT or ENFORCED. null: off."
  type        = string
  default     = null

  validation {
    condition     = contains(["AUDIT", "ENFORCED"], coalesce(var.custom_auth_threat_protection, "AUDIT"))
    error_message = <<-EOT
      custom_auth_threat_protection is "${coalesce(var.custom_auth_threat_protection, "null")}": set AUDIT, ENFORCED or null.
    EOT
  }
  validation {
    condition     = var.custom_auth_threat_protection == null || var.threat_protection != "OFF"
    error_message = "custom_auth_threat_protection needs threat_protection AUDIT or ENFORCED, which is OFF."
  }
}

variable "risk_configuration" {
  description = <<-EOT
    What threat protection does, by app client; the key ALL stands for all that have no entry. action: BLOCK, MFA_IF_CONFIGURED,
    MFA_REQUIRED or NO_ACTION by risk; compromised_credentials: BLOCK or NO_ACTION. Needs threat_protection.
  EOT
  type = map(object({
    account_takeover = optional(object({
      low    = optional(object({ action = string, notify = optional(bool, false) }))
      medium = optional(object({ action = string, notify = optional(bool, false) }))
      high   = optional(object({ action = string, notify = optional(bool, false) }))
      mail = object({
        source_arn = string
        from       = optional(string)
        reply_to   = optional(string)
        block      = optional(object({ subject = string, html_body = string, text_body = string }))
        mfa        = optional(object({ subject = string, html_body = string, text_body = string }))
        no_action  = optional(object({ subject = string, html_body = string, text_body = string }))
      })
    }))
    compromised_credentials = optional(object({
      action       = string
      event_filter = optional(set(string), ["PASSWORD_CHANGE", "SIGN_IN", "SIGN_UP"])
    }))
    blocked_ip_ranges = optional(set(string), [])
    skipped_ip_ranges = optional(set(string), [])
  }))
  default  = {}
  nullable = false

  validation {
    condition     = length(var.risk_configuration) == 0 || var.threat_protection != "OFF"
    error_message = "risk_configuration needs threat_protection AUDIT or ENFORCED, which is OFF."
  }
  validation {
    condition     = length(setsubtract(keys(var.risk_configuration), concat(["ALL"], keys(var.app_clients)))) == 0
    error_message = <<-EOT
      risk_configuration: ${join(", ", setsubtract(keys(var.risk_configuration), concat(["ALL"], keys(var.app_clients))))} is
      neither ALL nor one of app_clients.
    EOT
  }
  validation {
    condition = alltrue([
      for r in var.risk_configuration :
      r.account_takeover != null
      || r.compromised_credentials != null
      || length(setunion(r.blocked_ip_ranges, r.skipped_ip_ranges)) > 0
    ])
    error_message = "risk_configuration: an entry needs account_takeover, compromised_credentials, blocked_ip_ranges or skipped_ip_ranges."
  }
  validation {
    condition = alltrue(flatten([for r in var.risk_configuration : [for level in ["low", "medium", "high"] :
      contains(["BLOCK", "MFA_IF_CONFIGURED", "MFA_REQUIRED", "NO_ACTION"], try(r.account_takeover[level].action, "BLOCK"))
    ]]))
    error_message = "risk_configuration: account_takeover's actions are BLOCK, MFA_IF_CONFIGURED, MFA_REQUIRED and NO_ACTION."
  }
  validation {
    condition = alltrue([for r in var.risk_configuration :
      contains(["BLOCK", "NO_ACTION"], try(r.compromised_credentials.action, "BLOCK")) &&
      length(setsubtract(try(r.compromised_credentials.event_filter, []), ["PASSWORD_CHANGE", "SIGN_IN", "SIGN_UP"])) == 0
    ])
    error_message = <<-EOT
      risk_configuration: compromised_credentials has the action BLOCK or NO_ACTION, and in event_filter PASSWORD_CHANGE,
      SIGN_IN and SIGN_UP.
    EOT
  }
  validation {
    condition = alltrue(flatten([
      for r in var.risk_configuration :
      [for range in setunion(r.blocked_ip_ranges, r.skipped_ip_ranges) : can(cidrhost(range, 0))]
    ]))
    error_message = join("", [
      "risk_configuration: not a range like 192.0.2.0/24: ",
      join(", ", flatten([
        for r in var.risk_configuration :
        [for range in setunion(r.blocked_ip_ranges, r.skipped_ip_ranges) : range if !can(cidrhost(range, 0))]
      ])),
      ".",
    ])
  }
}

variable "ui_customization" {
  description = <<-EOT
    Style of the classic pages (managed_login_version 1), by app client; the key ALL stands for all that have no entry: css, and
    a logo as base64. Needs a domain.
  EOT
  type = map(object({
    css        = optional(string)
    image_file = optional(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = length(var.ui_customization) == 0 || var.domain != null
    error_message = "ui_customization needs a domain."
  }
  validation {
    condition     = length(setsubtract(keys(var.ui_customization), concat(["ALL"], keys(var.app_clients)))) == 0
    error_message = <<-EOT
      ui_customization: ${join(", ", setsubtract(keys(var.ui_customization), concat(["ALL"], keys(var.app_clients))))} is
      neither ALL nor one of app_clients.
    EOT
  }
  validation {
    condition     = alltrue([for c in var.ui_customization : c.css != null || c.image_file != null])
    error_message = "ui_customization: an entry needs css or image_file."
  }
}

variable "messages" {
  description = <<-EOT
    Texts of what Cognito itself sends, where no custom-message trigger writes them. {####} stands for the code, {username} for
    the user name, {##words##} for a link with these words. null: Cognito's own.
  EOT
  type = object({
    verification = optional(object({
      email_subject         = optional(string)
      email_message         = optional(string)
      email_subject_by_link = optional(string)
      email_message_by_link = optional(string)
      sms_message           = optional(string)
    }), {})
    invitation = optional(object({
      email_subject = optional(string)
      email_message = optional(string)
      sms_message   = optional(string)
    }))
    mfa = optional(object({
      email_subject = optional(string)
      email_message = optional(string)
      sms_message   = optional(string)
    }), {})
  })
  default  = {}
  nullable = false

  # Source: MessageTemplateType of the API reference.
  validation {
    condition = alltrue([
      for text in compact([
        try(var.messages.invitation.email_message, null),
        try(var.messages.invitation.sms_message, null),
      ]) :
      strcontains(text, "{username}") && strcontains(text, "{####}")
    ])
    error_message = "messages.invitation: email_message and sms_message need {username} and {####}, the temporary password."
  }
}

variable "issuer_type" {
  description = <<-EOT
    Form of the issuer in the tokens, for the output issuer: ORIGINAL, or UPDATED if the pool's IssuerConfiguration, which the
    provider cannot set, says so.
  EOT
  type        = string
  default     = "ORIGINAL"

  validation {
    condition     = contains(["ORIGINAL", "UPDATED"], var.issuer_type)
    error_message = "issuer_type is \"${var.issuer_type}\": set ORIGINAL or UPDATED."
  }
}

variable "password_policy" {
  description = <<-EOT
    Requirements for passwords, the days that a temporary password is valid, and how many earlier passwords a new one must
    differ from. Omitted members have Cognito's own defaults, which are in the type.
  EOT
  type = object({
    minimum_length                   = optional(number, 8)
    require_lowercase                = optional(bool, true)
    require_uppercase                = optional(bool, true)
    require_numbers                  = optional(bool, true)
    require_symbols                  = optional(bool, true)
    temporary_password_validity_days = optional(number, 7)
    password_history_size            = optional(number, 0)
  })
  default = {}

  validation {
    condition     = var.password_policy.minimum_length >= 8 && var.password_policy.minimum_length <= 99
    error_message = <<-EOT
      password_policy.minimum_length is ${var.password_policy.minimum_length}: Cognito takes up to 99, and fewer than 8 is too
      weak.
    EOT
  }
  validation {
    condition     = var.password_policy.password_history_size == 0 || var.feature_plan != "LITE"
    error_message = "password_policy.password_history_size needs feature_plan ESSENTIALS or PLUS, and the plan is LITE."
  }
}

variable "custom_attributes" {
  description = <<-EOT
    Custom attributes by name, without "custom:". They can be added later, never changed or removed. constraints = false: a
    string without bounds, as other tools make it. An admin_only attribute is not allowed in any client's write list.
  EOT
  type = map(object({
    type        = optional(string, "String")
    mutable     = optional(bool, true)
    constraints = optional(bool, true)
    min_length  = optional(number, 0)
    max_length  = optional(number, 2048)
    min_value   = optional(number)
    max_value   = optional(number)
    admin_only  = optional(bool, false)
  }))
  default = {}

  validation {
    condition     = alltrue([for a in var.custom_attributes : contains(["String", "Number", "Boolean", "DateTime"], a.type)])
    error_message = <<-EOT
      custom_attributes: type must be String, Number, Boolean or DateTime, which it is not for:
      ${join(", ", [for n, a in var.custom_attributes : n if !contains(["String", "Number", "Boolean", "DateTime"], a.type)])}.
    EOT
  }
  validation {
    condition     = alltrue([for n in keys(var.custom_attributes) : can(regex("^[A-Za-z0-9_.-]{1,20}$", n))])
    error_message = <<-EOT
      custom_attributes: write names without "custom:", 1 to 20 letters, digits, dots, dashes or underscores. These are not
      valid: ${join(", ", [for n in keys(var.custom_attributes) : n if !can(regex("^[A-Za-z0-9_.-]{1,20}$", n))])}.
    EOT
  }
  # Cognito would take the name for the standard attribute.
  validation {
    condition     = length(setintersection(keys(var.custom_attributes), local.string_attributes)) == 0
    error_message = <<-EOT
      custom_attributes: ${join(", ", setintersection(keys(var.custom_attributes), local.string_attributes))} is a standard
      attribute, which every pool has: remove it, or choose another name.
    EOT
  }
  validation {
    condition = alltrue([for a in var.custom_attributes :
      a.min_length >= 0 && a.min_length <= a.max_length && a.max_length <= 2048 &&
      (a.min_value == null || a.max_value == null ? true : a.min_value <= a.max_value)
    ])
    error_message = join("", [
      "custom_attributes: 0 <= min_length <= max_length <= 2048 and min_value <= max_value, which does not hold for: ",
      join(", ", [
        for n, a in var.custom_attributes : n
        if a.min_length < 0 || a.min_length > a.max_length || a.max_length > 2048
        || (a.min_value == null || a.max_value == null ? false : a.min_value > a.max_value)
      ]),
      ".",
    ])
  }
}

variable "required_attributes" {
  description = <<-EOT
    Standard attributes that every sign-up must carry, for example ["name"]. Cognito fixes it at creation: a different list
    fails at apply.
  EOT
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(setsubtract(var.required_attributes, local.string_attributes)) == 0
    error_message = <<-EOT
      required_attributes: not a standard attribute that can be required:
      ${join(", ", setsubtract(var.required_attributes, local.string_attributes))}.
    EOT
  }
}

variable "adopted_user_pool_id" {
  description = <<-EOT
    Id of an existing pool that is imported. Its schema is then taken as it is, however it was made; custom_attributes adds what
    it lacks, and what it says of the others does not matter. null: the schema is what custom_attributes and required_attributes
    say.
  EOT
  type        = string
  default     = null
}

variable "app_clients" {
  description = <<-EOT
    App clients by name. auth_flows are Cognito's names without ALLOW_; read and write attributes are explicit, custom ones as
    "custom:name"; oauth.flow is code or client_credentials. imported belongs to a client that was imported, for good, or
    Terraform replaces it. validity has other units, for example "2 hours", and comes before the minutes and days.
    refresh_token_rotation takes the place of REFRESH_TOKEN_AUTH.
  EOT
  type = map(object({
    auth_flows           = optional(set(string), ["USER_SRP_AUTH", "REFRESH_TOKEN_AUTH"])
    read_attributes      = optional(set(string), ["email", "email_verified"])
    write_attributes     = optional(set(string), ["email"])
    generate_secret      = optional(bool, false)
    imported             = optional(bool, false)
    access_token_minutes = optional(number, 60)
    id_token_minutes     = optional(number, 60)
    refresh_token_days   = optional(number, 30)
    identity_providers   = optional(set(string), ["COGNITO"])

    validity = optional(object({
      access_token  = optional(string)
      id_token      = optional(string)
      refresh_token = optional(string)
    }), {})
    refresh_token_rotation = optional(object({
      retry_grace_period_seconds = optional(number, 0)
    }))
    auth_session_validity                         = optional(number, 3)
    enable_propagate_additional_user_context_data = optional(bool, false)
    prevent_user_existence_errors                 = optional(string, "ENABLED")

    oauth = optional(object({
      flow                 = optional(string, "code")
      scopes               = optional(set(string), ["openid", "email"])
      callback_urls        = optional(set(string), [])
      logout_urls          = optional(set(string), [])
      default_redirect_uri = optional(string)
    }))
  }))
  default = {}

  validation {
    condition     = length(setsubtract(flatten([for c in var.app_clients : tolist(c.auth_flows)]), local.auth_flows)) == 0
    error_message = <<-EOT
      app_clients: auth_flows may hold ${join(", ", local.auth_flows)}. Not among them:
      ${join(", ", setsubtract(flatten([for c in var.app_clients : tolist(c.auth_flows)]), local.auth_flows))}.
    EOT
  }
  validation {
    condition     = alltrue([for c in var.app_clients : length(c.auth_flows) > 0])
    error_message = <<-EOT
      app_clients: auth_flows is empty for ${join(", ", [for n, c in var.app_clients : n if length(c.auth_flows) == 0])}.
      Cognito takes an empty list for USER_SRP_AUTH, CUSTOM_AUTH and REFRESH_TOKEN_AUTH: list the flows that you mean, for a
      service REFRESH_TOKEN_AUTH.
    EOT
  }
  validation {
    condition     = var.feature_plan != "LITE" || alltrue([for c in var.app_clients : !contains(c.auth_flows, "USER_AUTH")])
    error_message = <<-EOT
      app_clients: the flow USER_AUTH of ${join(", ", [for n, c in var.app_clients : n if contains(c.auth_flows, "USER_AUTH")])}
      needs feature_plan ESSENTIALS or PLUS, and the plan is LITE.
    EOT
  }
  validation {
    condition     = alltrue([for c in var.app_clients : c.oauth == null ? true : contains(["code", "client_credentials"], c.oauth.flow)])
    error_message = <<-EOT
      app_clients: oauth.flow is "code" or "client_credentials". The implicit flow puts tokens into URLs and is not offered.
    EOT
  }
  validation {
    condition = alltrue([
      for c in var.app_clients : c.oauth == null ? true : c.oauth.flow != "code" || length(c.oauth.callback_urls) > 0
    ])
    error_message = "app_clients: oauth.flow \"code\" needs at least one of oauth.callback_urls."
  }
  validation {
    condition     = alltrue([for c in var.app_clients : c.oauth == null ? true : c.oauth.flow != "client_credentials" || c.generate_secret])
    error_message = "app_clients: oauth.flow \"client_credentials\" needs generate_secret = true."
  }
  # The default of oauth.scopes is for users; Cognito refuses those scopes for a service.
  validation {
    condition = alltrue([for c in var.app_clients : try(c.oauth.flow, "none") != "client_credentials" ? true :
      length(c.oauth.scopes) > 0
      && length(setintersection(c.oauth.scopes, ["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"])) == 0
    ])
    error_message = <<-EOT
      app_clients: oauth.flow "client_credentials" needs oauth.scopes of resource_servers, "identifier/scope", and no other:
      there is no user whose e-mail address or profile a token could give.
    EOT
  }
  validation {
    condition = alltrue(flatten([
      for c in var.app_clients :
      [for text in c.validity : text == null || can(regex("^[0-9]+ (seconds|minutes|hours|days)$", text))]
    ]))
    error_message = join("", [
      "app_clients: validity is a whole number with seconds, minutes, hours or days, for example \"2 hours\". Not so: ",
      join(", ", flatten([
        for c in var.app_clients : [
          for text in c.validity : text
          if text != null && !can(regex("^[0-9]+ (seconds|minutes|hours|days)$", text))
        ]
      ])),
      ".",
    ])
  }
  validation {
    condition     = alltrue([for c in var.app_clients : c.refresh_token_rotation == null || !contains(c.auth_flows, "REFRESH_TOKEN_AUTH")])
    error_message = <<-EOT
      app_clients: refresh_token_rotation of
      ${join(", ", [for n, c in var.app_clients : n if c.refresh_token_rotation != null && contains(c.auth_flows, "REFRESH_TOKEN_AUTH")])}
      excludes the flow REFRESH_TOKEN_AUTH, which is in the default of auth_flows: list auth_flows without it. Clients then
      refresh with GetTokensFromRefreshToken or the token endpoint.
    EOT
  }
  validation {
    condition     = alltrue([for c in var.app_clients : !c.enable_propagate_additional_user_context_data || c.generate_secret])
    error_message = <<-EOT
      app_clients: enable_propagate_additional_user_context_data of
      ${join(", ", [for n, c in var.app_clients : n if c.enable_propagate_additional_user_context_data && !c.generate_secret])}
      needs generate_secret = true.
    EOT
  }
  validation {
    condition     = alltrue([for c in var.app_clients : contains(["ENABLED", "LEGACY"], c.prevent_user_existence_errors)])
    error_message = "app_clients: prevent_user_existence_errors is ENABLED, or LEGACY for a client that may tell whether a user exists."
  }
  validation {
    condition     = alltrue([for c in var.app_clients : try(contains(c.oauth.callback_urls, c.oauth.default_redirect_uri), true)])
    error_message = <<-EOT
      app_clients: oauth.default_redirect_uri of
      ${join(", ", [for n, c in var.app_clients : n if try(!contains(c.oauth.callback_urls, c.oauth.default_redirect_uri), false)])}
      is not one of its callback_urls.
    EOT
  }
}

variable "groups" {
  description = "Groups by name. A lower precedence wins; role_arn is the IAM role that an identity pool gives to members."
  type = map(object({
    description = optional(string)
    precedence  = optional(number)
    role_arn    = optional(string)
  }))
  default = {}

  # The provider leaves 0 out, and the group has no precedence.
  validation {
    condition     = alltrue([for g in var.groups : coalesce(g.precedence, 1) >= 1])
    error_message = <<-EOT
      groups: precedence is a number from 1 on, the lowest for the group that wins; the provider takes 0 for none. Not so for:
      ${join(", ", [for n, g in var.groups : n if coalesce(g.precedence, 1) < 1])}.
    EOT
  }
}

variable "domain" {
  description = <<-EOT
    Domain of managed login: a prefix of Cognito's domain, or a custom domain with its ACM certificate from us-east-1.
    managed_login_version 2 needs a style for each app client. null: no domain.
  EOT
  type = object({
    prefix                = optional(string)
    custom                = optional(string)
    certificate_arn       = optional(string)
    managed_login_version = optional(number)
  })
  default = null

  validation {
    condition     = contains([1, 2], try(coalesce(var.domain.managed_login_version, 1), 1))
    error_message = <<-EOT
      domain.managed_login_version is ${try(coalesce(var.domain.managed_login_version, 1), 1)}: set 1 (classic pages) or 2
      (managed login).
    EOT
  }
  validation {
    condition     = var.domain == null ? true : (var.domain.prefix == null) != (var.domain.custom == null)
    error_message = "domain: set prefix or custom, one of the two."
  }
  validation {
    condition     = var.domain == null ? true : (var.domain.custom == null) == (var.domain.certificate_arn == null)
    error_message = "domain: custom and certificate_arn belong together; a prefix needs no certificate."
  }
  # Source: the CreateUserPoolDomain page of the API reference, and "Configuring a user pool domain" in the developer guide.
  validation {
    condition = (
      try(var.domain.prefix, null) == null ? true :
      can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.domain.prefix))
      && !can(regex("aws|amazon|cognito", var.domain.prefix))
    )
    error_message = <<-EOT
      domain.prefix is "${try(coalesce(var.domain.prefix, "null"), "null")}": use 1 to 63 lower-case letters, digits and dashes,
      a letter or digit first and last, without the words aws, amazon and cognito.
    EOT
  }
  validation {
    condition = (
      try(var.domain.certificate_arn, null) == null ? true :
      can(regex("^arn:[^:]+:acm:us-east-1:[0-9]{12}:certificate/", var.domain.certificate_arn))
    )
    error_message = <<-EOT
      domain.certificate_arn is "${try(coalesce(var.domain.certificate_arn, "null"), "null")}": CloudFront serves the domain and
      takes certificates of us-east-1 only, arn:aws:acm:us-east-1:…:certificate/….
    EOT
  }
  validation {
    condition     = try(coalesce(var.domain.managed_login_version, 1), 1) == 1 || var.feature_plan != "LITE"
    error_message = "domain.managed_login_version 2 needs feature_plan ESSENTIALS or PLUS, and the plan is LITE."
  }
}

variable "resource_servers" {
  description = "Resource servers by identifier, each with its scopes: name to description. A client requests \"identifier/scope\"."
  type = map(object({
    name   = optional(string)
    scopes = map(string)
  }))
  default = {}
}

variable "identity_providers" {
  description = <<-EOT
    Identity providers by name. Google, Facebook, SignInWithApple and LoginWithAmazon have fixed names; name OIDC and SAML
    providers yourself. Secrets belong in identity_provider_secrets.
  EOT
  type = map(object({
    type                      = string
    attribute_mapping         = map(string)
    idp_identifiers           = optional(list(string), [])
    client_id                 = optional(string)
    authorize_scopes          = optional(string)
    issuer                    = optional(string)
    attributes_request_method = optional(string, "GET")
    authorize_url             = optional(string)
    token_url                 = optional(string)
    attributes_url            = optional(string)
    jwks_uri                  = optional(string)
    metadata_url              = optional(string)
    metadata_file             = optional(string)
    encrypted_responses       = optional(bool)
    idp_init                  = optional(bool)
    idp_signout               = optional(bool)
    request_signing_algorithm = optional(string)
    team_id                   = optional(string)
    key_id                    = optional(string)
    api_version               = optional(string)
  }))
  default = {}

  validation {
    condition = alltrue([
      for p in var.identity_providers :
      contains(["OIDC", "SAML", "Google", "Facebook", "SignInWithApple", "LoginWithAmazon"], p.type)
    ])
    error_message = "identity_providers: type is OIDC, SAML, Google, Facebook, SignInWithApple or LoginWithAmazon."
  }
  validation {
    condition = alltrue([
      for n, p in var.identity_providers :
      contains(["OIDC", "SAML"], p.type)
      ? !contains(["COGNITO", "Google", "Facebook", "SignInWithApple", "LoginWithAmazon"], n) &&
      can(regex("^[^_\\s][^\\s]{1,30}[^_\\s]$", n))
      : n == p.type
    ])
    error_message = <<-EOT
      identity_providers: a social provider's name is its type; OIDC and SAML take a name of their own, 3 to 32 characters
      without blanks.
    EOT
  }
}

variable "identity_provider_secrets" {
  description = <<-EOT
    Client secrets of the identity providers by name; for SignInWithApple, the private key. They are stored in the state:
    encrypt it.
  EOT
  type        = map(string)
  default     = {}
  sensitive   = true
}

variable "ses_identity" {
  description = <<-EOT
    SES identity that sends the pool's mail: its ARN and the from address. null: Cognito's own sender, 50 mails a day and fixed
    templates.
  EOT
  type = object({
    arn               = string
    from              = string
    reply_to          = optional(string)
    configuration_set = optional(string)
  })
  default = null

  validation {
    condition     = var.ses_identity == null ? true : length(var.ses_identity.from) > 0
    error_message = "ses_identity.from is empty: set an address of the identity, \"hello@example.org\" or \"Example <hello@example.org>\"."
  }
}

variable "verification" {
  description = "How an e-mail address is verified: code or link. A link needs a domain."
  type        = string
  default     = "code"
  nullable    = false

  validation {
    condition     = contains(["code", "link"], var.verification)
    error_message = "verification is \"${var.verification}\": set code or link."
  }
  validation {
    condition     = var.verification == "code" || var.domain != null
    error_message = "verification = \"link\" needs a domain for the link."
  }
}

variable "lambda_config" {
  description = <<-EOT
    Triggers of the pool, with the attributes of aws_cognito_user_pool.lambda_config. null: no trigger. inbound_federation is
    always refused: this module cannot attach it.
  EOT
  type = object({
    create_auth_challenge          = optional(string)
    custom_message                 = optional(string)
    define_auth_challenge          = optional(string)
    post_authentication            = optional(string)
    post_confirmation              = optional(string)
    pre_authentication             = optional(string)
    pre_sign_up                    = optional(string)
    pre_token_generation           = optional(string)
    user_migration                 = optional(string)
    verify_auth_challenge_response = optional(string)
    kms_key_id                     = optional(string)
    pre_token_generation_config    = optional(object({ lambda_arn = string, lambda_version = string }))
    custom_email_sender            = optional(object({ lambda_arn = string, lambda_version = string }))
    custom_sms_sender              = optional(object({ lambda_arn = string, lambda_version = string }))
    inbound_federation             = optional(object({ lambda_arn = string, lambda_version = string }))
  })
  default = null

  validation {
    condition     = try(var.lambda_config.inbound_federation, null) == null
    error_message = <<-EOT
      lambda_config.inbound_federation: the AWS provider cannot attach this trigger, and each of its updates to the pool
      detaches it. Disable the trigger, or attach it with poolctl after every apply (see the module's README).
    EOT
  }
  validation {
    condition     = var.feature_plan != "LITE" || try(var.lambda_config.pre_token_generation_config.lambda_version, "V1_0") == "V1_0"
    error_message = <<-EOT
      lambda_config: event version ${try(var.lambda_config.pre_token_generation_config.lambda_version, "V1_0")} needs
      feature_plan ESSENTIALS or PLUS, and the plan is LITE. Raise the plan, or set event_version V1_0 in the trigger's
      function.json.
    EOT
  }
  validation {
    condition = (
      try(var.lambda_config.kms_key_id, null) == null
      || try(var.lambda_config.custom_email_sender, null) != null
      || try(var.lambda_config.custom_sms_sender, null) != null
    )
    error_message = "lambda_config.kms_key_id is only for custom senders, and there is none: remove it."
  }
  validation {
    condition = (
      try(var.lambda_config.kms_key_id, null) != null
      || (
        try(var.lambda_config.custom_email_sender, null) == null
        && try(var.lambda_config.custom_sms_sender, null) == null
      )
    )
    error_message = "lambda_config: a custom sender needs kms_key_id, the key that Cognito encrypts codes with."
  }
}

variable "guard_user_pool_id" {
  description = <<-EOT
    Id of the pool once it exists. Set it if an inbound federation trigger was attached outside of Terraform: plans then fail
    instead of detaching it, or say that it has to be attached again if it is that of inbound_federation_arn.
  EOT
  type        = string
  default     = null
}

variable "attaches_inbound_federation" {
  description = <<-EOT
    Whether poolctl attaches an inbound federation trigger, which this module cannot. Known before the function exists, unlike
    inbound_federation_arn.
  EOT
  type        = bool
  default     = false
}

variable "inbound_federation_arn" {
  description = "ARN of the function that poolctl attaches for inbound federation. null: none."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of the pool."
  type        = map(string)
  default     = {}
}
