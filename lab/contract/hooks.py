"""What Schemathesis cannot generate: valid tokens and codes, existing accounts and posts.

Of the requests that conform to the document, every second one keeps its generated values. The others get values that
the API accepts, or almost accepts, so that responses to valid requests are checked, too.
"""

import collections
import json
import os
import urllib.request

import schemathesis

API, POOL = os.environ["API"], os.environ["ENDPOINT"]
PASSWORD, EMAIL = os.environ["PASSWORD"], os.environ["EMAIL"]
seen = collections.Counter()


def post(path, **body):
    """Sends a separate request and returns the response's body."""
    request = urllib.request.Request(API + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def code_for(email):
    """Returns the code that the pool delivered last."""
    with urllib.request.urlopen(f"{POOL}/local/messages?user={email}") as answer:
        return [message["code"] for message in json.load(answer)["messages"] if "from" not in message][-1]


def sign_up(body, turn):
    body["email"], body["password"] = f"contract-{turn}@example.org", PASSWORD


def sign_in(body, turn):
    body["email"], body["flow"] = EMAIL, "USER_PASSWORD_AUTH"
    body["password"] = PASSWORD if turn % 8 else PASSWORD + "-wrong"
    if turn % 8 == 4:
        body["flow"] = "CUSTOM_AUTH"
        del body["password"]


def challenge(body, turn):
    asked = post("/auth/sign-in", email=EMAIL, flow="CUSTOM_AUTH")
    a, _, b = asked["parameters"]["question"].partition(" + ")
    right = int(a) + int(b)
    given = str(right if turn % 4 else right + 1)
    body.update(session=asked["session"], challenge=asked["challenge"], answers={"ANSWER": given})


def registered(email):
    """Signs up an address and returns the code sent to it."""
    post("/auth/sign-up", email=email, password=PASSWORD)
    return code_for(email)


def confirm(body, turn):
    body["email"] = EMAIL
    if turn % 4 == 0:
        body["email"] = f"confirm-{turn}@example.org"
        code = registered(body["email"])
        body["code"] = code if turn % 8 else "wrong"


def reset(body, turn):
    body["email"], body["new_password"] = EMAIL, PASSWORD
    if turn % 8 == 0:  # with a separate account, since attempts per account are limited
        body["email"] = f"reset-{turn}@example.org"
        post("/auth/confirm", email=body["email"], code=registered(body["email"]))
        post("/auth/forgot-password", email=body["email"])
        body["code"] = code_for(body["email"]) if turn % 16 else "wrong"


def refresh(body, turn):
    body["refresh_token"] = os.environ["REFRESH_TOKEN"]


BODIES = {
    "/auth/sign-up": sign_up,
    "/auth/sign-in": sign_in,
    "/auth/challenge": challenge,
    "/auth/confirm": confirm,
    "/auth/reset-password": reset,
    "/auth/refresh": refresh,
}


def given(case):
    """Reports whether the request has the token that the other requests use."""
    return (case.headers or {}).get("Authorization") == "Bearer " + os.environ["ACCESS_TOKEN"]


@schemathesis.hook
def before_call(context, case, kwargs):
    # The account that all other requests use must survive.
    if case.method.upper() == "DELETE" and case.path == "/auth/me" and given(case):
        case.headers["Authorization"] = "Bearer " + os.environ["OTHER_ACCESS_TOKEN"]
    if case.meta is None or case.meta.generation.mode.value != "positive":
        return
    seen[case.path] += 1
    turn = seen[case.path]
    if turn % 2:
        return
    if case.path in BODIES and isinstance(case.body, dict):
        BODIES[case.path](case.body, turn)
    if "id" in (case.path_parameters or {}) and case.method.upper() != "GET":
        case.path_parameters["id"] = os.environ["OTHER_POST"]
