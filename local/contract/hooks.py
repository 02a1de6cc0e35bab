"""What Schemathesis cannot make up: tokens, accounts and posts that are there.

Of the requests that fit the document, some get the values of the environment in place of random ones, so that the answers
to good requests are looked at too. Every second one keeps what was made up.
"""

import collections
import os

import schemathesis

PASSWORD = os.environ["PASSWORD"]
EMAIL = os.environ["EMAIL"]
seen = collections.Counter()


def sign_up(body, turn):
    body["email"], body["password"] = f"contract-{turn}@example.org", PASSWORD


def sign_in(body, turn):
    body["email"], body["flow"] = EMAIL, "USER_PASSWORD_AUTH"
    body["password"] = PASSWORD if turn % 8 else PASSWORD + "-wrong"


def code(body, turn):
    body["email"] = EMAIL if turn % 8 else f"contract-{turn}@example.org"
    if "new_password" in body:
        body["new_password"] = PASSWORD


def refresh(body, turn):
    body["refresh_token"] = os.environ["REFRESH_TOKEN"]


BODIES = {
    "/auth/sign-up": sign_up,
    "/auth/sign-in": sign_in,
    "/auth/confirm": code,
    "/auth/reset-password": code,
    "/auth/refresh": refresh,
}


def given(case):
    """Tells whether the request carries the token of the other requests."""
    return (case.headers or {}).get("Authorization") == "Bearer " + os.environ["ACCESS_TOKEN"]


@schemathesis.hook
def before_call(context, case, kwargs):
    # The account of all other requests must live on.
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
