// Package cognito holds Amazon Cognito's contract for a user pool's Lambda triggers as data, once: which hooks there
// are, with which trigger sources and event versions Cognito calls them, where they stand in LambdaConfig, what their
// requests and responses hold, and what a trigger may change in a token. Events, the check of answers, the local user
// pool, poolctl and the tests of Terraform and of the documentation read it from here.
//
// Every Lambda function links this package, so its tables are laid out by the compiler: nothing runs when a function
// starts.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
package cognito
