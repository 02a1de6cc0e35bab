package deploy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"cognito-triggers/local/scenario"
	"cognito-triggers/local/stack"
	"cognito-triggers/shared/profile/dynamo"
	"cognito-triggers/shared/repository"
)

// overrides is the name of the file with the settings for this machine.
const overrides = "machine.tfvars.json"

// root is the root module; it is used by playing the scenario of `make run`.
type root struct{ s *stack.Stack }

func (root) module() string { return "terraform" }

func (r root) prepare(ctx context.Context, tf *terraform, o Options) error {
	if err := r.s.Emulator.VerifyEmailIdentity(ctx, stack.Sender); err != nil {
		return fmt.Errorf("verify the sender's address: %w", err)
	}
	tf.arguments = demo()
	return tf.write(overrides, settings(r.s, o))
}

// demo returns the settings files for the root module as the scenario needs it: with the HTTP API and password flows,
// which a bare apply does not have.
func demo() []string {
	return []string{"-var-file=" + repository.LocalFile, "-var-file=" + overrides}
}

// settings returns what differs from a deployment to AWS: endpoints, and no deletion protection.
func settings(s *stack.Stack, o Options) map[string]any {
	return map[string]any{
		"triggers_path": filepath.Join(o.Root, "triggers"), "api_path": filepath.Join(o.Root, "api"),
		"zips_path":    zips(o.Root),
		"architecture": architecture(), "token_issuer_base": s.Endpoint,
		"deletion_protection": false, "function_environment": everywhere(s),
		"identity_providers": map[string]any{"Acme": map[string]any{
			"type": "OIDC", "client_id": "people", "issuer": "https://login.acme.example", "authorize_scopes": "openid email",
			"attribute_mapping": map[string]string{"email": "email", "email_verified": "email_verified"},
		}},
		"identity_provider_secrets": map[string]string{"Acme": "only-here"},
		"ses_identity": map[string]string{
			"arn":  "arn:aws:ses:" + s.Region + ":" + stack.Account + ":identity/" + stack.Sender,
			"from": stack.Sender,
		},
	}
}

// everywhere returns the variables that every function gets: the AWS endpoints, and LOG_LEVEL, which would otherwise be
// the emulator's.
func everywhere(s *stack.Stack) map[string]string {
	all := map[string]string{"LOG_LEVEL": "info"}
	for name, value := range s.Environment() {
		if strings.HasPrefix(name, "AWS_ENDPOINT_URL") {
			all[name] = value
		}
	}
	return all
}

func (r root) use(ctx context.Context, tf *terraform, o Options) error {
	w, err := r.world(ctx, tf)
	if err != nil {
		return err
	}
	fmt.Fprintf(o.Out, "Playing the scenario on the applied system:\n\n")
	if err := scenario.Play(ctx, w, o.Out); err != nil {
		return err
	}
	fmt.Fprintln(o.Out)
	return checkAuthorizer(ctx, w, o.Out)
}

func (root) destroyed(context.Context, Options) error { return nil }

// world builds the scenario's world from the root module's outputs.
func (r root) world(ctx context.Context, tf *terraform) (scenario.World, error) {
	text, err := tf.output(ctx, "output", "-json")
	if err != nil {
		return scenario.World{}, err
	}
	var o struct {
		UserPoolID   struct{ Value string }            `json:"user_pool_id"`
		ClientIDs    struct{ Value map[string]string } `json:"client_ids"`
		ProfileTable struct{ Value string }            `json:"profile_table"`
		APIID        struct{ Value string }            `json:"api_id"`
	}
	if err := json.Unmarshal(text, &o); err != nil {
		return scenario.World{}, fmt.Errorf("terraform output: %w", err)
	}
	table, client, s := o.ProfileTable.Value, o.ClientIDs.Value["app"], r.s
	if o.UserPoolID.Value == "" || client == "" || table == "" || o.APIID.Value == "" {
		return scenario.World{},
			errors.New(`the root module lacks one of the outputs user_pool_id, client_ids["app"], profile_table and api_id`)
	}
	hosted, err := scenario.HostedOf(ctx, s, o.UserPoolID.Value)
	if err != nil {
		return scenario.World{}, err
	}
	return scenario.World{
		Hosted:  hosted,
		Cognito: s.Cognito, Server: s.Pool, Endpoint: s.Endpoint, UserPoolID: o.UserPoolID.Value, ClientID: client,
		Profiles: dynamo.New(func() dynamo.API { return s.DynamoDB }, table), DynamoDB: s.DynamoDB, Table: table,
		Emulator: s.Emulator, Sender: stack.Sender, APIEndpoint: apiEndpoint(s.Emulator.Endpoint, o.APIID.Value),
	}, nil
}

// apiEndpoint returns ministack's path-style URL of an HTTP API, since not every machine resolves the API's host name.
func apiEndpoint(emulator, id string) string { return emulator + "/_aws/execute-api/" + id }
