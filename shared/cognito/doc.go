// Package cognito describes, as data, the contract between Amazon Cognito and the Lambda triggers of a user pool: the
// hooks, their trigger sources and event versions, their members in LambdaConfig, what their requests and responses
// hold, and what a trigger may change in a token. The typed events, the answer checks, the local user pool, poolctl and
// the tests of Terraform and the documentation all read it from here, so that each fact is written once.
//
// Every Lambda function links this package. Its tables are compiled in, so that it does no work at cold start.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
package cognito
