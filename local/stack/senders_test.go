package stack

import (
	"context"
	"errors"
	"maps"
	"testing"
	"time"

	"cognito-triggers/local/codesealer"
	"cognito-triggers/local/kms"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/manifest"
)

// The pool and its senders' functions get the key; other functions, and settings that somebody has set, stay.
func TestKeyOfSenders(t *testing.T) {
	t.Parallel()
	own := kms.FixedKey("eu-west-1", "own")
	s := &Stack{codes: codes{key: own.ARN, sealer: codesealer.New(codesealer.Options{
		Program: func(context.Context) (string, error) { return "", errors.New("there is none") },
	})}}
	t.Cleanup(s.codes.sealer.Close)
	sender := func(environment map[string]string, grants ...manifest.Grant) manifest.Function {
		return manifest.Function{Hook: cognito.CustomSMSSender, Environment: environment, Grants: grants}
	}
	decrypt := func(setting string) manifest.Grant { return manifest.Grant{Name: "kms:decrypt", Resource: setting} }
	for name, c := range map[string]struct {
		function    manifest.Function
		given, want map[string]string
	}{
		"the toolkit's": {
			function: sender(map[string]string{"SENDER_KEY_ARN": "", "OLD": ""}, decrypt("OLD")),
			want:     map[string]string{"SENDER_KEY_ARN": own.ARN},
		},
		"a grant": {function: sender(map[string]string{"KEY": ""}, decrypt("KEY")), want: map[string]string{"KEY": own.ARN}},
		"set": {
			function: sender(nil, decrypt("KEY")), given: map[string]string{"KEY": "x"}, want: map[string]string{"KEY": "x"},
		},
		"no grant": {function: sender(nil), want: map[string]string{}},
		"another hook": {
			function: manifest.Function{Hook: cognito.UserMigration, Grants: []manifest.Grant{decrypt("KEY")}},
			want:     map[string]string{},
		},
	} {
		given := map[string]string{}
		maps.Copy(given, c.given)
		functions := map[string]deployment{"f": {function: c.function, settings: given}}
		var config cognito.LambdaConfig
		config.Set(cognito.CustomSMSSender, cognito.Function{ARN: "arn", Version: "V1_0"})
		if err := s.keyed(t.Context(), &config, functions); err != nil || config.Key() != own.ARN {
			t.Errorf("%s: key %s, error %v", name, config.Key(), err)
		}
		if got := functions["f"].settings; !maps.Equal(got, c.want) {
			t.Errorf("%s: settings %v, want %v", name, got, c.want)
		}
	}
	var none cognito.LambdaConfig
	if err := s.keyed(t.Context(), &none, nil); err != nil || none.Key() != "" {
		t.Errorf("a pool without senders has the key %s, error %v", none.Key(), err)
	}
}

// What encrypts codes is compiled as soon as a pool has a sender, and never without one: it takes long.
func TestSendersHaveTheSealerPrepared(t *testing.T) {
	t.Parallel()
	for hook, want := range map[cognito.Hook]bool{
		cognito.CustomEmailSender: true, cognito.CustomSMSSender: true, cognito.CustomMessage: false,
	} {
		prepared := make(chan struct{}, 1)
		s := &Stack{code: Code{Sealer: func(context.Context) (string, error) {
			prepared <- struct{}{}
			return "", errors.New("there is none")
		}}}
		s.codes = codes{key: "a key", sealer: codesealer.New(codesealer.Options{Program: s.sealer})}
		var config cognito.LambdaConfig
		config.Set(hook, cognito.Function{ARN: "arn", Version: "V1_0"})
		if err := s.keyed(t.Context(), &config, nil); err != nil {
			t.Fatal(err)
		}
		if want {
			select {
			case <-prepared:
			case <-time.After(10 * time.Second):
				t.Errorf("a pool with %s has nothing prepared that encrypts its codes", hook)
			}
		}
		s.codes.sealer.Close()
		if len(prepared) != 0 {
			t.Errorf("a pool with %s has it prepared needlessly", hook)
		}
	}
}

// A sender whose code was edited still decrypts.
func TestReplacedSenderKeepsTheKey(t *testing.T) {
	t.Parallel()
	f := manifest.Function{Name: "send", Hook: cognito.CustomEmailSender, Environment: map[string]string{senderKey: ""}}
	before := deployment{f, "old", map[string]string{senderKey: "the pool's"}}
	s := &Stack{deployed: map[string]deployment{f.Name: before}}
	d, running, err := s.replacement(f, "new", "the pool's")
	if err != nil || !running || d.bootstrap != "new" || d.settings[senderKey] != "the pool's" {
		t.Errorf("deployment %+v, running %v, error %v", d, running, err)
	}
}
