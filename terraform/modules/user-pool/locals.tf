# Values for the validations. Every list has the client and the attribute, so that messages say what to change.
locals {
  string_attributes = toset([
    "address", "birthdate", "email", "family_name", "gender", "given_name", "locale", "middle_name", "name", "nickname",
    "phone_number", "picture", "preferred_username", "profile", "website", "zoneinfo",
  ])
  verified_attributes = toset(["email_verified", "phone_number_verified"])

  admin_only_attributes = toset([for name, a in var.custom_attributes : "custom:${name}" if a.admin_only])
  mapped_attributes     = toset(flatten([for p in var.identity_providers : [for a in keys(p.attribute_mapping) : a if a != "username"]]))

  known_attributes = setunion(local.string_attributes, local.verified_attributes, ["sub", "updated_at", "identities"], [for name in keys(var.custom_attributes) : "custom:${name}"])

  # What a client may ask for.
  scopes = setunion(
    ["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"],
    flatten([for server, s in var.resource_servers : [for scope in keys(s.scopes) : "${server}/${scope}"]]),
  )
  # What a provider may fill in: Cognito writes it again at each sign-in, which fails for an attribute that cannot change.
  mappable_attributes = setunion(
    local.string_attributes, local.verified_attributes, ["username", "updated_at"],
    [for name, a in var.custom_attributes : "custom:${name}" if a.mutable],
  )

  auth_flows = [
    "USER_SRP_AUTH", "USER_PASSWORD_AUTH", "ADMIN_USER_PASSWORD_AUTH", "USER_AUTH", "CUSTOM_AUTH", "REFRESH_TOKEN_AUTH",
  ]

  # By client: the attributes that its providers map, without Cognito's own flags, and URLs that must not receive a code. A
  # user part ("http://localhost@evil.example") would change the host, so the host ends at a colon, a slash or the end.
  needed_writes = { for client, c in var.app_clients : client => setunion(var.required_attributes, [
    for a in flatten([for provider in c.identity_providers : keys(try(var.identity_providers[provider].attribute_mapping, {}))]) :
    a if a != "username" && !contains(local.verified_attributes, a)
  ]) }
  insecure_urls = { for client, c in var.app_clients : client => [
    for url in try(sort(setunion(c.oauth.callback_urls, c.oauth.logout_urls)), []) : url
    if !can(regex("^(https://[^/?#@\\s]+|http://localhost(:[0-9]+)?)([/?][^#\\s]*)?$", url))
  ] }
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
