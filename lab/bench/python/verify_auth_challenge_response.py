"""What triggers/verify-auth-challenge-response does, simplified: the choice, and a code that is used up."""

import os
import time

import boto3

import metrics

TABLE = os.environ["CHALLENGES_TABLE"]


def handler(event, context):
    began = time.time()
    asked = event["request"]["privateChallengeParameters"]
    if asked.get("challenge") == "CHOOSE":
        right = (event["request"].get("clientMetadata") or {}).get("sign_in_method") in asked["methods"].split()
    else:
        right = take(asked.get("id", ""), event["request"]["challengeAnswer"])
    event["response"]["answerCorrect"] = right and not event["request"].get("userNotFound")
    metrics.write(context, event, "answered", began)
    return event


def take(name, answer):
    client = boto3.client("dynamodb")
    try:
        client.delete_item(
            TableName=TABLE,
            Key={"pk": {"S": name}},
            ConditionExpression="code = :answer",
            ExpressionAttributeValues={":answer": {"S": answer}},
        )
    except client.exceptions.ConditionalCheckFailedException:
        return False
    return True
