// Package deploy applies the repository's Terraform for real on this machine: user pool operations go to the local user
// pool, everything else to the emulator, which runs the functions from their zips. It shows that the applied system works,
// that a second plan changes nothing, and that destroy leaves nothing behind.
package deploy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	goruntime "runtime"
	"strings"
	"time"

	"cognito-triggers/local/scenario"
	"cognito-triggers/local/stack"
	"cognito-triggers/shared/profile/dynamo"
)

// services are those of AWS that the root module needs beside the user pool.
var services = []string{"lambda", "iam", "sts", "logs", "cloudwatch", "dynamodb", "ses", "sns", "sqs", "kms", "apigateway"}

// Options say what is deployed.
type Options struct {
	Root      string    // the repository; functions and zips for this machine must be built
	Logs      io.Writer // what functions, emulator and Terraform print
	Out       io.Writer // what a person reads
	PluginDir string    // folder of Terraform's providers; empty: the registry
}

// Run applies, plays the scenario, plans again and destroys.
func Run(ctx context.Context, o Options) error {
	began := time.Now()
	s, err := stack.Start(ctx, stack.Options{Root: o.Root, Logs: o.Logs, Services: services, Lambda: stack.EmulatorsLambda, NoProfiles: true})
	if err != nil {
		return err
	}
	return errors.Join(run(ctx, s, o, began), s.Close())
}

func run(ctx context.Context, s *stack.Stack, o Options, began time.Time) (err error) {
	if err := s.Emulator.VerifyEmailIdentity(ctx, stack.Sender); err != nil {
		return fmt.Errorf("verify the sender's address: %w", err)
	}
	before, err := resources(ctx, s)
	if err != nil {
		return err
	}
	tf, err := newTerraform(s, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(tf.dir)) }()
	err = tf.apply(ctx)
	if err == nil {
		fmt.Fprintf(o.Out, "Applied after %.0f s. The scenario on what Terraform made:\n\n", time.Since(began).Seconds())
		err = use(ctx, s, o, tf)
	}
	made, listed := resources(ctx, s)
	if err == nil {
		err = errors.Join(listed, checkSeen(added(before, made)))
	}
	// What half an apply has made goes as well. Somebody else's emulator may outlive this program.
	if destroyed := tf.run(context.WithoutCancel(ctx), "destroy", "-auto-approve", "-var-file="+overrides); destroyed != nil || err != nil {
		return errors.Join(err, destroyed)
	}
	after, err := resources(ctx, s)
	if err != nil {
		return err
	}
	if left := added(before, after); len(left) > 0 {
		return fmt.Errorf("destroy left behind: %s", strings.Join(left, ", "))
	}
	fmt.Fprintf(o.Out, "Destroyed: the emulator and the user pool hold nothing of it. All in %.0f s.\n", time.Since(began).Seconds())
	return nil
}

// use plays the scenario and plans once more.
func use(ctx context.Context, s *stack.Stack, o Options, tf *terraform) error {
	w, err := tf.world(ctx, s)
	if err != nil {
		return err
	}
	if err := scenario.Play(ctx, w, o.Out); err != nil {
		return err
	}
	excused, err := tf.checkUnchanged(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(o.Out, "\nA second plan changes nothing.")
	if len(excused) > 0 {
		fmt.Fprintf(o.Out, "(Not counted, since the emulator does not give back what it keeps: %s)\n", strings.Join(excused, ", "))
	}
	return nil
}

// world is what the root module's outputs say, for the scenario.
func (tf *terraform) world(ctx context.Context, s *stack.Stack) (scenario.World, error) {
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
	table, client := o.ProfileTable.Value, o.ClientIDs.Value["app"]
	if o.UserPoolID.Value == "" || client == "" || table == "" || o.APIID.Value == "" {
		return scenario.World{}, errors.New(`the root module lacks one of the outputs user_pool_id, client_ids["app"], profile_table and api_id`)
	}
	return scenario.World{
		Cognito: s.Cognito, Server: s.Pool, Endpoint: s.Endpoint, UserPoolID: o.UserPoolID.Value, ClientID: client,
		Profiles: dynamo.New(func() dynamo.API { return s.DynamoDB }, table), DynamoDB: s.DynamoDB, Table: table,
		Emulator: s.Emulator, Sender: stack.Sender, APIEndpoint: apiEndpoint(s.Emulator.Endpoint, o.APIID.Value),
	}, nil
}

// apiEndpoint is where ministack serves an HTTP API beside the host name that the API has for itself, which not every machine
// resolves.
func apiEndpoint(emulator, id string) string { return emulator + "/_aws/execute-api/" + id }

// architecture is Lambda's name of this machine's.
func architecture() string {
	if goruntime.GOARCH == "arm64" {
		return "arm64"
	}
	return "x86_64"
}

// zips is where the functions' zips for this machine are.
func zips(root string) string { return filepath.Dir(filepath.Dir(stack.Bootstrap(root, "any"))) }
