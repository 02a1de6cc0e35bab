package token

import (
	"strings"
	"testing"
	"time"
)

func TestLifetime(t *testing.T) {
	const day = 24 * time.Hour
	for name, test := range map[string]struct {
		kind     Kind
		validity int
		unit     string
		want     time.Duration
		problem  string
	}{
		"ID by default":                  {kind: KindID, want: time.Hour},
		"access by default":              {kind: KindAccess, unit: "minutes", want: time.Hour},
		"refresh by default":             {kind: KindRefresh, want: 30 * day},
		"ID in hours without a unit":     {kind: KindID, validity: 2, want: 2 * time.Hour},
		"refresh in days without a unit": {kind: KindRefresh, validity: 7, want: 7 * day},
		"shortest":                       {kind: KindAccess, validity: 5, unit: "minutes", want: 5 * time.Minute},
		"shortest in seconds":            {kind: KindAccess, validity: 300, unit: "seconds", want: 5 * time.Minute},
		"too short": {
			kind:     KindAccess,
			validity: 299,
			unit:     "seconds",
			want:     0,
			problem:  "AccessTokenValidity",
		},
		"longest":           {kind: KindID, validity: 24, unit: "hours", want: day},
		"too long":          {kind: KindID, validity: 86401, unit: "seconds", want: 0, problem: "IdTokenValidity"},
		"refresh shortest":  {kind: KindRefresh, validity: 60, unit: "minutes", want: time.Hour},
		"refresh too short": {kind: KindRefresh, validity: 59, unit: "minutes", want: 0, problem: "RefreshTokenValidity"},
		"refresh longest":   {kind: KindRefresh, validity: 3650, unit: "days", want: 3650 * day},
		"refresh too long":  {kind: KindRefresh, validity: 3651, unit: "days", want: 0, problem: "RefreshTokenValidity"},
		"negative":          {kind: KindID, validity: -1, unit: "hours", want: 0, problem: "IdTokenValidity"},
		"overflow":          {kind: KindRefresh, validity: 1 << 62, unit: "days", want: 0, problem: "RefreshTokenValidity"},
		"unknown unit":      {kind: KindID, validity: 1, unit: "weeks", want: 0, problem: "TokenValidityUnits.IdToken"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Lifetime(test.kind, test.validity, test.unit)
			if got != test.want || (err == nil) != (test.problem == "") || err != nil &&
				!strings.Contains(err.Error(), test.problem) {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}
