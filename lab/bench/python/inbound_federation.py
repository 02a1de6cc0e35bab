"""What triggers/inbound-federation does, simplified: attributes of a provider are changed by rules."""

import json
import os
import time

import metrics

RULES = json.loads(os.environ["ATTRIBUTE_RULES"])["rules"]
AUTHORITY = ("role", "group", "perm", "admin")


def handler(event, context):
    began = time.time()
    sent = event["request"]["attributes"]
    attributes = {**sent.get("samlResponse", {}), **sent.get("userInfo", {}), **sent.get("idToken", {})}
    for rule in RULES:
        apply(rule, attributes)
    event["response"]["userAttributesToMap"] = {
        name: value[:2048] for name, value in attributes.items() if not any(word in name for word in AUTHORITY)}
    metrics.write(context, event, "answered", began)
    return event


def apply(rule, attributes):
    if rule.get("rename") in attributes:
        attributes[rule["to"]] = attributes.pop(rule["rename"])
    if rule.get("lowerCase") in attributes:
        attributes[rule["lowerCase"]] = attributes[rule["lowerCase"]].lower()
    if "drop" in rule:
        attributes.pop(rule["drop"], None)
    if "constant" in rule:
        attributes[rule["constant"]] = rule["value"]
    if "require" in rule and not attributes.get(rule["require"]):
        raise Exception(rule["text"])
    if "domains" in rule and attributes.get(rule["domains"], "").rpartition("@")[2] not in rule["allowed"]:
        raise Exception(rule["text"])
