// Command echo is the least that a function in Go can do: it answers with its event. `make bench` compiles it with the
// functions' own flags and compares them with it.
package main

import (
	"encoding/json"

	"github.com/aws/aws-lambda-go/lambda"
)

func main() {
	lambda.Start(func(event json.RawMessage) (json.RawMessage, error) { return event, nil })
}
