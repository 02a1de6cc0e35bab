"""What triggers/pre-token-generation decides with the measured event's kinds of rules, in small."""

import json
import os
import time

import boto3

import metrics

TABLE = os.environ["PROFILE_TABLE"]
RULES = json.loads(os.environ["CLAIM_RULES"])["rules"]
MACHINE = "TokenGeneration_ClientCredentials"


def handler(event, context):
    began = time.time()
    profile = None if event["triggerSource"] == MACHINE else read(event)
    id_token, access_token, scopes = {}, {}, []
    for rule in RULES:
        if not applies(rule.get("when", {}), event):
            continue
        scopes += rule.get("scopes", {}).get("add", [])
        value = value_of(rule, event, profile)
        if value is None:
            continue
        if rule["token"] != "access" and event["triggerSource"] != MACHINE:
            id_token[rule["claim"]] = value
        if rule["token"] != "id":
            access_token[rule["claim"]] = value
    event["response"]["claimsAndScopeOverrideDetails"] = {
        "idTokenGeneration": {"claimsToAddOrOverride": id_token},
        "accessTokenGeneration": {"claimsToAddOrOverride": access_token, "scopesToAdd": scopes},
    }
    metrics.write(context, event, "answered", began)
    return event


def read(event):
    key = event["userPoolId"] + "#" + event["request"]["userAttributes"]["sub"]
    return boto3.client("dynamodb").get_item(TableName=TABLE, Key={"pk": {"S": key}}).get("Item")


def applies(when, event):
    grant = "client_credentials" if event["triggerSource"] == MACHINE else "user"
    scopes = event["request"].get("scopes") or []
    return when.get("grant", grant) == grant and all(scope in scopes for scope in when.get("scopes", []))


def value_of(rule, event, profile):
    if "value" in rule:
        return rule["value"]
    kind, _, name = rule.get("from", "").partition(".")
    if kind == "clientMetadata":
        return (event["request"].get("clientMetadata") or {}).get(name)
    if kind == "profile" and profile is not None:
        return profile.get(name.rpartition(".")[2], {}).get("S", rule.get("default"))
    return None
