package main

import (
	"testing"

	"github.com/aws/aws-lambda-go/lambda"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/migration/table/tabletest"
	"cognito-triggers/shared/trigger/triggertest"
	"cognito-triggers/testevents"
)

func TestGoldenEvents(t *testing.T) {
	triggertest.ReplayInstance(t, testevents.FS(), "user-migration",
		func(t *testing.T, c golden.Case) triggertest.Instance {
			db := tabletest.New(t)
			if c.Config.Environment == nil {
				c.Config.Environment = map[string]string{}
			}
			c.Config.Environment["AWS_ENDPOINT_URL_DYNAMODB"] = db.URL
			return triggertest.Instance{Handler: build(t, c), Tables: db}
		})
}

// build makes the function with a case's settings.
func build(t *testing.T, c golden.Case) lambda.Handler {
	t.Helper()
	env := triggertest.Settings(t, c)
	handle, err := setup(env)
	if err == nil {
		err = env.Err()
	}
	if err != nil {
		t.Fatal(err)
	}
	return triggertest.Wrap(events.UserMigration, handle)
}
