package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"

	"cognito-triggers/local/inspect"
	"cognito-triggers/shared/repository"
)

// fireFlags are the flags of poolctl fire.
type fireFlags struct {
	endpoint, pool, client, source, user, code, provider, subject, attributes string
}

// fireTrigger fires a trigger at the running pool as if what causes it on AWS had happened.
func fireTrigger(ctx context.Context, flags *flag.FlagSet, args []string) error {
	var f fireFlags
	flags.StringVar(&f.endpoint, "endpoint", "", "URL of the server (default: the running one); needs --pool")
	flags.StringVar(&f.pool, "pool", "", "ID of the pool (default: the running one's)")
	flags.StringVar(&f.client, "client", "", "ID of the app client; inbound-federation's default is the running one's")
	flags.StringVar(&f.source, "source", "", "senders: trigger source, for example CustomEmailSender_Authentication")
	flags.StringVar(&f.user, "user", "", "senders: user name, sub or address of the user")
	flags.StringVar(&f.code, "code", "", "senders: the code (default: a new one)")
	flags.StringVar(&f.provider, "provider", "", "inbound-federation: name of the identity provider in the pool")
	flags.StringVar(&f.subject, "subject", "", "inbound-federation: the user's name at the provider, if no attribute has it")
	flags.StringVar(&f.attributes, "attributes", "",
		"inbound-federation: file with idToken, userInfo and tokenResponse, or samlResponse; senders: with more attributes")
	flags.Usage = func() {
		fmt.Fprintln(flags.Output(), "usage: poolctl fire custom-email-sender|custom-sms-sender --source SOURCE --user USER\n"+
			"       poolctl fire inbound-federation --provider NAME --attributes FILE")
		flags.PrintDefaults()
	}
	trigger := ""
	if len(args) > 0 && args[0] != "" && args[0][0] != '-' {
		trigger, args = args[0], args[1:]
	}
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("fire: unexpected argument %q", flags.Arg(0))
	}
	input, err := f.input(trigger)
	if err != nil {
		return err
	}
	call := inspect.Fire{Trigger: trigger, Input: input, Endpoint: f.endpoint}
	if f.endpoint == "" {
		repo, err := repository.Find()
		if err != nil {
			return err
		}
		call.Build = repo.Build
	}
	answer, err := call.Send(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("%s\n", answer)
	return nil
}

// input returns the body of the request.
func (f fireFlags) input(trigger string) (map[string]any, error) {
	if f.endpoint != "" && f.pool == "" {
		return nil, errors.New("fire: --endpoint needs the pool's ID in --pool")
	}
	input := map[string]any{"userPoolId": f.pool, "clientId": f.client}
	if f.attributes != "" {
		text, err := os.ReadFile(f.attributes)
		if err != nil {
			return nil, err
		}
		var attributes map[string]any
		if err := json.Unmarshal(text, &attributes); err != nil {
			return nil, fmt.Errorf("%s is not a JSON object: %w", f.attributes, err)
		}
		input["attributes"] = attributes
	}
	switch trigger {
	case "custom-email-sender", "custom-sms-sender":
		if f.source == "" || f.user == "" {
			return nil, errors.New("fire: name the trigger source with --source and the user with --user")
		}
		input["source"], input["userName"], input["code"] = f.source, f.user, f.code
	case "inbound-federation":
		if f.provider == "" || f.attributes == "" {
			return nil, errors.New("fire: name the provider with --provider and a file with its answer with --attributes")
		}
		input["provider"], input["subject"] = f.provider, f.subject
	default:
		return nil, fmt.Errorf("fire: trigger %q: use custom-email-sender, custom-sms-sender or inbound-federation", trigger)
	}
	return input, nil
}
