"""What triggers/create-auth-challenge does, simplified: the choice, and a code by mail."""

import os
import secrets
import time

import boto3

import metrics

TABLE = os.environ["CHALLENGES_TABLE"]
SENDER = os.environ["EMAIL_FROM"]
DIGITS = int(os.environ["CODE_DIGITS"])
METHODS = [name for name in ("EMAIL_CODE", "SMS_CODE", "MAGIC_LINK") if os.environ[name] == "true"]


def handler(event, context):
    began = time.time()
    session = event["request"].get("session") or []
    if len(METHODS) > 1 and not any(done.get("challengeMetadata") == "CHOOSE" for done in session):
        challenge(event, {"challenge": "CHOOSE", "methods": " ".join(METHODS)}, {})
    else:
        send(event)
    metrics.write(context, event, "answered", began)
    return event


def challenge(event, public, private):
    response = event["response"]
    response["publicChallengeParameters"] = public
    kept = {name: value for name, value in public.items() if name in ("challenge", "methods")}
    response["privateChallengeParameters"] = {**private, **kept}
    response["challengeMetadata"] = public["challenge"]


def send(event):
    code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    name = secrets.token_hex(16)
    boto3.client("dynamodb").put_item(
        TableName=TABLE,
        Item={"pk": {"S": name}, "code": {"S": code}, "expires_at": {"N": str(int(time.time()) + 300)}},
    )
    boto3.client("sesv2").send_email(
        FromEmailAddress=SENDER,
        Destination={"ToAddresses": [event["request"]["userAttributes"]["email"]]},
        Content={"Simple": {"Subject": {"Data": "Your code"}, "Body": {"Text": {"Data": code}}}},
    )
    challenge(event, {"challenge": "EMAIL_CODE", "digits": str(DIGITS), "wait": "60"}, {"id": name})
