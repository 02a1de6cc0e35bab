// Package events holds Amazon Cognito's user pool trigger events as Go types that lose nothing.
//
// Cognito may add members to an event at any time and expects the whole event back, so an Event keeps the bytes it was
// decoded from. Decode reads the members that a handler needs and is lenient where AWS's own pages disagree; Encode
// answers with the same bytes and only `response` replaced. What a handler leaves unset is not written: an event that
// nobody touched goes back byte for byte.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
package events
