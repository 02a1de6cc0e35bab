package pooltest

import "cognito-triggers/local/userpool/clock"

// Clock is the pool's time. It begins at the time of Start, in whole seconds, and stands still until a test moves it
// with Advance, so that codes, sessions and tokens expire when the test says so. The limits of handlers are in real
// time.
type Clock = clock.Clock
