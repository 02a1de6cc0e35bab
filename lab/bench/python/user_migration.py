"""What triggers/user-migration does with another user pool, simplified: a sign-in there, and the attributes."""

import json
import os
import time

import boto3

import metrics

CLIENT = os.environ["MIGRATION_CLIENT_ID"]
REGION = os.environ["MIGRATION_POOL_ARN"].split(":")[3]
ATTRIBUTES = json.loads(os.environ["ATTRIBUTES"])


def handler(event, context):
    began = time.time()
    if event["triggerSource"] == "UserMigration_Authentication":
        sign_in(event)
    metrics.write(context, event, "answered", began)
    return event


def sign_in(event):
    pool = boto3.client("cognito-idp", region_name=REGION)
    tokens = pool.initiate_auth(
        ClientId=CLIENT, AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": event["userName"], "PASSWORD": event["request"]["password"]})
    user = pool.get_user(AccessToken=tokens["AuthenticationResult"]["AccessToken"])
    had = {attribute["Name"]: attribute["Value"] for attribute in user["UserAttributes"]}
    event["response"]["userAttributes"] = {name: had[own] for name, own in ATTRIBUTES.items() if own in had}
    event["response"]["finalUserStatus"] = "CONFIRMED"
    event["response"]["messageAction"] = "SUPPRESS"
