variable "name" {
  description = "Name of the user pool. Cognito cannot rename a pool, so another name changes nothing."
  type        = string
}

variable "feature_plan" {
  description = "Cognito feature plan: LITE, ESSENTIALS or PLUS. Event versions V2_0 and V3_0 of the pre token generation trigger need ESSENTIALS or PLUS."
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
  description = "Second factor (TOTP): OFF, OPTIONAL (users can turn it on) or ON (required)."
  type        = string
  default     = "OPTIONAL"

  validation {
    condition     = contains(["OFF", "OPTIONAL", "ON"], var.mfa)
    error_message = "mfa is \"${var.mfa}\": set OFF, OPTIONAL or ON."
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

variable "issuer_type" {
  description = "Form of the issuer in the tokens, for the output issuer: ORIGINAL, or UPDATED if the pool's IssuerConfiguration, which the provider cannot set, says so."
  type        = string
  default     = "ORIGINAL"

  validation {
    condition     = contains(["ORIGINAL", "UPDATED"], var.issuer_type)
    error_message = "issuer_type is \"${var.issuer_type}\": set ORIGINAL or UPDATED."
  }
}

variable "password_policy" {
  description = "Requirements for passwords, and the days that a temporary password is valid. Omitted members have Cognito's own defaults, which are in the type."
  type = object({
    minimum_length                   = optional(number, 8)
    require_lowercase                = optional(bool, true)
    require_uppercase                = optional(bool, true)
    require_numbers                  = optional(bool, true)
    require_symbols                  = optional(bool, true)
    temporary_password_validity_days = optional(number, 7)
  })
  default = {}

  validation {
    condition     = var.password_policy.minimum_length >= 8 && var.password_policy.minimum_length <= 99
    error_message = "password_policy.minimum_length is ${var.password_policy.minimum_length}: Cognito takes up to 99, and fewer than 8 is too weak."
  }
}

variable "custom_attributes" {
  description = "Custom attributes by name, without \"custom:\". They can be added later, never changed or removed. An admin_only attribute is not allowed in any client's write list."
  type = map(object({
    type       = optional(string, "String")
    mutable    = optional(bool, true)
    min_length = optional(number, 0)
    max_length = optional(number, 2048)
    min_value  = optional(number)
    max_value  = optional(number)
    admin_only = optional(bool, false)
  }))
  default = {}

  validation {
    condition     = alltrue([for a in var.custom_attributes : contains(["String", "Number", "Boolean", "DateTime"], a.type)])
    error_message = "custom_attributes: type must be String, Number, Boolean or DateTime, which it is not for: ${join(", ", [for n, a in var.custom_attributes : n if !contains(["String", "Number", "Boolean", "DateTime"], a.type)])}."
  }
  validation {
    condition     = alltrue([for n in keys(var.custom_attributes) : can(regex("^[A-Za-z0-9_.-]{1,20}$", n))])
    error_message = "custom_attributes: write names without \"custom:\", 1 to 20 letters, digits, dots, dashes or underscores. These are not valid: ${join(", ", [for n in keys(var.custom_attributes) : n if !can(regex("^[A-Za-z0-9_.-]{1,20}$", n))])}."
  }
  validation {
    condition = alltrue([for a in var.custom_attributes :
      a.min_length >= 0 && a.min_length <= a.max_length && a.max_length <= 2048 &&
      (a.min_value == null || a.max_value == null ? true : a.min_value <= a.max_value)
    ])
    error_message = "custom_attributes: 0 <= min_length <= max_length <= 2048 and min_value <= max_value, which does not hold for: ${join(", ", [for n, a in var.custom_attributes : n if a.min_length < 0 || a.min_length > a.max_length || a.max_length > 2048 || (a.min_value == null || a.max_value == null ? false : a.min_value > a.max_value)])}."
  }
}

variable "required_attributes" {
  description = "Standard attributes that every sign-up must carry, for example [\"name\"]. Cognito fixes it at creation: a different list fails at apply."
  type        = set(string)
  default     = []

  validation {
    condition     = length(setsubtract(var.required_attributes, local.string_attributes)) == 0
    error_message = "required_attributes: not a standard attribute that can be required: ${join(", ", setsubtract(var.required_attributes, local.string_attributes))}."
  }
}

variable "app_clients" {
  description = "App clients by name. auth_flows are Cognito's names without ALLOW_; read and write attributes are explicit, custom ones as \"custom:name\"; oauth.flow is code or client_credentials."
  type = map(object({
    auth_flows           = optional(set(string), ["USER_SRP_AUTH", "REFRESH_TOKEN_AUTH"])
    read_attributes      = optional(set(string), ["email", "email_verified"])
    write_attributes     = optional(set(string), ["email"])
    generate_secret      = optional(bool, false)
    access_token_minutes = optional(number, 60)
    id_token_minutes     = optional(number, 60)
    refresh_token_days   = optional(number, 30)
    identity_providers   = optional(set(string), ["COGNITO"])
    oauth = optional(object({
      flow          = optional(string, "code")
      scopes        = optional(set(string), ["openid", "email"])
      callback_urls = optional(set(string), [])
      logout_urls   = optional(set(string), [])
    }))
  }))
  default = {}

  validation {
    condition     = length(setsubtract(flatten([for c in var.app_clients : tolist(c.auth_flows)]), local.auth_flows)) == 0
    error_message = "app_clients: auth_flows may hold ${join(", ", local.auth_flows)}. Not among them: ${join(", ", setsubtract(flatten([for c in var.app_clients : tolist(c.auth_flows)]), local.auth_flows))}."
  }
  validation {
    condition     = alltrue([for c in var.app_clients : length(c.auth_flows) > 0])
    error_message = "app_clients: auth_flows is empty for ${join(", ", [for n, c in var.app_clients : n if length(c.auth_flows) == 0])}. Cognito takes an empty list for USER_SRP_AUTH, CUSTOM_AUTH and REFRESH_TOKEN_AUTH: list the flows that you mean, for a service REFRESH_TOKEN_AUTH."
  }
  validation {
    condition     = var.feature_plan != "LITE" || alltrue([for c in var.app_clients : !contains(c.auth_flows, "USER_AUTH")])
    error_message = "app_clients: the flow USER_AUTH of ${join(", ", [for n, c in var.app_clients : n if contains(c.auth_flows, "USER_AUTH")])} needs feature_plan ESSENTIALS or PLUS, and the plan is LITE."
  }
  validation {
    condition     = alltrue([for c in var.app_clients : c.oauth == null ? true : contains(["code", "client_credentials"], c.oauth.flow)])
    error_message = "app_clients: oauth.flow is \"code\" or \"client_credentials\". The implicit flow puts tokens into URLs and is not offered."
  }
  validation {
    condition     = alltrue([for c in var.app_clients : c.oauth == null ? true : c.oauth.flow != "code" || length(c.oauth.callback_urls) > 0])
    error_message = "app_clients: oauth.flow \"code\" needs at least one of oauth.callback_urls."
  }
  validation {
    condition     = alltrue([for c in var.app_clients : c.oauth == null ? true : c.oauth.flow != "client_credentials" || c.generate_secret])
    error_message = "app_clients: oauth.flow \"client_credentials\" needs generate_secret = true."
  }
  # The default of oauth.scopes is for users; Cognito refuses those scopes for a service.
  validation {
    condition = alltrue([for c in var.app_clients : try(c.oauth.flow, "none") != "client_credentials" ? true :
      length(c.oauth.scopes) > 0 && length(setintersection(c.oauth.scopes, ["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"])) == 0
    ])
    error_message = "app_clients: oauth.flow \"client_credentials\" needs oauth.scopes of resource_servers, \"identifier/scope\", and no other: there is no user whose e-mail address or profile a token could give."
  }
  validation {
    condition = alltrue([for c in var.app_clients :
      c.access_token_minutes >= 5 && c.access_token_minutes <= 1440 && c.id_token_minutes >= 5 && c.id_token_minutes <= 1440 &&
      c.refresh_token_days >= 1 && c.refresh_token_days <= 3650
    ])
    error_message = "app_clients: access_token_minutes and id_token_minutes are 5 to 1440, refresh_token_days is 1 to 3650."
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
}

variable "domain" {
  description = "Domain of managed login: a prefix of Cognito's domain, or a custom domain with its ACM certificate from us-east-1. managed_login_version 2 needs a style for each app client. null: no domain."
  type = object({
    prefix                = optional(string)
    custom                = optional(string)
    certificate_arn       = optional(string)
    managed_login_version = optional(number)
  })
  default = null

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
    condition     = try(var.domain.prefix, null) == null ? true : can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.domain.prefix)) && !can(regex("aws|amazon|cognito", var.domain.prefix))
    error_message = "domain.prefix is \"${try(coalesce(var.domain.prefix, "null"), "null")}\": use 1 to 63 lower-case letters, digits and dashes, a letter or digit first and last, without the words aws, amazon and cognito."
  }
  validation {
    condition     = try(var.domain.certificate_arn, null) == null ? true : can(regex("^arn:[^:]+:acm:us-east-1:[0-9]{12}:certificate/", var.domain.certificate_arn))
    error_message = "domain.certificate_arn is \"${try(coalesce(var.domain.certificate_arn, "null"), "null")}\": CloudFront serves the domain and takes certificates of us-east-1 only, arn:aws:acm:us-east-1:…:certificate/…."
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
  description = "Identity providers by name. Google, Facebook, SignInWithApple and LoginWithAmazon have fixed names; name OIDC and SAML providers yourself. Secrets belong in identity_provider_secrets."
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
    condition     = alltrue([for p in var.identity_providers : contains(["OIDC", "SAML", "Google", "Facebook", "SignInWithApple", "LoginWithAmazon"], p.type)])
    error_message = "identity_providers: type is OIDC, SAML, Google, Facebook, SignInWithApple or LoginWithAmazon."
  }
  validation {
    condition     = alltrue([for n, p in var.identity_providers : contains(["OIDC", "SAML"], p.type) ? !contains(["COGNITO", "Google", "Facebook", "SignInWithApple", "LoginWithAmazon"], n) && can(regex("^[^_\\s][^\\s]{1,30}[^_\\s]$", n)) : n == p.type])
    error_message = "identity_providers: a social provider's name is its type; OIDC and SAML take a name of their own, 3 to 32 characters without blanks."
  }
}

variable "identity_provider_secrets" {
  description = "Client secrets of the identity providers by name; for SignInWithApple, the private key. They are stored in the state: encrypt it."
  type        = map(string)
  default     = {}
  sensitive   = true
}

variable "ses_identity" {
  description = "SES identity that sends the pool's mail: its ARN and the from address. null: Cognito's own sender, 50 mails a day and fixed templates."
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
  description = "Triggers of the pool, with the attributes of aws_cognito_user_pool.lambda_config. null: no trigger. inbound_federation is always refused: this module cannot attach it."
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
    error_message = "lambda_config.inbound_federation: the AWS provider cannot attach this trigger, and each of its updates to the pool detaches it. Disable the trigger, or attach it with poolctl after every apply (see the module's README)."
  }
  validation {
    condition     = var.feature_plan != "LITE" || try(var.lambda_config.pre_token_generation_config.lambda_version, "V1_0") == "V1_0"
    error_message = "lambda_config: event version ${try(var.lambda_config.pre_token_generation_config.lambda_version, "V1_0")} needs feature_plan ESSENTIALS or PLUS, and the plan is LITE. Raise the plan, or set event_version V1_0 in the trigger's function.json."
  }
  validation {
    condition     = try(var.lambda_config.kms_key_id, null) == null || try(var.lambda_config.custom_email_sender, null) != null || try(var.lambda_config.custom_sms_sender, null) != null
    error_message = "lambda_config.kms_key_id is only for custom senders, and there is none: remove it."
  }
  validation {
    condition     = try(var.lambda_config.kms_key_id, null) != null || (try(var.lambda_config.custom_email_sender, null) == null && try(var.lambda_config.custom_sms_sender, null) == null)
    error_message = "lambda_config: a custom sender needs kms_key_id, the key that Cognito encrypts codes with."
  }
}

variable "guard_user_pool_id" {
  description = "Id of the pool once it exists. Set it if an inbound federation trigger was attached outside of Terraform: plans then fail instead of detaching it, or say that it has to be attached again if it is that of inbound_federation_arn."
  type        = string
  default     = null
}

variable "attaches_inbound_federation" {
  description = "Whether poolctl attaches an inbound federation trigger, which this module cannot. Known before the function exists, unlike inbound_federation_arn."
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
