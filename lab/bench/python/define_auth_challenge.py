"""What triggers/define-auth-challenge decides."""

import os
import time

import metrics

TRIES = int(os.environ["TRIES"])
PROVING = frozenset(["EMAIL_CODE", "SMS_CODE", "MAGIC_LINK"])


def handler(event, context):
    began = time.time()
    step = following(event["request"].get("session") or [], not event["request"].get("userNotFound"))
    response = event["response"]
    response["issueTokens"] = step == "tokens"
    response["failAuthentication"] = step == "fail"
    if step not in ("tokens", "fail"):
        response["challengeName"] = step
    metrics.write(context, event, "answered", began)
    return event


def following(session, exists):
    srp = password = proved = False
    wrong = 0
    for done in session:
        name, passed, method = done["challengeName"], done["challengeResult"], done.get("challengeMetadata")
        if name == "CUSTOM_CHALLENGE" and passed:
            proved = proved or method in PROVING
        elif name == "CUSTOM_CHALLENGE" and method != "MAGIC_LINK":
            wrong += 1
        elif not passed:
            return "fail"
        elif name == "SRP_A":
            srp = True
        elif name == "PASSWORD_VERIFIER":
            password = True
    if wrong >= TRIES or proved and not exists:
        return "fail"
    if srp and not password:
        return "PASSWORD_VERIFIER"
    return "tokens" if proved else "CUSTOM_CHALLENGE"
