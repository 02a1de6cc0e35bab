package token

import (
	"fmt"
	"time"
)

// Kind is a kind of token that an app client sets a lifetime for.
type Kind string

// The kinds, named as in TokenValidityUnits.
const (
	KindID      Kind = "IdToken"
	KindAccess  Kind = "AccessToken"
	KindRefresh Kind = "RefreshToken"
)

var units = map[string]time.Duration{
	"seconds": time.Second,
	"minutes": time.Minute,
	"hours":   time.Hour,
	"days":    24 * time.Hour,
}

// Lifetime is what an app client's validity and unit mean: 0 and "" are Cognito's defaults, an hour for ID and access
// tokens and 30 days for refresh tokens, counted in hours and days. The error names the setting. See
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_TokenValidityUnitsType.html
func Lifetime(kind Kind, validity int, unit string) (time.Duration, error) {
	fallback, usual, least, most := time.Hour, "hours", 5*time.Minute, 24*time.Hour
	if kind == KindRefresh {
		fallback, usual, least, most = 30*24*time.Hour, "days", time.Hour, 3650*24*time.Hour
	}
	if unit == "" {
		unit = usual
	}
	length, known := units[unit]
	switch {
	case !known:
		return 0, fmt.Errorf("TokenValidityUnits.%s must be seconds, minutes, hours or days", kind)
	case validity == 0:
		return fallback, nil
	case validity < 0 || validity > int(most/length) || time.Duration(validity)*length < least:
		return 0, fmt.Errorf("%sValidity must be between %v and %v", kind, least, most)
	}
	return time.Duration(validity) * length, nil
}
