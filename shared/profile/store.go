package profile

import (
	"context"
	"errors"
	"time"
)

var (
	// ErrNotFound reports that the account has neither a profile nor a tombstone.
	ErrNotFound = errors.New("profile: not found")
	// ErrDeleted reports that the account was deleted and has a tombstone: nothing may bring the profile back.
	ErrDeleted = errors.New("profile: account deleted")
)

// Store keeps profiles. Every write is conditional or idempotent, because Cognito may deliver an event several times,
// even in parallel. All methods are safe for concurrent use, end with ctx, and may return other errors than those named
// here if the store cannot be reached.
//
// Every method ignores an expired tombstone, even if the store still holds it: DynamoDB may take days to delete it.
type Store interface {
	// Create stores p if the account has no profile. It returns false if a profile exists, which it does not change, and
	// ErrDeleted if there is a tombstone.
	Create(ctx context.Context, p Profile) (created bool, err error)

	// Get returns the profile in normalized form, ErrNotFound or ErrDeleted. It sees every write that ended before it
	// began.
	Get(ctx context.Context, k Key) (Profile, error)

	// ClaimWelcome claims the right to send the account's welcome mail. It returns true to exactly one caller ever, and
	// stores the time of the claim in the profile, also as the time of its last change. Without a profile it returns
	// ErrNotFound or ErrDeleted.
	ClaimWelcome(ctx context.Context, k Key, at time.Time) (claimed bool, err error)

	// UpdateAttributes sets the given attributes, keeps the others, and returns the changed profile. Like Cognito, it
	// removes an attribute whose new value is empty. The time of the last change becomes at. Without a profile it returns
	// ErrNotFound or ErrDeleted and creates none.
	UpdateAttributes(ctx context.Context, k Key, values map[string]string, at time.Time) (Profile, error)

	// RecordSignIn stores a sign-in with one conditional write, and returns what it was. Of parallel or repeated calls for
	// one sign-in, one is told that it was written. It does not change the time of the last change. Without a profile it
	// returns ErrNotFound or ErrDeleted and creates none.
	RecordSignIn(ctx context.Context, k Key, in SignIn) (Recorded, error)

	// Delete removes the profile, if there is one, and leaves a tombstone without personal data until at + keep, in whole
	// seconds. Deleting again moves that time.
	Delete(ctx context.Context, k Key, at time.Time, keep time.Duration) error
}
