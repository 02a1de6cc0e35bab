package deploy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"

	"cognito-triggers/local/stack"
)

// Examples returns the names of the directories in terraform/examples.
func Examples() []string {
	return []string{
		"minimal", "complete", "passwordless", "existing-pool", "imported-pool", "machine-to-machine", "another-repository",
		"rest-api", "all-triggers",
	}
}

// example is one of terraform/examples. Its variables are those without a default.
type example struct {
	s         *stack.Stack
	name      string
	variables map[string]any
}

func exampleNamed(s *stack.Stack, name string) (configuration, error) {
	switch name {
	case "minimal":
		return example{s, name, nil}, nil
	case "complete":
		return complete{example{s, name, map[string]any{
			"sender": stack.Sender, "alarm_email": "on-call@example.org",
			"workforce_oidc": map[string]string{
				"issuer":        "https://sign-in.example.org",
				"client_id":     "shop",
				"client_secret": "not-a-secret",
			},
		}}}, nil
	case "passwordless":
		return passwordless{example{s, name, map[string]any{
			"sender": stack.Sender, "link_pages": []string{"https://members.example.org/sign-in"},
		}}}, nil
	case "machine-to-machine":
		return machines{example{s, name, nil}}, nil
	case "another-repository":
		return another{example{s, name, nil}}, nil
	case "rest-api":
		return restAPI{example{s, name, nil}}, nil
	case "all-triggers":
		return everything{example{s, name, map[string]any{"sender": stack.Sender}}}, nil
	case "existing-pool":
		return &existing{example: example{s: s, name: name}}, nil
	case "imported-pool":
		return &imported{example: example{s: s, name: name}}, nil
	}
	return nil, fmt.Errorf("no example named %q; choose one of %s", name, strings.Join(Examples(), ", "))
}

func (e example) module() string { return filepath.Join("terraform", "examples", e.name) }

func (e example) prepare(_ context.Context, tf *terraform, o Options) error {
	if e.variables == nil {
		e.variables = map[string]any{}
	}
	return errors.Join(e.override(tf, o, nil), tf.write("local.auto.tfvars.json", e.variables))
}

// override writes an override file with this machine's settings for the example's modules and some triggers, so that
// the example itself needs no variables for them.
func (e example) override(tf *terraform, o Options, triggers map[string]any) error {
	text, err := os.ReadFile(filepath.Join(o.Root, e.module(), "main.tf"))
	if err != nil {
		return err
	}
	local, whole := here(e.s, o), whole(e.s, o)
	if triggers != nil {
		local["triggers"], whole["triggers"] = triggers, triggers
	}
	if strings.Contains(string(text), "  code ") {
		delete(whole, "zips_path")
	}
	modules := map[string]any{}
	for name, arguments := range map[string]map[string]any{
		"triggers":   local,
		"people":     whole,
		"http_api":   here(e.s, o),
		"profiles":   {"deletion_protection": false},
		"posts":      {"deletion_protection": false},
		"old_users":  {"deletion_protection": false},
		"user_pool":  {"deletion_protection": false},
		"protection": {"protected": false},
	} {
		if strings.Contains(string(text), `module "`+name+`" {`) {
			modules[name] = arguments
		}
	}
	return tf.write("local_override.tf.json", map[string]any{"module": modules})
}

// here returns the inputs of a module with functions that are other on this machine.
func here(s *stack.Stack, o Options) map[string]any {
	return map[string]any{
		"zips_path": zips(o.Root), "architecture": architecture(), "environment": everywhere(s),
		"tables_deletion_protection": false,
	}
}

// whole returns the inputs of the root module that are other on this machine, for an example that calls it.
func whole(s *stack.Stack, o Options) map[string]any {
	return map[string]any{
		"zips_path": zips(o.Root), "architecture": architecture(), "function_environment": everywhere(s),
		"deletion_protection": false,
	}
}

// outputs decodes the outputs that the examples have.
func (tf *terraform) outputs(ctx context.Context) (exampleOutputs, error) {
	text, err := tf.output(ctx, "output", "-json")
	if err != nil {
		return exampleOutputs{}, err
	}
	var o exampleOutputs
	if err := json.Unmarshal(text, &o); err != nil {
		return exampleOutputs{}, fmt.Errorf("terraform output: %w", err)
	}
	return o, nil
}

// exampleOutputs are outputs of the examples; those that an example lacks are empty.
type exampleOutputs struct {
	PoolID   struct{ Value string }            `json:"user_pool_id"`
	Clients  struct{ Value map[string]string } `json:"client_ids"`
	API      struct{ Value string }            `json:"api_id"`
	Endpoint struct{ Value string }            `json:"api_endpoint"`
	Inbound  struct{ Value string }            `json:"inbound_federation_arn"`
	OldUsers struct{ Value string }            `json:"old_users"`

	IdentityPool struct{ Value string } `json:"identity_pool_id"`
}

// use attempts a sign-up that the pre-sign-up trigger must refuse, with the first app client that allows sign-up.
func (e example) use(ctx context.Context, tf *terraform, o Options) error {
	out, err := tf.outputs(ctx)
	if err != nil {
		return err
	}
	if err := refused(ctx, e.s, out.Clients.Value["web"], o); err != nil {
		return err
	}
	return e.stillCalled(ctx, tf, o)
}

// stillCalled plans to switch pre token generation off, which must fail, because the provider cannot detach it.
func (e example) stillCalled(ctx context.Context, tf *terraform, o Options) error {
	off := map[string]any{"pre-token-generation": map[string]bool{"enabled": false}}
	if err := e.override(tf, o, off); err != nil {
		return err
	}
	const words = "still calls a pre token generation function of these triggers"
	_, err := tf.plan(ctx, "off.tfplan")
	if err == nil || !strings.Contains(strings.Join(strings.Fields(err.Error()), " "), words) {
		return fmt.Errorf("a plan without pre token generation: got %w, want %q", err, words)
	}
	fmt.Fprintln(o.Out, "A plan that would delete pre token generation while the pool calls it is refused.")
	return e.override(tf, o, nil)
}

func (example) destroyed(context.Context, Options) error { return nil }

// refused checks that the pre-sign-up trigger refuses a throw-away address.
func refused(ctx context.Context, s *stack.Stack, client string, o Options) error {
	address, password := "somebody@mailinator.com", "Correct-horse-battery-7"
	_, err := s.Cognito.SignUp(ctx, &cip.SignUpInput{
		ClientId: &client, Username: &address, Password: &password, UserAttributes: []types.AttributeType{{
			Name:  new("email"),
			Value: &address,
		}},
	})
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != "UserLambdaValidationException" {
		return fmt.Errorf("sign-up with a throw-away address: got %w, want the pre-sign-up trigger to refuse it", err)
	}
	fmt.Fprintf(o.Out, "The pool calls its triggers: %s\n", api.ErrorMessage())
	return nil
}
