#!/usr/bin/env python3
"""Takes every defence out of the modules, one at a time, and expects the test that holds it to fail.

A policy test that nobody saw fail may hold nothing. Each mutation below names the module, the defence, the run that must turn
red, the file and the text that is replaced. It is applied to a temporary copy, where only that run is executed: once as it is,
when it must pass, and once mutated.

    python3 terraform/tests/mutations.py [word in the defence's name]
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]

# (module, defence, run, file, text, replacement)
POOL, TABLE, IDENTITY, WATCH = "user-pool", "profiles", "identity-pool", "observability"
MUTATIONS = [
    (POOL, "deletion protection", "defaults_of_the_pool", "main.tf", '? "ACTIVE" : "INACTIVE"', '? "INACTIVE" : "INACTIVE"'),
    (POOL, "deletion protection by default", "defaults_of_the_pool", "variables.tf", "destroy.\"\n  type        = bool\n  default     = true", "destroy.\"\n  type        = bool\n  default     = false"),
    (POOL, "case-insensitive names", "defaults_of_the_pool", "main.tf", "case_sensitive = false", "case_sensitive = true"),
    (POOL, "recovery by e-mail alone", "defaults_of_the_pool", "main.tf", 'name     = "verified_email"', 'name     = "verified_phone_number"'),
    (POOL, "verification before an update", "defaults_of_the_pool", "main.tf", 'before_update = ["email"]', "before_update = []"),
    (POOL, "e-mail verification", "defaults_of_the_pool", "main.tf", 'auto_verified_attributes = ["email"]', "auto_verified_attributes = []"),
    (POOL, "MFA on offer", "defaults_of_the_pool", "variables.tf", 'default     = "OPTIONAL"', 'default     = "OFF"'),
    (POOL, "MFA reaches the pool", "defaults_of_the_pool", "main.tf", "mfa_configuration = var.mfa\n", 'mfa_configuration = "OFF"\n'),
    (POOL, "password length", "defaults_of_the_pool", "variables.tf", "optional(number, 12)", "optional(number, 8)"),
    (POOL, "weak password policy refused", "weak_password_policy", "variables.tf", "minimum_length >= 8", "minimum_length >= 6"),
    (POOL, "user-existence errors", "defaults_of_clients", "clients.tf", 'prevent_user_existence_errors = "ENABLED"', 'prevent_user_existence_errors = "LEGACY"'),
    (POOL, "token revocation", "defaults_of_clients", "clients.tf", "enable_token_revocation       = true", "enable_token_revocation       = false"),
    (POOL, "no password flow unless asked", "defaults_of_clients", "variables.tf", '["USER_SRP_AUTH", "REFRESH_TOKEN_AUTH"])', '["USER_SRP_AUTH", "USER_PASSWORD_AUTH", "REFRESH_TOKEN_AUTH"])'),
    (POOL, "write list reaches the client", "defaults_of_clients", "clients.tf", "  write_attributes    = each.value.write_attributes", "  write_attributes    = null"),
    (POOL, "small default write list", "defaults_of_clients", "variables.tf", 'write_attributes     = optional(set(string), ["email"])', 'write_attributes     = optional(set(string), ["email", "name"])'),
    (POOL, "admin-only attribute in a write list refused", "admin_only_attribute_in_a_write_list", "clients.tf", "length(setintersection(each.value.write_attributes, local.admin_only_attributes)) == 0", "each.key != null"),
    (POOL, "verified flag in a write list refused", "verified_flag_in_a_write_list", "clients.tf", "length(setintersection(each.value.write_attributes, local.verified_attributes)) == 0", "each.key != null"),
    (POOL, "undeclared attribute refused", "undeclared_attribute_in_a_write_list", "clients.tf", "length(setsubtract(setunion(each.value.read_attributes, each.value.write_attributes), local.known_attributes)) == 0", "each.key != null"),
    (POOL, "empty write list refused", "empty_write_list", "clients.tf", "length(each.value.write_attributes) > 0 && length(each.value.read_attributes) > 0", "each.key != null"),
    (POOL, "mapping of an admin-only attribute refused", "admin_only_attribute_mapped_from_a_provider", "providers.tf", "length(setintersection(keys(each.value.attribute_mapping), local.admin_only_attributes)) == 0", "each.key != null"),
    (POOL, "plain http callback refused", "callback_over_plain_http", "locals.tf", "^(https://[^/?#@", "^(https?://[^/?#@"),
    (POOL, "user part in a callback refused", "callback_that_only_looks_local", "locals.tf", "http://localhost(:[0-9]+)?)", "http://localhost[^/]*)"),
    (POOL, "implicit flow refused", "implicit_flow", "variables.tf", 'contains(["code", "client_credentials"]', 'contains(["code", "client_credentials", "implicit"]'),
    (POOL, "KMS key for senders only", "kms_key_without_a_sender", "variables.tf", "condition     = try(var.lambda_config.kms_key_id, null) == null ||", "condition     = true || try(var.lambda_config.kms_key_id, null) == null ||"),
    (POOL, "sender without a key refused", "sender_without_a_kms_key", "variables.tf", "condition     = try(var.lambda_config.kms_key_id, null) != null ||", "condition     = true || try(var.lambda_config.kms_key_id, null) != null ||"),
    (POOL, "inbound federation kept from silent removal", "guard_sees_an_inbound_federation_trigger", "main.tf", "condition     = local.attached_inbound_federation == null", "condition     = true || local.attached_inbound_federation == null"),
    (POOL, "inbound federation refused", "inbound_federation_is_refused", "variables.tf", "condition     = try(var.lambda_config.inbound_federation, null) == null", "condition     = try(var.lambda_config.create_auth_challenge, null) == null"),
    (POOL, "new event version on a lite pool refused", "new_event_version_on_a_lite_pool", "variables.tf", 'condition     = var.feature_plan != "LITE" ||', 'condition     = var.feature_plan == "LITE" ||'),
    (TABLE, "table: deletion protection", "defaults", "main.tf", "deletion_protection_enabled = var.deletion_protection", "deletion_protection_enabled = false"),
    (TABLE, "table: recovery", "defaults", "main.tf", "    enabled                 = true", "    enabled                 = false"),
    (TABLE, "table: own key", "own_key", "main.tf", "var.kms_key_arn == null ? [] :", "var.kms_key_arn != null ? [] :"),
    (TABLE, "table: tombstones expire", "defaults", "main.tf", 'attribute_name = "expires_at"', 'attribute_name = "expires"'),
    (IDENTITY, "guests: no access", "defaults", "variables.tf", "type        = bool\n  default     = false", "type        = bool\n  default     = true"),
    (IDENTITY, "classic flow off", "defaults", "main.tf", "allow_classic_flow               = false", "allow_classic_flow               = true"),
    (IDENTITY, "tokens checked with the pool", "defaults", "main.tf", "server_side_token_check = true", "server_side_token_check = false"),
    (IDENTITY, "trust: audience", "trust", "main.tf", '"cognito-identity.amazonaws.com:aud" = aws_cognito_identity_pool.this.id', '"cognito-identity.amazonaws.com:aud" = "*"'),
    (IDENTITY, "trust: kind of user", "trust", "main.tf", '"cognito-identity.amazonaws.com:amr" = kind', '"cognito-identity.amazonaws.com:amr" = "*"'),
    (IDENTITY, "no role for the ambiguous", "roles_from_the_token", "variables.tf", 'optional(string, "Deny")', 'optional(string, "AuthenticatedRole")'),
    (WATCH, "alarms: refusals are no errors", "refusals_are_no_errors", "alarms.tf", '"FILL(refused${i}, 0)"', '"0"'),
    (WATCH, "alarms: p99 above 4 s", "thresholds", "variables.tf", "default     = 4000", "default     = 4900"),
    (WATCH, "alarms: namespace of the code", "names_are_those_of_the_code", "events.tf", 'namespace = "CognitoTriggers"', 'namespace = "CognitoTrigger"'),
    (WATCH, "alarms: counters of the code", "names_are_those_of_the_code", "events.tf", '["ProfilesLost", "MailsLost",', '["ProfilesLost", "MailLost",'),
    (WATCH, "alarms: runbook", "runbook_has_every_alarm", "alarms.tf", "#throttles", "#throttled"),
]


def plugin_dir():
    """The providers that this machine keeps: TF_PLUGIN_DIR, or the places that .ci/terraform looks at."""
    home = pathlib.Path.home()
    places = [pathlib.Path(os.environ.get("TF_PLUGIN_DIR") or home / ".terraform.d/plugins"), home / ".local/share/terraform/plugins",
              pathlib.Path("/usr/local/share/terraform/plugins"), pathlib.Path("/usr/share/terraform/plugins"), *pathlib.Path("/opt").glob("*"), *pathlib.Path("/opt").glob("*/*")]
    return next((p for p in places if (p / "registry.terraform.io/hashicorp/aws").is_dir()), None)


def terraform(directory, *arguments):
    environment = dict(os.environ, CHECKPOINT_DISABLE="1", TF_IN_AUTOMATION="1", TF_INPUT="0")
    if not os.path.exists(environment.get("TF_CLI_CONFIG_FILE", "/")):
        del environment["TF_CLI_CONFIG_FILE"]
    return subprocess.run(["terraform", f"-chdir={directory}", *arguments], capture_output=True, text=True, env=environment)


def copy(work, module):
    """A copy of the module, at its own depth beside what its tests read, initialised."""
    directory = work / "terraform/modules" / module
    directory.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(ROOT / "terraform/modules" / module, directory)
    for name in ("docs", "shared", "triggers"):
        if not (work / name).exists():
            (work / name).symlink_to(ROOT / name)
    plugins = plugin_dir()
    done = terraform(directory, "init", "-backend=false", "-no-color", *([f"-plugin-dir={plugins}"] if plugins else []))
    if done.returncode != 0:
        skip(f"no AWS provider: set TF_PLUGIN_DIR to a directory that holds registry.terraform.io/hashicorp/aws\n{done.stderr}")
    return directory


def split(directory):
    """Puts each run into a file of its own, with what stands before its file's first run, and says which file holds it."""
    files = {}
    for path in sorted((directory / "tests").glob("*.tftest.hcl")):
        header, *bodies = re.split(r'^(?=run ")', path.read_text(), flags=re.MULTILINE)
        path.unlink()
        for body in bodies:
            name = re.match(r'run "(\w+)"', body).group(1)
            files[name] = f"tests/only-{name}.tftest.hcl"
            (directory / files[name]).write_text(header + body)
    return files


def status(directory, test):
    """pass, fail, or error where the configuration itself is broken, with what Terraform says."""
    done = terraform(directory, "test", "-json", f"-filter={test}")
    events = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    summary = next((e["test_summary"] for e in events if e.get("type") == "test_summary"), {"status": "error"})
    said = [f"{e['diagnostic']['summary']} {e['diagnostic'].get('detail', '')}" for e in events if e.get("type") == "diagnostic"]
    return summary["status"], said


def skip(why):
    print(f"SKIP: tf-mutations: {why}")
    sys.exit(0)


def main():
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    chosen = [m for m in MUTATIONS if word in m[1]]
    if not shutil.which("terraform"):
        skip("terraform is not installed")
    survivors = []
    with tempfile.TemporaryDirectory() as temporary:
        modules, files, passed = {}, {}, set()
        for module, defence, run, file, text, replacement in chosen:
            if module not in modules:
                modules[module] = copy(pathlib.Path(temporary), module)
                files[module] = split(modules[module])
            directory, test = modules[module], files[module][run]
            path, original = directory / file, (directory / file).read_text()
            if original.count(text) != 1:
                sys.exit(f"{defence}: {module}/{file} holds {original.count(text)} times, and not once: {text}")
            if (module, run) not in passed:
                result, said = status(directory, test)
                if result != "pass":
                    sys.exit(f"{module}: run {run} does not pass as it is: {result} {said}")
                passed.add((module, run))
            path.write_text(original.replace(text, replacement))
            result, said = status(directory, test)
            path.write_text(original)
            print(f"{'red ' if result == 'fail' else 'STILL ' + result}  {defence}", flush=True)
            if result != "fail":
                survivors.append(f"{defence}: {module}/{file}, run {run}: {result} {said}")
    for survivor in survivors:
        print(f"not noticed: {survivor}")
    print(f"tf-mutations: {len(chosen) - len(survivors)} of {len(chosen)} defences turn their test red when taken out")
    sys.exit(1 if survivors else 0)


if __name__ == "__main__":
    main()
