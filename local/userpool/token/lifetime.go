package token

import (
	"fmt"
	"time"
)

// Kind is a kind of token whose lifetime an app client sets.
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

// Lifetime returns the duration of an app client's validity and unit. Validity 0 and unit "" mean Cognito's defaults:
// one hour for ID and access tokens, 30 days for refresh tokens, in hours and days. The error names the setting.
//
// See https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_TokenValidityUnitsType.html
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
