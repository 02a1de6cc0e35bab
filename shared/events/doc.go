// Package events defines Go types for the trigger events of Amazon Cognito user pools, and decodes and encodes them
// without loss.
//
// Cognito may add members to an event at any time and expects the whole event back. So an Event keeps the bytes that it
// was decoded from, and Encode returns them with only the response changed. Response fields that a handler leaves unset
// keep their value: an event whose response is not changed goes back byte for byte.
//
// Decoding is lenient, because AWS's own pages disagree about the types: booleans and numbers may come as strings and
// the reverse, and a null member counts as absent. Unknown members are ignored and kept.
//
// Fields marked as untrusted hold what the caller of Cognito's API chose to send. Do not base a decision about a user's
// rights on them.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
package events
