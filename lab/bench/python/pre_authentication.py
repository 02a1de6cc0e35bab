"""What triggers/pre-authentication does, simplified: rules about hours, app clients and suspended users."""

import datetime
import json
import os
import time
import zoneinfo

import boto3

import metrics

RULES = json.loads(os.environ["SIGN_IN_RULES"])["rules"]
TABLE = os.environ["PROFILE_TABLE"]


def handler(event, context):
    began = time.time()
    for rule in RULES:
        if refused(rule, event):
            metrics.write(context, event, "rejected", began)
            raise Exception(rule["text"])
    metrics.write(context, event, "answered", began)
    return event


def refused(rule, event):
    kind = rule["rule"]
    if kind == "hours":
        clock = datetime.datetime.now(zoneinfo.ZoneInfo(rule["timeZone"])).strftime("%H:%M")
        return not rule["from"] <= clock < rule["to"]
    if kind == "clients":
        return event["callerContext"]["clientId"] in rule.get("noneOf", [])
    if kind == "suspended":
        key = {"pk": {"S": event["userPoolId"] + "#" + event["request"]["userAttributes"]["sub"]}}
        item = boto3.client("dynamodb").get_item(TableName=TABLE, Key=key).get("Item", {})
        return item.get("suspended", {}).get("BOOL", False)
    return False
