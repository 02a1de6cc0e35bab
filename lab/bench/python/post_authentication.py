"""What triggers/post-authentication does, simplified: the sign-in is recorded once per interval."""

import json
import os
import time

import boto3

import metrics

TABLE = os.environ["PROFILE_TABLE"]
INTERVAL = int(os.environ["SIGN_IN_INTERVAL_SECONDS"])


def handler(event, context):
    began = time.time()
    attributes = event["request"]["userAttributes"]
    if "sub" in attributes:
        record(event, attributes["sub"], int(began))
    print(json.dumps({"msg": "signed in", "clientId": event["callerContext"]["clientId"]}))
    metrics.write(context, event, "answered", began)
    return event


def record(event, sub, now):
    store = boto3.client("dynamodb")
    try:
        store.update_item(
            TableName=TABLE,
            Key={"pk": {"S": event["userPoolId"] + "#" + sub}},
            ConditionExpression="attribute_not_exists(last_sign_in) OR last_sign_in <= :due",
            UpdateExpression="SET last_sign_in = :now ADD sign_in_count :one",
            ExpressionAttributeValues={
                ":due": {"N": str(now - INTERVAL)}, ":now": {"N": str(now)}, ":one": {"N": "1"}},
        )
    except store.exceptions.ConditionalCheckFailedException:
        pass
