package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"cognito-triggers/cmd/poolctl/internal/redrive"
	"cognito-triggers/local/stack"
)

// redriveFlags are the flags of poolctl senders redrive.
type redriveFlags struct {
	queue, function, region, account, queueURL, lambdaURL string
	send, dropExpired                                     bool
	limit                                                 int
	ages                                                  redrive.Ages
}

func senders(ctx context.Context, flags *flag.FlagSet, args []string) error {
	f := redriveFlags{ages: redrive.Default()}
	flags.StringVar(&f.queue, "queue", "", "name of the function's queue (default: FUNCTION-dead-letters)")
	flags.StringVar(&f.function, "function", "", "name of the custom sender's function; no other is invoked")
	flags.StringVar(&f.region, "region", "", "Region of queue and function (default: as the AWS CLI chooses)")
	flags.StringVar(&f.account, "profile", "", "profile of the AWS configuration files (default: as the AWS CLI chooses)")
	flags.StringVar(&f.queueURL, "queue-endpoint", "", "URL of SQS, for an emulator (default: AWS's)")
	flags.StringVar(&f.lambdaURL, "function-endpoint", "", "URL of Lambda, for an emulator (default: AWS's)")
	flags.BoolVar(&f.send, "send", false, "send the events that are still valid; without it, events are only listed")
	flags.BoolVar(&f.dropExpired, "drop-expired", false, "delete the events whose codes are no longer valid")
	flags.IntVar(&f.limit, "max", 1000, "events to read at most")
	flags.DurationVar(&f.ages.SignIn, "sign-in-age", f.ages.SignIn, "how long a sign-in code is valid: the app client's "+
		"AuthSessionValidity")
	flags.DurationVar(&f.ages.Reset, "reset-age", f.ages.Reset, "how long a code that resets a password is valid")
	flags.DurationVar(&f.ages.Password, "password-age", f.ages.Password, "how long a temporary password is valid")
	flags.DurationVar(&f.ages.Other, "code-age", f.ages.Other, "how long a code that confirms an address is valid")
	if len(args) == 0 || args[0] != "redrive" && !strings.HasPrefix(args[0], "-") {
		return errors.New("senders: write senders redrive --function NAME")
	}
	if args[0] == "redrive" {
		args = args[1:]
	}
	if err := parseFlags(flags, args); err != nil {
		return err
	}
	if f.function == "" {
		return errors.New("--function: name the custom sender's function, for example cognito-triggers-custom-email-sender")
	}
	if f.queue == "" {
		f.queue = stack.DeadLetters(f.function)
	}
	r, err := f.redriver(ctx)
	if err != nil {
		return err
	}
	return f.run(ctx, r)
}

func (f redriveFlags) redriver(ctx context.Context) (*redrive.Redriver, error) {
	cfg, err := awsConfig(ctx, f.region, f.account)
	if err != nil {
		return nil, err
	}
	queues := sqs.NewFromConfig(cfg, func(o *sqs.Options) { useEndpoint(&o.BaseEndpoint, f.queueURL) })
	found, err := queues.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &f.queue})
	if err != nil {
		return nil, fmt.Errorf("find the queue %s: %w", f.queue, err)
	}
	functions := lambda.NewFromConfig(cfg, func(o *lambda.Options) { useEndpoint(&o.BaseEndpoint, f.lambdaURL) })
	return &redrive.Redriver{
		Queue: redrive.SQS{Client: queues, URL: aws.ToString(found.QueueUrl)}, Invoker: redrive.Lambda{Client: functions},
		Function: f.function, Ages: f.ages, Max: f.limit, Now: time.Now,
	}, nil
}

// run lists the events, and sends or deletes those that the flags say. It prints no user name, address or code.
func (f redriveFlags) run(ctx context.Context, r *redrive.Redriver) error {
	found, err := r.Read(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	if len(found) > 0 {
		fmt.Fprintln(table, "FIRST ATTEMPT\tSOURCE\tPOOL\tREQUEST\tVERDICT")
	}
	counts, failed := map[string]int{}, 0
	for _, e := range found {
		did, err := f.handle(ctx, r, e)
		if err != nil {
			failed++
			did = "failed: " + err.Error()
			counts["failed"]++
		} else {
			counts[did]++
		}
		if e.Why != "" {
			did += ": " + e.Why
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", e.At.UTC().Format(time.RFC3339), e.Source, e.Pool, e.RequestID, did)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Printf("%s: %d events%s\n", f.queue, len(found), summary(counts))
	if !f.send && counts[string(redrive.Valid)] > 0 {
		fmt.Println("nothing was sent; pass --send to send the valid ones again")
	}
	if failed > 0 {
		return fmt.Errorf("%d events failed and are still in the queue", failed)
	}
	return nil
}

// handle does what the flags say with one event, and says what it did.
func (f redriveFlags) handle(ctx context.Context, r *redrive.Redriver, e redrive.Event) (string, error) {
	old := e.Verdict == redrive.Expired || e.Verdict == redrive.Superseded
	switch {
	case f.send && e.Verdict == redrive.Valid:
		return "sent", r.Send(ctx, e)
	case f.dropExpired && old:
		return string(e.Verdict) + ", deleted", r.Drop(ctx, e)
	}
	return string(e.Verdict), r.Release(ctx, e)
}

func summary(counts map[string]int) string {
	text := ""
	for _, did := range []string{"sent", "valid", "expired", "expired, deleted", "superseded", "superseded, deleted",
		"foreign", "failed"} {
		if counts[did] > 0 {
			text += fmt.Sprintf("; %d %s", counts[did], did)
		}
	}
	return text
}
