// Command odd is a function that does what its event's client metadata says, for the tests of local/replay.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"cognito-triggers/shared/events"
)

type handler struct{}

// Invoke implements lambda.Handler.
func (handler) Invoke(_ context.Context, event []byte) ([]byte, error) {
	var e struct {
		Request struct {
			ClientMetadata struct{ Do, Text string }
		}
	}
	if err := json.Unmarshal(event, &e); err != nil {
		return nil, err
	}
	switch do := e.Request.ClientMetadata; do.Do {
	case "respond":
		return events.ReplaceResponse(event, []byte(do.Text))
	case "answer":
		return []byte(do.Text), nil
	case "refuse":
		return nil, errors.New(do.Text)
	case "fail":
		slog.New(slog.NewJSONHandler(os.Stderr, nil)).Error("the handler failed", "error", do.Text)
		return nil, errors.New("Something went wrong")
	case "exit":
		os.Exit(3)
	case "hang":
		select {}
	}
	return event, nil
}

func main() { lambda.StartHandler(handler{}) }
