package main

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/sealedcode"
	"cognito-triggers/local/stack"
	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events/sample"
)

// What is in the emulator's queue goes through the compiled sender again if its code is still valid, and leaves the
// queue then. Without --send and --drop-expired everything stays.
func TestSendersRedrive(t *testing.T) {
	const function, pool = "redriven-email-sender", "eu-west-1_Redriven"
	t.Setenv("AWS_ACCESS_KEY_ID", "test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	arn := "arn:aws:lambda:" + local.Region + ":" + stack.Account + ":function:" + function
	config, err := local.Emulator.Config("KMS")
	if err != nil {
		t.Fatal(err)
	}
	key, err := kms.NewFromConfig(config).CreateKey(t.Context(), &kms.CreateKeyInput{})
	if err != nil {
		t.Fatal(err)
	}
	keyARN := aws.ToString(key.KeyMetadata.Arn)
	queues := sqs.NewFromConfig(config)
	name := stack.DeadLetters(function)
	queue, err := queues.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: &name})
	if err != nil {
		t.Fatal(err)
	}
	sealer := sealedcode.New(func() (aws.Config, error) { return config, nil })
	bury := func(email, code string, at time.Time) {
		sealed, err := sealer.Seal(t.Context(), keyARN, pool, code)
		if err != nil {
			t.Fatal(err)
		}
		failure := fire.Failure{Function: arn, Attempts: 3, At: at, Event: senderEvent(t, pool, email, sealed)}
		record, err := failure.Destination()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := queues.SendMessage(t.Context(), &sqs.SendMessageInput{
			QueueUrl: queue.QueueUrl, MessageBody: aws.String(string(record)),
		}); err != nil {
			t.Fatal(err)
		}
	}
	bury("valid.redriven@example.org", "394017", time.Now())
	bury("late.redriven@example.org", "271828", time.Now().Add(-2*time.Hour))
	redrive := func(flags ...string) ran {
		return poolctl(t, local.Root, "", append([]string{"senders", "redrive", "--function", function, "--region",
			local.Region, "--queue-endpoint", local.Emulator.Endpoint,
			"--function-endpoint", lambdaWith(t, arn, keyARN)}, flags...)...)
	}
	sent := func() (codes []string) {
		mails, err := local.Emulator.SentEmails(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range mails {
			for _, code := range []string{"394017", "271828"} {
				if strings.Contains(strings.Join(m.To, " "), "redriven@") && strings.Contains(m.Text, code) {
					codes = append(codes, code)
				}
			}
		}
		return codes
	}
	redrive().wants(t, 0, "2 events; 1 valid; 1 expired\nnothing was sent", "")
	if got := sent(); len(got) != 0 {
		t.Errorf("sent %v without --send", got)
	}
	redrive("--send", "--drop-expired").wants(t, 0, "2 events; 1 sent; 1 expired, deleted\n", "")
	if got := sent(); !slices.Equal(got, []string{"394017"}) {
		t.Errorf("sent %v", got)
	}
	redrive().wants(t, 0, "0 events\n", "")
}

func senderEvent(t *testing.T, pool, email, sealed string) []byte {
	t.Helper()
	text, err := sample.Event(cognito.CustomEmailSenderForgotPassword, "")
	if err != nil {
		t.Fatal(err)
	}
	var event map[string]any
	if err := json.Unmarshal(text, &event); err != nil {
		t.Fatal(err)
	}
	request, _ := event["request"].(map[string]any)
	attributes, _ := request["userAttributes"].(map[string]any)
	event["userPoolId"], event["userName"], request["code"], attributes["email"] = pool, email, sealed, email
	if text, err = json.Marshal(event); err != nil {
		t.Fatal(err)
	}
	return text
}

// lambdaWith serves Lambda's Invoke for a function of this ARN, which is the compiled custom-email-sender.
func lambdaWith(t *testing.T, arn, key string) (url string) {
	t.Helper()
	const name = "custom-email-sender"
	found, err := local.Function(name)
	if err != nil {
		t.Fatal(err)
	}
	environment := found.EnvironmentWith(local.Environment())
	maps.Copy(environment, map[string]string{
		"SENDER_KEY_ARN": key, "SENT_TABLE": local.TableNames()["sent"], "SEND_WITH_SES": "true", "EMAIL_FROM": stack.Sender,
	})
	runner, err := lambdaruntime.Start(lambdaruntime.Function{
		Name: name, Bootstrap: stack.Bootstrap(local.Repository.Build, name), Environment: environment, Logs: io.Discard,
		Timeout: 15 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = runner.Close() })
	mux := http.NewServeMux()
	mux.HandleFunc("POST /2015-03-31/functions/{function}/invocations", func(w http.ResponseWriter, r *http.Request) {
		if got := r.PathValue("function"); got != arn+":$LATEST" {
			t.Errorf("%s is invoked, want %s", got, arn)
		}
		event, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler) // the caller is gone
		}
		result, err := runner.Invoke(r.Context(), event)
		var failed *lambdaruntime.FunctionError
		if errors.As(err, &failed) {
			w.Header().Set("X-Amz-Function-Error", "Unhandled")
		} else if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_, _ = w.Write(result.Payload) // the caller may be gone
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}
