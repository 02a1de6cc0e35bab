"""What triggers/pre-sign-up decides about a self sign-up, in small."""

import os
import re
import time

import boto3

import metrics

ALLOWED = frozenset(filter(None, os.environ["ALLOWED_EMAIL_DOMAINS"].split(",")))
PROTECTED = tuple(name.rstrip("*") for name in os.environ["PROTECTED_ATTRIBUTES"].split(","))
PROVIDERS = frozenset(filter(None, os.environ["LINK_PROVIDERS"].split(",")))
ADDRESS = re.compile(r"[^@\s\x00-\x1f\x7f]{1,64}@((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63})", re.IGNORECASE)


class Refused(Exception):
    """Its text is what the user reads."""


def handler(event, context):
    began = time.time()
    check(event["request"]["userAttributes"])
    if event["triggerSource"] == "PreSignUp_ExternalProvider":
        link(event)
    metrics.write(context, event, "answered", began)
    return event


def check(attributes):
    for name in attributes:
        if name.startswith(PROTECTED):
            raise Refused("This attribute cannot be set")
    address = ADDRESS.fullmatch(attributes.get("email", ""))
    if address is None:
        raise Refused("Please give a valid email address")
    if ALLOWED and address[1].lower() not in ALLOWED:
        raise Refused("This email domain is not accepted")


def link(event):
    provider, _, user_id = event["userName"].partition("_")
    email = event["request"]["userAttributes"].get("email", "")
    if provider not in PROVIDERS or '"' in email:
        return
    pool = boto3.client("cognito-idp")
    found = pool.list_users(UserPoolId=event["userPoolId"], Filter='email = "%s"' % email)["Users"]
    if len(found) == 1 and found[0]["UserStatus"] == "CONFIRMED":
        pool.admin_link_provider_for_user(
            UserPoolId=event["userPoolId"],
            DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": found[0]["Username"]},
            SourceUser={"ProviderName": provider, "ProviderAttributeName": "Cognito_Subject", "ProviderAttributeValue": user_id},
        )
