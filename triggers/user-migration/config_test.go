package main

import (
	"maps"
	"os"
	"strings"
	"testing"

	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/migration/sources"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger/triggertest"
)

const dummy = `$2a$04$7m6gTxhiHxmKECdqlS9TGOG5p.mNPICzneqIlzi8nVNhOt2eUrqq.`

// kinds are complete settings of every kind of source.
var kinds = map[string]map[string]string{
	"service": {
		"MIGRATION_SOURCE": "service", "MIGRATION_URL": "https://old.example.org/users",
		"MIGRATION_SECRET_ARN": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:key-AbCdEf",
	},
	"table": {
		"MIGRATION_SOURCE":    "table",
		"MIGRATION_TABLE_ARN": "arn:aws:dynamodb:eu-west-1:111122223333:table/users",
		"MIGRATION_TABLE":     `{"key":"login","password_hash":"hash","dummy_hash":"` + dummy + `"}`,
	},
	"user pool": {
		"MIGRATION_SOURCE": "user-pool", "MIGRATION_CLIENT_ID": "1example",
		"MIGRATION_POOL_ARN": "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_OldPool",
	},
}

func configure(t *testing.T, environment map[string]string) error {
	t.Helper()
	all := triggertest.NoAWS(t)
	maps.Copy(all, environment)
	env := settings.FromMap(all)
	if _, err := setup(env); err != nil {
		return err
	}
	return env.Err()
}

func TestSettingsThatAreRefused(t *testing.T) {
	for name, environment := range kinds {
		if err := configure(t, environment); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, c := range map[string]struct {
		kind        string
		changes     map[string]string
		setting, to string // the variable, and a part of what its text says
	}{
		"no source": {
			kind: "table", changes: map[string]string{"MIGRATION_SOURCE": ""}, setting: "MIGRATION_SOURCE", to: "is not set",
		},
		"unknown source": {
			kind: "table", changes: map[string]string{"MIGRATION_SOURCE": "ldap"}, setting: "MIGRATION_SOURCE",
			to: "service, table, user-pool",
		},
		"no URL": {
			kind: "service", changes: map[string]string{"MIGRATION_URL": ""}, setting: "MIGRATION_URL", to: "is not set",
		},
		"no TLS": {
			kind: "service", changes: map[string]string{"MIGRATION_URL": "http://old.example.org"}, setting: "MIGRATION_URL",
			to: "https",
		},
		"no key": {
			kind: "service", changes: map[string]string{"MIGRATION_SECRET_ARN": ""}, setting: "MIGRATION_SECRET_ARN",
			to: "is not set",
		},
		"two keys": {
			kind: "service", changes: map[string]string{"MIGRATION_KEY": strings.Repeat("k", 32)}, setting: "MIGRATION_KEY",
			to: "one of them",
		},
		"short key": {
			kind: "service", changes: map[string]string{"MIGRATION_KEY": "hunter2", "MIGRATION_SECRET_ARN": ""},
			setting: "MIGRATION_KEY", to: "at least 32",
		},
		"no secret": {
			kind: "service", changes: map[string]string{"MIGRATION_SECRET_ARN": "hunter2"}, setting: "MIGRATION_SECRET_ARN",
			to: "not the ARN of a secret",
		},
		"no certificate": {
			kind: "service", changes: map[string]string{"MIGRATION_CA": "ca.pem"}, setting: "MIGRATION_CA", to: "PEM",
		},
		"no table": {
			kind: "table", changes: map[string]string{"MIGRATION_TABLE_ARN": ""}, setting: "MIGRATION_TABLE_ARN",
			to: "is not set",
		},
		"a table's name": {
			kind: "table", changes: map[string]string{"MIGRATION_TABLE_ARN": "users"}, setting: "MIGRATION_TABLE_ARN",
			to: "not the ARN",
		},
		"no description": {
			kind: "table", changes: map[string]string{"MIGRATION_TABLE": ""}, setting: "MIGRATION_TABLE", to: "is not set",
		},
		"no dummy": {
			kind: "table", changes: map[string]string{"MIGRATION_TABLE": `{"key":"a","password_hash":"b"}`},
			setting: "MIGRATION_TABLE", to: "dummy_hash",
		},
		"dummy too large for the function": {
			kind: "table", changes: map[string]string{
				"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
				"MIGRATION_TABLE": `{"key":"a","password_hash":"b","dummy_hash":"$argon2id$v=19$m=65537,t=1,p=1$MDEyMzQ1Njc4` +
					`OWFiY2RlZg$w+1yh25tTUQDI1Hd4sVU9+wIcAHI9KoZwMBfSLwhbzA"}`,
			}, setting: "MIGRATION_TABLE", to: "costs more",
		},
		"no pool": {
			kind: "user pool", changes: map[string]string{"MIGRATION_POOL_ARN": ""}, setting: "MIGRATION_POOL_ARN",
			to: "is not set",
		},
		"a pool's ID": {
			kind: "user pool", changes: map[string]string{"MIGRATION_POOL_ARN": "eu-west-1_OldPool"},
			setting: "MIGRATION_POOL_ARN", to: "not the ARN",
		},
		"no app client": {
			kind: "user pool", changes: map[string]string{"MIGRATION_CLIENT_ID": ""}, setting: "MIGRATION_CLIENT_ID",
			to: "is not set",
		},
		"a role": {
			kind: "table", changes: map[string]string{"ATTRIBUTES": `{"custom:role":"role"}`}, setting: "ATTRIBUTES",
			to: "protected",
		},
		"no policy": {
			kind: "table", changes: map[string]string{"PASSWORD_POLICY": "8"}, setting: "PASSWORD_POLICY",
			to: "password policy",
		},
	} {
		t.Run(name, func(t *testing.T) {
			environment := maps.Clone(kinds[c.kind])
			maps.Copy(environment, c.changes)
			err := configure(t, environment)
			if err == nil || !strings.Contains(err.Error(), c.setting+" ") || !strings.Contains(err.Error(), c.to) {
				t.Errorf("problems %v, want one of %s with %q", err, c.setting, c.to)
			}
			if err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Error("the text has the secret")
			}
		})
	}
}

// The defaults stand in function.json, in the code and, those of the policy, in the settings of the pool.
func TestDefaultsAreTheSameEverywhere(t *testing.T) {
	function, err := manifest.Read("function.json")
	if err != nil {
		t.Fatal(err)
	}
	if function.Environment["ATTRIBUTES"] != sources.DefaultAttributes ||
		function.Environment["PASSWORD_POLICY"] != sources.DefaultPolicy {
		t.Errorf("function.json has %s and %s", function.Environment["ATTRIBUTES"], function.Environment["PASSWORD_POLICY"])
	}
	// Settings of the guard in pre-sign-up are the same.
	guard, err := manifest.Read("../pre-sign-up/function.json")
	if err != nil {
		t.Fatal(err)
	}
	for name := range function.Environment {
		_, there := guard.Environment[name]
		if strings.HasPrefix(name, "MIGRATION_") && !there && name != "MIGRATION_AS_APP" {
			t.Errorf("pre-sign-up has no %s", name)
		}
	}
	if _, err := os.Stat("README.md"); err != nil {
		t.Error(err)
	}
}
