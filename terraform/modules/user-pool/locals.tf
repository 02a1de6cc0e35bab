# Values for the validations. Every list has the client and the attribute, so that messages say what to change.
locals {
  string_attributes = toset([
    "address", "birthdate", "email", "family_name", "gender", "given_name", "locale", "middle_name", "name", "nickname",
    "phone_number", "picture", "preferred_username", "profile", "website", "zoneinfo",
  ])
  verified_attributes = toset(["email_verified", "phone_number_verified"])

  admin_only_attributes = toset([for name, a in var.custom_attributes : "custom:${name}" if a.admin_only])
  mapped_attributes     = toset(flatten([for p in var.identity_providers : [for a in keys(p.attribute_mapping) : a if a != "username"]]))

  known_attributes = setunion(
    local.string_attributes,
    local.verified_attributes,
    ["sub", "updated_at", "identities"],
    local.custom_attributes,
  )

  # What a client may ask for.
  scopes = setunion(
    ["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"],
    flatten([for server, s in var.resource_servers : [for scope in keys(s.scopes) : "${server}/${scope}"]]),
  )
  # What a provider may fill in: Cognito writes it again at each sign-in, which fails for an attribute that cannot change.
  mappable_attributes = setunion(
    local.string_attributes, local.verified_attributes, ["username", "updated_at"],
    [for name, a in local.schema : name if a.mutable && contains(local.custom_attributes, name)],
  )

  auth_flows = [
    "USER_SRP_AUTH", "USER_PASSWORD_AUTH", "ADMIN_USER_PASSWORD_AUTH", "USER_AUTH", "CUSTOM_AUTH", "REFRESH_TOKEN_AUTH",
  ]

  # By client: the attributes that its providers map, without Cognito's own flags, and URLs that must not receive a code. A
  # user part ("http://localhost@evil.example") would change the host, so the host ends at a colon, a slash or the end.
  needed_writes = { for client, c in var.app_clients : client => setunion(local.required, [
    for a in flatten([for provider in c.identity_providers : keys(try(var.identity_providers[provider].attribute_mapping, {}))]) :
    a if a != "username" && !contains(local.verified_attributes, a)
  ]) }
  # Pages of the web, of this machine, and of apps ("myapp://signin", "org.example.app:/signin").
  web_url  = "^(https://[^/?#@\\s]+|http://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:[0-9]+)?)([/?][^#\\s]*)?$"
  app_url  = "^([A-Za-z][A-Za-z0-9+.-]*):/[^#\\s]*$"
  no_app   = ["http", "https", "javascript", "vbscript", "data", "file", "blob", "about", "ftp", "ws", "wss"]
  all_urls = { for client, c in var.app_clients : client => try(sort(setunion(c.oauth.callback_urls, c.oauth.logout_urls)), []) }
  insecure_urls = { for client, urls in local.all_urls : client => [
    for url in urls : url if !can(regex(local.web_url, url)) && contains(local.no_app, lower(try(regex(local.app_url, url)[0], "http")))
  ] }
}

# Names of resource servers. Cognito takes a URL as an identifier, but not as a name.
locals {
  server_names = { for identifier, server in var.resource_servers : identifier => coalesce(
    server.name, replace(replace(identifier, "/^[A-Za-z]+://+/", ""), "/[^\\w\\s+=,.@-]/", "-"),
  ) }
}

# How users sign in, and what is verified.
locals {
  by_default          = length(var.sign_in.alias_attributes) > 0 ? [] : ["email"]
  username_attributes = var.sign_in.username_attributes == null ? toset(local.by_default) : var.sign_in.username_attributes
  verified_before_update = (
    var.attributes_require_verification_before_update == null
    ? var.auto_verified_attributes
    : var.attributes_require_verification_before_update
  )
  second_factors = var.mfa == "OFF" ? toset([]) : var.mfa_factors
}

# By client: how long its tokens live, as Cognito takes it, and in seconds.
locals {
  seconds = { seconds = 1, minutes = 60, hours = 3600, days = 86400 }
  lifetimes = { for client, c in var.app_clients : client => {
    access_token  = coalesce(c.validity.access_token, "${c.access_token_minutes} minutes")
    id_token      = coalesce(c.validity.id_token, "${c.id_token_minutes} minutes")
    refresh_token = coalesce(c.validity.refresh_token, "${c.refresh_token_days} days")
  } }
  validity = { for client, tokens in local.lifetimes : client => { for token, text in tokens : token => {
    number = try(tonumber(split(" ", text)[0]), 0)
    unit   = try(split(" ", text)[1], "")
  } } }
  valid_seconds = {
    for client, tokens in local.validity :
    client => { for token, v in tokens : token => v.number * lookup(local.seconds, v.unit, 0) }
  }
  # Source: the CreateUserPoolClient page of the API reference.
  wrong_lifetimes = { for client, tokens in local.valid_seconds : client => compact([
    tokens.access_token < 300 || tokens.access_token > 86400
    ? "the access token's is ${local.lifetimes[client].access_token}, and Cognito takes 5 minutes to 1 days"
    : "",
    tokens.id_token < 300 || tokens.id_token > 86400
    ? "the ID token's is ${local.lifetimes[client].id_token}, and Cognito takes 5 minutes to 1 days"
    : "",
    tokens.refresh_token < 3600 || tokens.refresh_token > 315360000
    ? "the refresh token's is ${local.lifetimes[client].refresh_token}, and Cognito takes 60 minutes to 3650 days"
    : "",
    max(tokens.access_token, tokens.id_token) > tokens.refresh_token
    ? "the refresh token's ${local.lifetimes[client].refresh_token} are shorter than the access token's or the ID token's"
    : "",
  ]) }
}

# Identity providers: the details of each type.
locals {
  # Cognito adds the mapping of the user name; leaving it out would be a permanent difference.
  username_mapping = {
    OIDC     = { username = "sub" }, Google = { username = "sub" }, SignInWithApple = { username = "sub" }
    Facebook = { username = "id" }, LoginWithAmazon = { username = "user_id" }, SAML = {}
  }
  # The same goes for the endpoints that Cognito adds. Source: the CreateIdentityProvider page of the API reference.
  known_details = { for name, p in var.identity_providers : name => {
    OIDC = { attributes_url_add_attributes = "false" }
    SAML = {}
    Google = {
      attributes_url                = "https://people.googleapis.com/v1/people/me?personFields="
      attributes_url_add_attributes = "true"
      authorize_url                 = "https://accounts.google.com/o/oauth2/v2/auth"
      oidc_issuer                   = "https://accounts.google.com"
      token_request_method          = "POST"
      token_url                     = "https://www.googleapis.com/oauth2/v4/token"
    }
    Facebook = {
      attributes_url                = "https://graph.facebook.com/${coalesce(p.api_version, "none")}/me?fields="
      attributes_url_add_attributes = "true"
      authorize_url                 = "https://www.facebook.com/${coalesce(p.api_version, "none")}/dialog/oauth"
      token_request_method          = "GET"
      token_url                     = "https://graph.facebook.com/${coalesce(p.api_version, "none")}/oauth/access_token"
    }
    SignInWithApple = {
      attributes_url_add_attributes = "false"
      authorize_url                 = "https://appleid.apple.com/auth/authorize"
      oidc_issuer                   = "https://appleid.apple.com"
      token_request_method          = "POST"
      token_url                     = "https://appleid.apple.com/auth/token"
    }
    LoginWithAmazon = {
      attributes_url                = "https://api.amazon.com/user/profile"
      attributes_url_add_attributes = "false"
      authorize_url                 = "https://www.amazon.com/ap/oa"
      token_request_method          = "POST"
      token_url                     = "https://api.amazon.com/auth/o2/token"
    }
  }[p.type] }
  own_details = { for name, p in var.identity_providers : name => {
    client_id                 = p.client_id
    authorize_scopes          = p.authorize_scopes
    oidc_issuer               = p.issuer
    attributes_request_method = p.type == "OIDC" ? p.attributes_request_method : null
    authorize_url             = p.authorize_url
    token_url                 = p.token_url
    attributes_url            = p.attributes_url
    jwks_uri                  = p.jwks_uri
    MetadataURL               = p.metadata_url
    MetadataFile              = p.metadata_file
    EncryptedResponses        = p.encrypted_responses == null ? null : tostring(p.encrypted_responses)
    IDPInit                   = p.idp_init == null ? null : tostring(p.idp_init)
    IDPSignout                = p.idp_signout == null ? null : tostring(p.idp_signout)
    RequestSigningAlgorithm   = p.request_signing_algorithm
    team_id                   = p.team_id
    key_id                    = p.key_id
    api_version               = p.api_version
  } }
  provider_details = { for name, p in var.identity_providers : name =>
    merge(local.known_details[name], { for k, v in local.own_details[name] : k => v if v != null })
  }

  needed = {
    OIDC            = ["client_id", "authorize_scopes", "oidc_issuer", "secret"]
    SAML            = ["metadata"]
    Google          = ["client_id", "authorize_scopes", "secret"]
    Facebook        = ["client_id", "authorize_scopes", "api_version", "secret"]
    SignInWithApple = ["client_id", "authorize_scopes", "team_id", "key_id", "secret"]
    LoginWithAmazon = ["client_id", "authorize_scopes", "secret"]
  }
  secret_names = nonsensitive(keys(var.identity_provider_secrets)) # names of providers, not their secrets
  given = { for name, p in var.identity_providers : name => concat(
    [for k, v in local.own_details[name] : k if v != null],
    (p.metadata_url == null) != (p.metadata_file == null) ? ["metadata"] : [],
    contains(local.secret_names, name) ? ["secret"] : [],
  ) }
  spoken = { oidc_issuer = "issuer", secret = "an entry in identity_provider_secrets", metadata = "metadata_url or metadata_file" }
  missing = { for name, p in var.identity_providers : name => [
    for need in local.needed[p.type] : lookup(local.spoken, need, need) if !contains(local.given[name], need)
  ] }
}
