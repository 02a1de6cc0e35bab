"""Makes a pool with a domain, app clients for it and a user, for the scripts of clients of managed login, and prints
where they are. The argument is the name of the domain.
"""

import json
import os
import sys
import urllib.request

import boto3

cognito = boto3.client("cognito-idp")
name, callback = sys.argv[1], "https://app.example.org/callback"
pool = cognito.create_user_pool(PoolName=name)["UserPool"]["Id"]
cognito.create_user_pool_domain(UserPoolId=pool, Domain=name)
cognito.create_resource_server(
    UserPoolId=pool, Identifier="books", Name="books", Scopes=[{"ScopeName": "read", "ScopeDescription": "read"}]
)


def client(flow, scopes, **settings):
    made = cognito.create_user_pool_client(
        UserPoolId=pool, ClientName=flow, AllowedOAuthFlowsUserPoolClient=True, AllowedOAuthFlows=[flow],
        AllowedOAuthScopes=scopes, CallbackURLs=[callback], LogoutURLs=["https://app.example.org/"],
        SupportedIdentityProviders=["COGNITO"], ExplicitAuthFlows=["ALLOW_REFRESH_TOKEN_AUTH"], **settings,
    )["UserPoolClient"]
    return {"id": made["ClientId"], "secret": made.get("ClientSecret")}


scopes = ["openid", "email", "profile", "books/read"]
clients = {
    "web": client("code", scopes), "server": client("code", scopes, GenerateSecret=True),
    "service": client("client_credentials", ["books/read"], GenerateSecret=True),
}
cognito.admin_create_user(
    UserPoolId=pool, Username="vera", MessageAction="SUPPRESS", UserAttributes=[
        {"Name": "email", "Value": "vera@example.org"}, {"Name": "email_verified", "Value": "true"},
        {"Name": "given_name", "Value": "Vera"},
    ],
)
cognito.admin_set_user_password(UserPoolId=pool, Username="vera", Password="Correct-horse-7", Permanent=True)
cognito.create_group(UserPoolId=pool, GroupName="admins")
cognito.admin_add_user_to_group(UserPoolId=pool, Username="vera", GroupName="admins")
with urllib.request.urlopen(os.environ["ENDPOINT"] + "/local/domains") as answer:
    urls = next(domain["urls"] for domain in json.load(answer)["domains"] if domain["userPoolId"] == pool)
print(json.dumps({"pool": pool, "domain": urls[0], "secure": urls[1], "callback": callback, **clients}))
