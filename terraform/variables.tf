variable "name" {
  description = <<-EOT
    Name of the user pool, and the prefix of every other name: 2 to 28 characters, with verify-auth-challenge-response at most 18, with
    define-auth-challenge or create-auth-challenge at most 27.
  EOT
  type        = string
  default     = "cognito-triggers"

  # This leaves room for the triggers that are on by default: with more, the role name of pre-token-generation exceeds IAM's 64
  # characters. The module function refuses a name that is too long for a trigger with a longer name.
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,26}[a-z0-9]$", var.name))
    error_message = "name is \"${var.name}\": use 2 to 28 lower-case letters, digits and dashes, a letter first."
  }
}

variable "user_pool_name" {
  description = "Name of the user pool alone, for an imported one that has another. null: name."
  type        = string
  default     = null
}

variable "feature_plan" {
  description = "Cognito feature plan: LITE, ESSENTIALS or PLUS. Claims in access tokens need ESSENTIALS or PLUS."
  type        = string
  default     = "ESSENTIALS"
}

variable "deletion_protection" {
  description = "Whether the pool and the tables are protected from deletion. Turn it off and apply before a destroy."
  type        = bool
  default     = true
}

variable "invite_only" {
  description = "Whether only administrators can create users."
  type        = bool
  default     = false
}

variable "sign_in" {
  description = "What users sign in with; Cognito fixes it at creation. Omitted: their e-mail address, whatever its case."
  type = object({
    username_attributes = optional(set(string))
    alias_attributes    = optional(set(string))
    case_sensitive      = optional(bool)
  })
  default = {}
}

variable "auto_verified_attributes" {
  description = "What Cognito sends a code to when a user signs up: email, phone_number. phone_number needs sms_configuration."
  type        = set(string)
  default     = ["email"]
}

variable "attributes_require_verification_before_update" {
  description = "Which of auto_verified_attributes keep their old value until the new one is verified. null: all."
  type        = set(string)
  default     = null
}

variable "verification" {
  description = "How an e-mail address is verified: code or link. A link needs a domain."
  type        = string
  default     = "code"
}

variable "account_recovery" {
  description = <<-EOT
    How users recover an account, the preferred way first: verified_email, verified_phone_number; or admin_only. Phone numbers
    are reassigned, so the default is the e-mail address alone.
  EOT
  type        = list(string)
  default     = ["verified_email"]
}

variable "mfa" {
  description = "Second factor: OFF, OPTIONAL or ON."
  type        = string
  default     = "OPTIONAL"
}

variable "mfa_factors" {
  description = <<-EOT
    Second factors that users can choose unless mfa is OFF: TOTP, SMS, EMAIL. SMS belongs together with sms_configuration; EMAIL
    needs ses_identity and feature_plan ESSENTIALS or PLUS.
  EOT
  type        = set(string)
  default     = ["TOTP"]
}

variable "allowed_first_auth_factors" {
  description = <<-EOT
    First factors of the flow USER_AUTH: PASSWORD and any of EMAIL_OTP, SMS_OTP, WEB_AUTHN. null: left as it is, which is
    PASSWORD alone in a new pool.
  EOT
  type        = set(string)
  default     = null
}

variable "passkeys" {
  description = <<-EOT
    Passkeys. relying_party_id: the domain that they belong to; another one makes all of them void; null: the domain of managed
    login. user_verification: required or preferred. null: as Cognito has it.
  EOT
  type = object({
    relying_party_id  = optional(string)
    user_verification = optional(string)
  })
  default = null
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
    challenge_required_on_new_device      = optional(bool)
    device_only_remembered_on_user_prompt = optional(bool)
  })
  default = null
}

variable "threat_protection" {
  description = "Threat protection of the PLUS plan: OFF, AUDIT or ENFORCED."
  type        = string
  default     = "OFF"
}

variable "custom_auth_threat_protection" {
  description = "Threat protection of the flow CUSTOM_AUTH: AUDIT or ENFORCED. null: off."
  type        = string
  default     = null
}

variable "risk_configuration" {
  description = "What threat protection does, by app client or ALL; the user-pool module's README describes the members."
  type = map(object({
    account_takeover = optional(object({
      low    = optional(object({ action = string, notify = optional(bool) }))
      medium = optional(object({ action = string, notify = optional(bool) }))
      high   = optional(object({ action = string, notify = optional(bool) }))
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
      event_filter = optional(set(string))
    }))
    blocked_ip_ranges = optional(set(string))
    skipped_ip_ranges = optional(set(string))
  }))
  default = {}
}

variable "password_policy" {
  description = "Requirements for passwords."
  type = object({
    minimum_length                   = optional(number)
    require_lowercase                = optional(bool)
    require_uppercase                = optional(bool)
    require_numbers                  = optional(bool)
    require_symbols                  = optional(bool)
    temporary_password_validity_days = optional(number)
    password_history_size            = optional(number)
  })
  default = {}
}

variable "custom_attributes" {
  description = "Custom attributes by name, without \"custom:\". No app client can write an admin_only attribute."
  type = map(object({
    type        = optional(string)
    mutable     = optional(bool)
    constraints = optional(bool)
    min_length  = optional(number)
    max_length  = optional(number)
    min_value   = optional(number)
    max_value   = optional(number)
    admin_only  = optional(bool)
  }))
  default = {}
}

variable "required_attributes" {
  description = <<-EOT
    Standard attributes that every sign-up must carry, for example ["name"]. Cognito fixes it at creation: a different list
    fails at apply.
  EOT
  type        = set(string)
  default     = []
}

variable "adopted_user_pool_id" {
  description = <<-EOT
    Id of an existing pool that is imported: its schema is then taken as it is. null: the schema is what custom_attributes and
    required_attributes say.
  EOT
  type        = string
  default     = null
}

variable "app_clients" {
  description = "App clients by name. Without auth_flows, a client can sign in with SRP and refresh tokens; password flows must be listed."
  type = map(object({
    auth_flows           = optional(set(string))
    read_attributes      = optional(set(string))
    write_attributes     = optional(set(string), ["email"])
    generate_secret      = optional(bool)
    imported             = optional(bool)
    access_token_minutes = optional(number)
    id_token_minutes     = optional(number)
    refresh_token_days   = optional(number)
    identity_providers   = optional(set(string))
    validity = optional(object({
      access_token  = optional(string)
      id_token      = optional(string)
      refresh_token = optional(string)
    }))
    refresh_token_rotation = optional(object({
      retry_grace_period_seconds = optional(number)
    }))
    auth_session_validity                         = optional(number)
    enable_propagate_additional_user_context_data = optional(bool)
    prevent_user_existence_errors                 = optional(string)
    oauth = optional(object({
      flow                 = optional(string)
      scopes               = optional(set(string))
      callback_urls        = optional(set(string))
      logout_urls          = optional(set(string))
      default_redirect_uri = optional(string)
    }))
  }))
  default = {}
}

variable "groups" {
  description = "Groups by name."
  type = map(object({
    description = optional(string)
    precedence  = optional(number)
    role_arn    = optional(string)
  }))
  default = {}
}

variable "domain" {
  description = "Domain of managed login: a prefix, or a custom domain with its certificate. null: no managed login."
  type = object({
    prefix                = optional(string)
    custom                = optional(string)
    certificate_arn       = optional(string)
    managed_login_version = optional(number)
  })
  default = null
}

variable "ui_customization" {
  description = "Style of the classic pages, by app client or ALL."
  type = map(object({
    css        = optional(string)
    image_file = optional(string)
  }))
  default = {}
}

variable "resource_servers" {
  description = "Resource servers by identifier, each with its scopes: name to description."
  type = map(object({
    name   = optional(string)
    scopes = map(string)
  }))
  default = {}
}

variable "identity_providers" {
  description = "Identity providers by name; the user-pool module's README describes the members."
  type = map(object({
    type                      = string
    attribute_mapping         = map(string)
    idp_identifiers           = optional(list(string))
    client_id                 = optional(string)
    authorize_scopes          = optional(string)
    issuer                    = optional(string)
    attributes_request_method = optional(string)
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
}

variable "identity_provider_secrets" {
  description = "Client secrets of the identity providers by name. They are stored in the state: encrypt it."
  type        = map(string)
  default     = {}
  sensitive   = true
}

variable "ses_identity" {
  description = <<-EOT
    SES identity that sends mail. null: Cognito's own sender with its fixed texts; custom-message is then not attached and no
    welcome mail is sent.
  EOT
  type = object({
    arn               = string
    from              = string
    reply_to          = optional(string)
    configuration_set = optional(string)
  })
  default = null
}

variable "messages" {
  description = "Texts of what Cognito itself sends, where no custom-message trigger writes them."
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
  default = {}
}

variable "triggers" {
  description = "Settings by trigger. A trigger that is found is attached unless enabled is false here; version rolls it back."
  type = map(object({
    enabled              = optional(bool)
    environment          = optional(map(string))
    memory_mb            = optional(number)
    reserved_concurrency = optional(number)
    version              = optional(string)
  }))
  default = {}
}

variable "only_triggers" {
  description = <<-EOT
    The triggers that are on, by directory: all others that are found are off. null: all are on that triggers does not switch
    off.
  EOT
  type        = set(string)
  default     = null
}

variable "function_options" {
  description = <<-EOT
    Options of functions, of triggers and of the API, by name, `*` for all: permissions boundary, VPC, layers, logs, gradual
    deployment and others, which modules/function-options lists.
  EOT
  type        = any
  default     = {}
  nullable    = false
}

variable "api" {
  description = <<-EOT
    The API. kind: HTTP, or REST for a REST API, which accepts tokens of all app clients. app_client: the app client for
    sign-ins. app_clients: app clients whose tokens an HTTP API accepts; null: all that sign users in. throttle: requests per
    second and burst that each route accepts, of all callers together. custom_domain: of an HTTP API; its certificate is from
    the API's Region. account_role: whether to set the role with which API Gateway writes logs of REST APIs, one for the
    account and the Region. functions: settings by function, as in triggers. null: no API; {} is the demo with posts.
  EOT
  type = object({
    kind         = optional(string, "HTTP")
    app_client   = optional(string, "app")
    app_clients  = optional(set(string))
    account_role = optional(bool)
    cors_origins = optional(list(string), [])
    throttle = optional(object({
      rate  = optional(number)
      burst = optional(number)
    }), {})
    custom_domain = optional(object({
      name            = string
      certificate_arn = string
    }))
    functions = optional(map(object({
      enabled              = optional(bool)
      environment          = optional(map(string))
      memory_mb            = optional(number)
      reserved_concurrency = optional(number)
      version              = optional(string)
    })), {})
  })
  default = null

  validation {
    condition     = var.api == null ? true : contains(keys(var.app_clients), var.api.app_client)
    error_message = <<-EOT
      api.app_client is "${try(var.api.app_client, "")}", and app_clients has ${join(", ", keys(var.app_clients))}: name one of
      them, or set api = null for no API.
    EOT
  }

  validation {
    condition     = contains(["HTTP", "REST"], try(var.api.kind, "HTTP"))
    error_message = "api.kind is \"${try(var.api.kind, "")}\": use HTTP, or REST for a REST API."
  }

  validation {
    condition = (
      try(var.api.kind, "HTTP") != "REST"
      || (try(var.api.app_clients, null) == null && try(var.api.custom_domain, null) == null)
    )
    error_message = <<-EOT
      api: a REST API accepts tokens of all app clients of the pool and gets its domain elsewhere: take app_clients and
      custom_domain out, or set kind = "HTTP".
    EOT
  }

  validation {
    condition     = try(var.api.kind, "HTTP") == "REST" || try(var.api.account_role, null) == null
    error_message = "api.account_role is for REST APIs: take it out, or set kind = \"REST\"."
  }

  # The functions have no client secret and send the password to Cognito, which would refuse only at the first sign-in.
  validation {
    condition = try(
      !coalesce(var.app_clients[var.api.app_client].generate_secret, false) &&
      contains(var.app_clients[var.api.app_client].auth_flows, "USER_PASSWORD_AUTH"),
      var.api == null || !contains(keys(var.app_clients), try(var.api.app_client, "")),
    )
    error_message = <<-EOT
      The ${try(var.api.kind, "HTTP")} API signs users in with the app client ${try(var.api.app_client, "")}, which has a
      secret or lacks the flow USER_PASSWORD_AUTH: fix it, name another one in api.app_client, or set api = null for no API.
    EOT
  }

  validation {
    condition     = length(setsubtract(coalesce(try(var.api.app_clients, null), []), keys(var.app_clients))) == 0
    error_message = <<-EOT
      api.app_clients names ${join(", ", setsubtract(coalesce(try(var.api.app_clients, null), []), keys(var.app_clients)))}, and
      app_clients has ${join(", ", keys(var.app_clients))}.
    EOT
  }
}

variable "api_path" {
  description = "Folder with the directories of the API's functions. null: this repository's."
  type        = string
  default     = null
}

variable "issuer_type" {
  description = <<-EOT
    Form of the issuer in the tokens, which is the pool's IssuerConfiguration: ORIGINAL, or UPDATED for
    `https://issuer-cognito-idp...`. The provider cannot set it on the pool: set it there with the API, after each apply that
    changes the pool.
  EOT
  type        = string
  default     = "ORIGINAL"
}

variable "token_issuer_base" {
  description = "Prefix of the pool's id in the tokens' issuer: the address of a local user pool. null: AWS."
  type        = string
  default     = null

  validation {
    condition     = var.token_issuer_base == null ? true : can(regex("^https?://[^ ?#]*[^ ?#/]$", var.token_issuer_base))
    error_message = "token_issuer_base is \"${coalesce(var.token_issuer_base, "null")}\": write a URL without a slash at the end."
  }
}

variable "triggers_path" {
  description = "Folder with the triggers' directories. null: this repository's."
  type        = string
  default     = null
}

variable "zips_path" {
  description = "Folder with the functions' zips. null: in a checkout, the output of `make build`, if code is empty."
  type        = string
  default     = null
}

variable "code" {
  description = <<-EOT
    By function, instead of NAME.zip in zips_path: zip, the path of another file, or s3, an object in a bucket of the Region.
    `poolctl build --upload` writes it for all functions.
  EOT
  type = map(object({
    zip = optional(string)
    s3 = optional(object({
      bucket         = string
      key            = string
      object_version = optional(string)
      sha256         = optional(string)
    }))
  }))
  default  = {}
  nullable = false
}

variable "architecture" {
  description = "Architecture of the zips: arm64, or x86_64 after `make build ARCH=amd64`."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture is \"${var.architecture}\": set arm64 or x86_64."
  }
}

variable "function_environment" {
  description = "Settings of every function, for example LOG_LEVEL."
  type        = map(string)
  default     = {}
}

variable "tracing" {
  description = "X-Ray: PassThrough or Active."
  type        = string
  default     = "PassThrough"
}

variable "log_retention_days" {
  description = "Days to keep log lines."
  type        = number
  default     = 30
}

variable "kms_key_arn" {
  description = "KMS key for tables, logs and settings. null: AWS's own keys."
  type        = string
  default     = null
}

variable "sender_kms_key_arn" {
  description = "KMS key that Cognito encrypts codes with for a custom sender. Only needed with such a trigger."
  type        = string
  default     = null
}

variable "live_user_pool_id" {
  description = "The pool's id, once it exists: what a new trigger needs is then made before the pool calls it. null: the pool is new."
  type        = string
  default     = null
}

variable "guard_user_pool_id" {
  description = <<-EOT
    The pool's id, once it exists, if an inbound federation trigger was attached to it outside of Terraform: plans then fail
    instead of silently detaching it.
  EOT
  type        = string
  default     = null
}

variable "alarm_topics" {
  description = "ARNs of the SNS topics that alarms go to. Empty: alarms change their state but notify nobody."
  type        = list(string)
  default     = []
}

variable "runbook_url" {
  description = "Web address of the runbook: the alarms' descriptions link into it. null: they name its section."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of everything."
  type        = map(string)
  default     = {}
}
