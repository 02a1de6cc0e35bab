package profile

import (
	"context"
	"errors"
	"time"
)

var (
	// ErrNotFound says that the account has neither a profile nor a standing tombstone.
	ErrNotFound = errors.New("profile: not found")
	// ErrDeleted says that the account was deleted and its tombstone stands: nothing may bring the profile back.
	ErrDeleted = errors.New("profile: account deleted")
)

// Store keeps profiles. Every write is conditional or idempotent, because Cognito may deliver one event several times,
// also in parallel. All methods are safe for concurrent use, end with ctx, and may return errors beside the ones named
// here when the store cannot be reached.
//
// A tombstone whose time has passed counts as gone in every method, whether or not the store has swept it: DynamoDB may
// take days to do so.
type Store interface {
	// Create stores p if the account has no profile. It reports false where one exists, which stays as it is, and
	// ErrDeleted where a tombstone stands.
	Create(ctx context.Context, p Profile) (created bool, err error)

	// Get returns the profile in normalized form, or ErrNotFound or ErrDeleted. It sees every write that ended before it
	// began.
	Get(ctx context.Context, k Key) (Profile, error)

	// ClaimWelcome claims the right to send the account's welcome mail. It reports true to one caller ever, and leaves the
	// claim's time in the profile, also as the time of its last change. Without a profile it returns ErrNotFound or
	// ErrDeleted.
	ClaimWelcome(ctx context.Context, k Key, at time.Time) (claimed bool, err error)

	// UpdateAttributes lays values over the profile's attributes, leaves the others as they are, and returns the profile
	// as it is then. An attribute whose new value is empty is removed, as Cognito does it. The time of the last change
	// becomes at. Without a profile it returns ErrNotFound or ErrDeleted, and makes none.
	UpdateAttributes(ctx context.Context, k Key, values map[string]string, at time.Time) (Profile, error)

	// Delete removes the profile, whether or not there is one, and leaves a tombstone without personal data that stands
	// until at + keep, counted in whole seconds. Deleting again moves that end.
	Delete(ctx context.Context, k Key, at time.Time, keep time.Duration) error
}
