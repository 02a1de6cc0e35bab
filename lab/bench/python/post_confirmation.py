"""What triggers/post-confirmation does, in small: the profile, the default group and the welcome mail."""

import os
import time

import boto3

import metrics

TABLE = os.environ["PROFILE_TABLE"]
ATTRIBUTES = os.environ["PROFILE_ATTRIBUTES"].split(",")
GROUP = os.environ["DEFAULT_GROUP"]
SENDER = os.environ["WELCOME_EMAIL_FROM"]


def handler(event, context):
    began = time.time()
    if event["triggerSource"] == "PostConfirmation_ConfirmSignUp":
        confirmed(event)
    metrics.write(context, event, "answered", began)
    return event


def confirmed(event):
    attributes = event["request"]["userAttributes"]
    item = {name: {"S": attributes[name]} for name in ATTRIBUTES if name in attributes}
    item["pk"] = {"S": event["userPoolId"] + "#" + attributes["sub"]}
    store = boto3.client("dynamodb")
    try:
        store.put_item(TableName=TABLE, Item=item, ConditionExpression="attribute_not_exists(pk)")
    except store.exceptions.ConditionalCheckFailedException:
        return
    if GROUP:
        boto3.client("cognito-idp").admin_add_user_to_group(
            UserPoolId=event["userPoolId"], Username=event["userName"], GroupName=GROUP)
    if SENDER:
        boto3.client("sesv2").send_email(
            FromEmailAddress=SENDER,
            Destination={"ToAddresses": [attributes["email"]]},
            Content={"Simple": {"Subject": {"Data": "Welcome"}, "Body": {"Text": {"Data": "Welcome"}}}},
        )
