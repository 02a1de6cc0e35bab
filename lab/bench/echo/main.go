// Command echo is a minimal Go function: it returns its event. `make bench` builds it with the functions' flags, as the
// baseline that they are compared with.
package main

import (
	"encoding/json"

	"github.com/aws/aws-lambda-go/lambda"
)

func main() {
	lambda.Start(func(event json.RawMessage) (json.RawMessage, error) { return event, nil })
}
