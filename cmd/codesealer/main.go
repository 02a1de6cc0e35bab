// Command codesealer encrypts codes for custom senders with AWS's Encryption SDK, as Cognito does. `poolctl run`
// compiles and starts it if a pool has a custom sender, and sends it the codes; see package local/codesealer. Nobody
// needs to run it by hand.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"

	"cognito-triggers/local/codesealer"
	"cognito-triggers/local/sealedcode"
	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/settings"
)

func main() {
	sealer := sealedcode.New(func() (aws.Config, error) {
		env := settings.FromEnvironment()
		return awsenv.Config(env, "KMS"), env.Err()
	})
	if err := codesealer.Serve(context.Background(), os.Stdin, os.Stdout, sealer.Seal); err != nil {
		fmt.Fprintln(os.Stderr, "codesealer:", err)
		os.Exit(1)
	}
}
