"""What triggers/custom-message writes for a sign-up, in small: mail and SMS in the user's language."""

import html
import os
import time
import unicodedata
from string import Template

import metrics

BRAND = os.environ["BRAND_NAME"]
MAIL = os.environ["EMAIL_SENDING_ACCOUNT"] == "DEVELOPER"

LAYOUT = Template("""<!doctype html>
<html lang="$locale">
<head><meta charset="utf-8"><title>$subject</title></head>
<body style="margin:0;padding:32px 16px;background:#f3f4f6;font:16px/1.6 Arial,sans-serif">
<div style="max-width:560px;margin:auto;padding:36px 40px;border-radius:12px;background:#ffffff">
<p style="font-weight:700">$brand</p>
<h1 style="font-size:24px">$subject</h1>
<p>$greeting</p>
<p>$reason</p>
<p style="padding:18px;background:#eef2f8;font:700 30px monospace;text-align:center">$code</p>
</div>
</body>
</html>
""")

TEXTS = {
    "en": {
        "subject": Template("Confirm your $brand account"),
        "greeting": Template("Hello $name,"),
        "reason": Template("Thank you for signing up for $brand. Enter this code to finish creating your account:"),
        "sms": Template("$brand: $code is your confirmation code. Do not share it with anyone."),
    },
    "ko": {
        "subject": Template("$brand 계정을 확인해 주세요"),
        "greeting": Template("$name 님, 안녕하세요."),
        "reason": Template("$brand 에 가입해 주셔서 감사합니다. 아래 코드를 입력해 가입을 마쳐 주세요."),
        "sms": Template("$brand: 인증 코드는 $code 입니다. 다른 사람에게 알려 주지 마세요."),
    },
}


def handler(event, context):
    began = time.time()
    request, response = event["request"], event["response"]
    attributes = request["userAttributes"]
    locale = attributes.get("locale", "en").replace("_", "-").split("-")[0].lower()
    texts = TEXTS.get(locale, TEXTS["en"])
    fields = {"brand": BRAND, "name": permit(attributes.get("given_name", "")), "code": request["codeParameter"]}
    response["smsMessage"] = texts["sms"].substitute(fields)[:140]
    if MAIL:
        escaped = {name: html.escape(value) for name, value in fields.items()}
        parts = {name: texts[name].substitute(escaped) for name in ("subject", "greeting", "reason")}
        response["emailSubject"] = texts["subject"].substitute(fields)[:140]
        response["emailMessage"] = LAYOUT.substitute(escaped, locale=locale, **parts)
    metrics.write(context, event, "answered", began)
    return event


def permit(text):
    """Drops the characters that Cognito does not take in a message."""
    return "".join(c for c in text if c == " " or unicodedata.category(c)[0] in "LMNPS")
