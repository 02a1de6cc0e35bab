#!/usr/bin/env python3
"""Takes every defence out of the modules and expects the test that holds it to fail.

A policy test that nobody saw fail may hold nothing. Each mutation below names the run that must turn red, what the failing
assertion says, and the text of the module that is replaced. It is applied to a temporary copy whose tests passed before.

    python3 terraform/tests/mutations.py [--check] [--each] [words of a run or an assertion ...]

--check runs no test: it only says whether each text is once in its file, and each run in the module's tests.
--each takes out one defence at a time: slower, and free of any doubt that one mutation turns the test of another red.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]

# (module, run, what the failing assertion says, file, text, replacement). REFUSED: the run expects a refusal, which is missing.
POOL, TABLE, IDENTITY, WATCH, TRIGGERS, FUNCTION = "user-pool", "table", "identity-pool", "observability", "triggers", "function"
API = "http-api"
REFUSED = "Missing expected failure"
# What sources and tests of modules name beside them.
BESIDE = ["pool.auto.tfvars.json", "tests/mocks", *(f"modules/{name}" for name in ("api-functions", "function", "function-options", "protection", "table", "tables"))]
MUTATIONS = [
    (POOL, "defaults_of_the_pool", "deletion protection is on unless", "main.tf", '? "ACTIVE" : "INACTIVE"', '? "INACTIVE" : "INACTIVE"'),
    (POOL, "defaults_of_the_pool", "deletion protection is on unless", "variables.tf", "destroy.\"\n  type        = bool\n  default     = true", "destroy.\"\n  type        = bool\n  default     = false"),
    (POOL, "defaults_of_the_pool", "user names are case-insensitive", "main.tf", "case_sensitive = false", "case_sensitive = true"),
    (POOL, "defaults_of_the_pool", "recovered through a verified e-mail address and nothing else", "variables.tf", 'default     = ["verified_email"]', 'default     = ["verified_phone_number"]'),
    (POOL, "defaults_of_the_pool", "a new e-mail address counts only once it is verified", "locals.tf", "    ? var.auto_verified_attributes\n", "    ? toset([])\n"),
    (POOL, "defaults_of_the_pool", "the pool verifies e-mail addresses", "main.tf", "auto_verified_attributes = var.auto_verified_attributes", "auto_verified_attributes = []"),
    (POOL, "defaults_of_the_pool", "TOTP is offered", "variables.tf", 'default     = "OPTIONAL"', 'default     = "OFF"'),
    (POOL, "defaults_of_the_pool", "TOTP is offered", "main.tf", "= var.mfa\n", "= \"OFF\"\n"),
    (POOL, "defaults_of_the_pool", "passwords have at least 8 characters", "variables.tf", "optional(number, 8)", "optional(number, 10)"),
    (POOL, "defaults_of_the_pool", "passwords have all four classes", "variables.tf", "require_symbols                  = optional(bool, true)", "require_symbols                  = optional(bool, false)"),
    (POOL, "weak_password_policy", REFUSED, "variables.tf", "minimum_length >= 8", "minimum_length >= 6"),
    (POOL, "defaults_of_clients", "no client tells whether a user exists", "variables.tf", 'optional(string, "ENABLED")', 'optional(string, "LEGACY")'),
    (POOL, "defaults_of_clients", "tokens of every client can be revoked", "clients.tf", "enable_token_revocation                       = true", "enable_token_revocation                       = false"),
    (POOL, "defaults_of_clients", "no password flow", "variables.tf", '["USER_SRP_AUTH", "REFRESH_TOKEN_AUTH"])', '["USER_SRP_AUTH", "USER_PASSWORD_AUTH", "REFRESH_TOKEN_AUTH"])'),
    (POOL, "defaults_of_clients", "every client has explicit read and write attributes", "clients.tf", "  write_attributes    = each.value.write_attributes", "  write_attributes    = null"),
    (POOL, "defaults_of_clients", "the default write list holds the e-mail address alone", "variables.tf", 'write_attributes     = optional(set(string), ["email"])', 'write_attributes     = optional(set(string), ["email", "name"])'),
    (POOL, "admin_only_attribute_in_a_write_list", REFUSED, "clients.tf", "length(setintersection(each.value.write_attributes, local.admin_only_attributes)) == 0", "each.key != null"),
    (POOL, "verified_flag_in_a_write_list", REFUSED, "clients.tf", "length(setintersection(each.value.write_attributes, local.verified_attributes)) == 0", "each.key != null"),
    (POOL, "undeclared_attribute_in_a_write_list", REFUSED, "clients.tf", "length(setsubtract(setunion(each.value.read_attributes, each.value.write_attributes), local.known_attributes)) == 0", "each.key != null"),
    (POOL, "empty_write_list", REFUSED, "clients.tf", "length(each.value.write_attributes) > 0 && length(each.value.read_attributes) > 0", "each.key != null"),
    (POOL, "admin_only_attribute_mapped_from_a_provider", REFUSED, "providers.tf", "length(setintersection(keys(each.value.attribute_mapping), local.admin_only_attributes)) == 0", "each.key != null"),
    (POOL, "callback_over_plain_http", REFUSED, "locals.tf", "^(https://[^/?#@", "^(https?://[^/?#@"),
    (POOL, "callback_that_only_looks_local", REFUSED, "locals.tf", "(:[0-9]+)?)([/?]", "[^/]*)([/?]"),
    (POOL, "tokens_and_secret", "an imported client is not replaced", "clients.tf", "each.value.imported ? null : each.value.generate_secret", "each.value.generate_secret"),
    (POOL, "adopted_schema", "what the pool has comes before", "schema.tf", "merge(local.declared_schema, local.adopted_schema)", "merge(local.adopted_schema, local.declared_schema)"),
    (POOL, "adopted_schema", "without standard attributes that are as Cognito makes them", "schema.tf", " if local.own_attribute[a.name] }", " }"),
    (POOL, "machine_client_with_scopes", "Cognito takes no URL as a server's name", "clients.tf", "local.server_names[each.key]", "coalesce(each.value.name, each.key)"),
    (POOL, "everything", "the order of account_recovery is the priority", "main.tf", "recovery_mechanism.key + 1", "2 - recovery_mechanism.key"),
    (POOL, "implicit_flow", REFUSED, "variables.tf", 'contains(["code", "client_credentials"]', 'contains(["code", "client_credentials", "implicit"]'),
    (POOL, "kms_key_without_a_sender", REFUSED, "variables.tf", "      try(var.lambda_config.kms_key_id, null) == null\n", "      true\n"),
    (POOL, "sender_without_a_kms_key", REFUSED, "variables.tf", "      try(var.lambda_config.kms_key_id, null) != null\n", "      true\n"),
    (POOL, "guard_sees_an_inbound_federation_trigger", REFUSED, "main.tf", "        local.attached_inbound_federation == null\n", "        true\n"),
    (POOL, "guard_says_that_the_own_trigger_was_taken_off", REFUSED, "main.tf", "      ) == var.inbound_federation_arn\n", "      ) != \"?\"\n"),
    (POOL, "inbound_federation_is_refused", REFUSED, "variables.tf", "condition     = try(var.lambda_config.inbound_federation, null) == null", "condition     = try(var.lambda_config.create_auth_challenge, null) == null"),
    (POOL, "new_event_version_on_a_lite_pool", REFUSED, "variables.tf", 'var.feature_plan != "LITE" || try(var.lambda_config.pre', 'var.feature_plan == "LITE" || try(var.lambda_config.pre'),
    (POOL, "scopes_of_users_for_a_service", REFUSED, "variables.tf", "      length(c.oauth.scopes) > 0\n      && length(", "      true || length("),
    (TABLE, "defaults", "deletion protection is on unless", "main.tf", "deletion_protection_enabled = var.deletion_protection", "deletion_protection_enabled = false"),
    (TABLE, "defaults", "restored to any second", "main.tf", "    enabled                 = true", "    enabled                 = false"),
    (TABLE, "everything", "encrypted with the key that was given", "main.tf", "for_each = var.kms_key_arn[*]", "for_each = []"),
    (TABLE, "defaults", "items expire by expires_at", "main.tf", "for_each = var.ttl_attribute[*]", "for_each = []"),
    (IDENTITY, "defaults", "guests get no credentials", "variables.tf", "type        = bool\n  default     = false", "type        = bool\n  default     = true"),
    (IDENTITY, "defaults", "the classic flow is off", "main.tf", "allow_classic_flow               = false", "allow_classic_flow               = true"),
    (IDENTITY, "defaults", "tokens of each client are checked", "main.tf", "server_side_token_check = true", "server_side_token_check = false"),
    (IDENTITY, "trust", "a role trusts this pool alone", "main.tf", '"cognito-identity.amazonaws.com:aud" = aws_cognito_identity_pool.this.id', '"cognito-identity.amazonaws.com:aud" = "*"'),
    (IDENTITY, "trust", "a role trusts this pool alone", "main.tf", '"cognito-identity.amazonaws.com:amr" = kind', '"cognito-identity.amazonaws.com:amr" = "*"'),
    (IDENTITY, "trust", "who has no clear role gets none", "variables.tf", 'optional(string, "Deny")', 'optional(string, "AuthenticatedRole")'),
    (WATCH, "each_function_has_its_alarms", "what the function refused on purpose is taken off", "alarms.tf", '"FILL(refused${i}, 0)"', '"0"'),
    (WATCH, "each_function_has_its_alarms", "p99 above 4 s rings", "variables.tf", "default     = 4000", "default     = 4900"),
    (WATCH, "each_function_has_its_alarms", "the namespace is not the one", "events.tf", 'namespace = "CognitoTriggers"', 'namespace = "CognitoTrigger"'),
    (WATCH, "each_function_has_its_alarms", "a counter of hook_counters is not counted", "events.tf", '["ProfilesLost", "MailsLost",', '["ProfilesLost", "MailLost",'),
    (TRIGGERS, "permission", "Any pool could invoke the function", "pool.tf", "source_arn          = var.user_pool.arn", "source_arn          = null"),
    (TRIGGERS, "permission", "Any account could invoke the function", "pool.tf", 'source_account      = split(":", var.user_pool.arn)[4]', "source_account      = null"),
    (TRIGGERS, "permission_before_the_pool", "is for any pool", "pool.tf", "source_arn          = local.live_arn", "source_arn          = null"),
    (TRIGGERS, "permission_before_the_pool", "is for any account", "pool.tf", "source_account      = local.account", "source_account      = null"),
    (TRIGGERS, "tables_of_triggers", "before the pool", "pool.tf", "      lookup(local.with_pool_statements, each.key, []),\n", ""),
    (TRIGGERS, "custom_senders", "before the pool", "pool.tf", '"kms:EncryptionContext:userpool-id" = var.live_user_pool_id } }', '"kms:EncryptionContext:userpool-id" = "*" } }'),
    (TRIGGERS, "custom_senders", '"Sid":"DecryptCodes"', "pool.tf", 'Condition = { StringEquals = { "kms:EncryptionContext:userpool-id" = var.user_pool.id } }', "Condition = {}"),
    (TRIGGERS, "custom_senders", "what they lose has to end in a queue", "main.tf", "contains(local.sender_hooks, each.value.hook)", 'contains(["none"], each.value.hook)'),
    (TRIGGERS, "statements", '"pre-sign-up"', "pool.tf", "if length(function.pool_grants) > 0 }", "}"),
    (TRIGGERS, "tables_of_triggers", "own statements", "permissions.tf", '"{pool_arn}", var.user_pool.arn)', '"{pool_arn}", "*")'),
    (TRIGGERS, "tables_of_triggers", "deletion protection", "permissions.tf", "deletion_protection = var.tables_deletion_protection", "deletion_protection = false"),
    (FUNCTION, "statements_of_settings_that_are_off", '"ListGroups"', "role.tf", "if lookup(local.grants, grant, false)]", "if contains(keys(local.grants), grant)]"),
    (FUNCTION, "statements_of_settings_that_are_off", '"cognito-idp:*"', "role.tf", '["cognito-idp:AdminGetUser"] }', '["cognito-idp:*"] }'),
    (FUNCTION, "statements_of_settings_that_are_off", '"ReadTemplate"', "statements.tf", "} if can(statement.when)", "} if can(statement.whenever)"),
    (FUNCTION, "tables_of_its_own", "index/by-day", "tables.tf", '      if contains(["read", "read_write"], try(table.access, ""))\n', "      if true\n"),
    (FUNCTION, "resources_in_settings", '"Resource":["*"]', "role.tf", 'NotResource = ["arn:${local.partition}:sns:*:*:*"]', 'Resource = ["*"]'),
    (TRIGGERS, "without_ses", "custom-message is on, but without an SES identity", "main.tf", 'manifest.hook != "custom_message" || var.ses != null', "true"),
    (TRIGGERS, "mapped_attributes", "MAPPED_ATTRIBUTES", "main.tf", "{ MAPPED_ATTRIBUTES = join(\",\", sort(var.mapped_attributes)) }", "{}"),
    (FUNCTION, "from_manifest", '"dynamodb:*"', "role.tf", 'Action = ["dynamodb:GetItem"]', 'Action = ["dynamodb:*"]'),
    (FUNCTION, "grants_of_settings_that_are_off", '"Sid":"ProfilesWrite"', "role.tf", "[]) if local.grants[grant]]),", "[])]),"),
    (FUNCTION, "grants_of_settings_that_are_off", '"profiles:write":true', "main.tf", "!contains([\"\", \"false\", \"0\"], lower(", "!contains([\"none\"], lower("),
    (FUNCTION, "from_manifest", '"sts:AssumeRole"', "role.tf", '{ StringEquals = { "aws:SourceAccount" = local.account } }', "{}"),
    (FUNCTION, "from_manifest", '"Resource":["*"]', "role.tf", "[var.ses.identity_arn],", '["*"],'),
    (FUNCTION, "own_key_and_configuration_set", '"kms:ViaService":"*"', "role.tf", '"dynamodb.${local.region}.amazonaws.com"', '"*"'),
    (FUNCTION, "called_asynchronously", "What fails through the alias does not end in the queue", "async.tf", "destination = aws_sqs_queue.dead_letters[0].arn", 'destination = "arn:aws:sqs:eu-west-1:111122223333:another"'),
    (FUNCTION, "called_asynchronously", "Dead letters are not encrypted", "async.tf", "var.kms_key_arn == null ? true : null", "null"),
    (FUNCTION, "function_with_routes", '"dynamodb:Scan"', "role.tf", '"PostsRead", Effect = "Allow", Action = ["dynamodb:GetItem", ', '"PostsRead", Effect = "Allow", Action = ["dynamodb:GetItem", "dynamodb:Scan", '),
    (FUNCTION, "own_key_and_configuration_set", "SesSend", "role.tf", "configuration-set/${name}", "configuration-set/*"),
    (FUNCTION, "in_s3", "The code is not the object's", "main.tf", "try(var.s3.object_version, null)", "null"),
    (API, "routes", "a guarded route has the authorizer", "routes.tf", 'each.value.guarded ? "JWT" : "NONE"', '"NONE"'),
    (API, "routes", "only the routes without authorizer are open", "../api-functions/routes.tf", 'contains(try(keys(route), []), "authorizer")', "can(route.scopes)"),
    (API, "routes", "a route has the scopes of its manifest", "routes.tf", "each.value.guarded ? each.value.scopes : null", "null"),
    (API, "authorizer", "the issuer is the pool's", "routes.tf", "issuer   = var.user_pool.issuer", 'issuer   = "https://sign-in.example.org"'),
    (API, "authorizer", "the audience is the app clients", "routes.tf", "audience = values(var.client_ids)", 'audience = ["any"]'),
    (API, "integrations", "only this API may invoke the functions", "routes.tf", '"${aws_apigatewayv2_api.this.execution_arn}/*/*"', "null"),
    (API, "integrations", "a function is called through its alias", "routes.tf", "= each.value.invoke_arn", "= each.value.function_name"),
    (API, "defaults", "requests are throttled", "api.tf", "throttling_rate_limit  = var.throttle.rate", "throttling_rate_limit  = 10000"),
    (API, "defaults", "the access log tells what happened and not to whom", "api.tf", '"$context.routeKey"', '"$context.path"'),
    (API, "defaults", "no page of another origin may call the API", "api.tf", "length(var.cors_origins) == 0 ? [] :", "false ? [] :"),
    (API, "given", "pages of the named origins may call the API, without cookies", "api.tf", "allow_credentials = false", "allow_credentials = true"),
    (WATCH, "each_function_has_its_alarms", "docs/runbook.md lacks the heading", "alarms.tf", "${local.runbook}throttles", "${local.runbook}throttled"),
    (WATCH, "each_function_has_its_alarms", "dashboards are the account's", "dashboard.tf", '"${var.name}-${data.aws_region.current.id}"', 'var.name'),
    (FUNCTION, "overrides", "The role has no boundary", "role.tf", "  permissions_boundary = var.permissions_boundary\n", ""),
    (FUNCTION, "overrides", '"NetworkInterfaces"', "vpc.tf", 'Sid = "NotByTheFunction", Effect = "Deny"', 'Sid = "NotByTheFunction", Effect = "Allow"'),
    (FUNCTION, "overrides", "logs:", "main.tf", "  skip_destroy      = var.log_skip_destroy\n", ""),
    (FUNCTION, "overrides", "A resource has no tags", "role.tf", "  tags        = var.tags\n", ""),
    (FUNCTION, "moved_by_deployments", "alias:", "alias.tf", '"${var.alias_name}-gradual"', "var.alias_name"),
    (FUNCTION, "moved_by_deployments", "log group:", "main.tf", '"STANDARD" ? "" : "-infrequent-access"', '"STANDARD" ? "" : ""'),
    (FUNCTION, "moved_by_deployments", "The function is not stopped", "main.tf", "var.stopped ? 0 : ", ""),
    (TRIGGERS, "all_switched_off", "lambda_config:", "outputs.tf", "length(local.with_hook) == 0 ? null : {", "{"),
    (IDENTITY, "trust", "a role has no boundary", "main.tf", "  permissions_boundary = var.permissions_boundary\n", ""),
    (WATCH, "each_function_has_its_alarms", "links to what to do", "alarms.tf", '"${var.runbook_url}#"', '"docs/runbook.md#"'),
]


def plugin_dir():
    """The directory of providers that this machine keeps; empty if there is none."""
    return subprocess.run([ROOT / ".ci/terraform", "plugin-dir"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def terraform(directory, *arguments):
    environment = dict(os.environ, CHECKPOINT_DISABLE="1", TF_IN_AUTOMATION="1", TF_INPUT="0")
    if not os.path.exists(environment.get("TF_CLI_CONFIG_FILE", "/")):
        del environment["TF_CLI_CONFIG_FILE"]
    return subprocess.run(["terraform", f"-chdir={directory}", *arguments], capture_output=True, text=True, env=environment)


def copy(work, module):
    """A copy of the module, at its own depth beside what its tests read."""
    directory = work / "terraform/modules" / module
    directory.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(ROOT / "terraform/modules" / module, directory)
    for name in BESIDE:
        source, target = ROOT / "terraform" / name, work / "terraform" / name
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
    for name in ("api", "docs", "shared", "triggers"):
        if not (work / name).exists():
            (work / name).symlink_to(ROOT / name)
    return directory


def init(directory):
    plugins = plugin_dir()
    done = terraform(directory, "init", "-backend=false", "-no-color", *([f"-plugin-dir={plugins}"] if plugins else []))
    if done.returncode == 0:
        return
    # Only a provider that can neither be found nor fetched is a reason to skip; any other failure is a mistake.
    if not plugins and re.search(r"(available versions for provider|Error while installing) hashicorp/aws", " ".join(done.stderr.split())):
        skip(f"no AWS provider: set TF_PLUGIN_DIR to a directory that holds registry.terraform.io/hashicorp/aws\n{done.stderr}")
    sys.exit(f"terraform init failed in {directory.name}:\n{done.stderr}")


def share_provider(directory):
    """Starts one process of the AWS provider that all tests use, as .ci/terraform does: each start costs a third of a second."""
    binary = next(directory.glob(".terraform/providers/**/terraform-provider-aws*"), None)
    if binary is None:
        return None
    provider = subprocess.Popen([str(binary), "-debug"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    for line in provider.stdout:
        if found := re.search(r"TF_REATTACH_PROVIDERS='(.*)'", line):
            os.environ["TF_REATTACH_PROVIDERS"] = found.group(1)
            # What it says from now on must not fill the pipe.
            threading.Thread(target=lambda: [None for _ in provider.stdout], daemon=True).start()
            return provider
    sys.exit(f"{binary} -debug did not start")


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


def diagnostics(directory, tests):
    """What the runs of these files report, by the run's name; the empty name holds what belongs to no run."""
    done = terraform(directory, "test", "-json", *(f"-filter={test}" for test in tests))
    said = {}
    for line in done.stdout.splitlines():
        event = json.loads(line) if line.startswith("{") else {}
        if event.get("type") == "diagnostic" and event["diagnostic"]["severity"] == "error":
            text = f"{event['diagnostic']['summary']}: {event['diagnostic'].get('detail', '')}"
            said.setdefault(event.get("@testrun", ""), []).append(" ".join(text.split()))
    return said


def rounds(mutations, each):
    """Groups mutations that can be told apart by the run and the assertion that they turn red: Terraform takes seconds to start."""
    groups = []
    for mutation in mutations:
        place = (mutation[0], mutation[1], mutation[2])
        fits = [g for g in groups if not each and g[0][0] == mutation[0] and place not in [m[:3] for m in g]]
        if fits:
            fits[0].append(mutation)
        else:
            groups.append([mutation])
    return groups


def mutate(directory, group):
    """Applies the group's mutations, and returns the files as they were."""
    originals = {}
    for _, run, _, file, text, replacement in group:
        path = directory / file
        content = path.read_text()
        originals.setdefault(path, content)
        if content.count(text) != 1:
            sys.exit(f"{run}: {path.name} holds {content.count(text)} times, and not once: {text}")
        path.write_text(content.replace(text, replacement))
    return originals


def check(mutations):
    """Says which texts are not once in their file, and which runs no test of the module has."""
    wrong = []
    for module, run, _, file, text, _ in mutations:
        directory = ROOT / "terraform/modules" / module
        count = (directory / file).read_text().count(text)
        if count != 1:
            wrong.append(f"{module}, {run}: {file} holds {count} times, and not once: {text}")
        if not any(f'run "{run}" {{' in path.read_text() for path in directory.glob("tests/*.tftest.hcl")):
            wrong.append(f"{module}: its tests have no run {run}")
    print("\n".join(wrong) or f"mutations: {len(mutations)} texts are once in their files")
    sys.exit(1 if wrong else 0)


def skip(why):
    print(f"SKIP: tf-mutations: {why}")
    sys.exit(0)


def main():
    flags, words = [a for a in sys.argv[1:] if a.startswith("--")], [a for a in sys.argv[1:] if not a.startswith("--")]
    chosen = [m for m in MUTATIONS if all(word in f"{m[0]} {m[1]} {m[2]}" for word in words)]
    if "--check" in flags:
        check(chosen)
    if not shutil.which("terraform"):
        skip("terraform is not installed")
    with tempfile.TemporaryDirectory() as temporary:
        modules, files = {}, {}
        for module in dict.fromkeys(m[0] for m in chosen):
            modules[module] = copy(pathlib.Path(temporary) / module, module)
            files[module] = split(modules[module])
            init(modules[module])  # after the split: modules of tests are installed by the names of their files
        provider = share_provider(next(iter(modules.values()))) if modules else None
        try:
            unnoticed = take_out(chosen, modules, files, "--each" in flags)
        finally:
            if provider:
                provider.kill()
                provider.wait()
    print(f"tf-mutations: {len(chosen) - unnoticed} of {len(chosen)} defences turn their test red when taken out")
    sys.exit(1 if unnoticed else 0)


def take_out(chosen, modules, files, each):
    """Applies the mutations, each or in groups, and returns how many no test noticed."""
    unnoticed = 0
    for module, directory in modules.items():
        said = diagnostics(directory, [files[module][m[1]] for m in chosen if m[0] == module])
        if said:
            sys.exit(f"{module}: its tests do not pass as they are: {said}")
    for group in rounds(chosen, each):
        directory = modules[group[0][0]]
        originals = mutate(directory, group)
        said = diagnostics(directory, [files[group[0][0]][m[1]] for m in group])
        for path, content in originals.items():
            path.write_text(content)
        for module, run, says, *_ in group:
            red = any(says in text for text in said.get(run, []))
            unnoticed += not red
            print(f"{'red ' if red else 'GREEN'}  {module}, {run}: {says}", flush=True)
            if not red:
                print(f"       it said {said.get(run, []) + said.get('', [])}")
    return unnoticed


if __name__ == "__main__":
    main()
