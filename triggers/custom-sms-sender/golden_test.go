package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"cognito-triggers/shared/customsender"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/messages"
	"cognito-triggers/shared/sendercode"
	"cognito-triggers/shared/sendonce/memory"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger/triggertest"
	"cognito-triggers/testevents"
)

// TestGoldenEvents sends the golden events through everything but the decryption, which package sendercode tests, and
// which the compiled function does when the events are replayed.
func TestGoldenEvents(t *testing.T) {
	triggertest.ReplayInstance(t, testevents.FS(), "custom-sms-sender",
		func(t *testing.T, c golden.Case) triggertest.Instance {
			mailbox := triggertest.NewMailbox(t)
			environment := onLambda(mailbox.Settings())
			maps.Copy(environment, c.Config.Environment)
			env := settings.FromMap(environment)
			composer, err := messages.FromSettings(env)
			sender := customsender.FromSettings(env)
			sender.Codes, sender.Once, sender.Now = goldenCodes(c.Name), memory.New(), time.Now
			handle := newHandler(readConfig(env), composer, provider(env, sender), sender)
			if err := errors.Join(err, env.Err()); err != nil {
				t.Fatal(err)
			}
			return triggertest.Instance{Handler: triggertest.Wrap(events.CustomSMSSender, handle), Outbox: mailbox}
		})
}

// goldenCodes stands for the decryption of a golden event's code.
type goldenCodes string

func (name goldenCodes) Decrypt(context.Context, string, string) (string, error) {
	switch {
	case strings.Contains(string(name), "-other-pool"), strings.Contains(string(name), "-damaged"):
		return "", fmt.Errorf("%w: as the case wants", sendercode.ErrRefused)
	case strings.Contains(string(name), "AdminCreateUser"):
		return "Xk4-t&lt;Pz&amp;9.", nil
	case strings.Contains(string(name), "-eight-digits"):
		return "39401726", nil
	}
	return "394017", nil
}

// onLambda is a complete environment, with more settings over it.
func onLambda(more map[string]string) map[string]string {
	environment := map[string]string{
		"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
		sendercode.KeySetting: "arn:aws:kms:eu-west-1:111122223333:key/1f5e1b6c-3f0a-4d8e-9c55-0f9f1f4f7a10",
		"SENT_TABLE":          "sent", countriesSetting: "US,FR", snsSetting: "true",
	}
	maps.Copy(environment, more)
	return environment
}
