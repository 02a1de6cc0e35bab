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
		"ID by default":               {KindID, 0, "", time.Hour, ""},
		"access by default":           {KindAccess, 0, "minutes", time.Hour, ""},
		"refresh by default":          {KindRefresh, 0, "", 30 * day, ""},
		"ID in hours without a unit":  {KindID, 2, "", 2 * time.Hour, ""},
		"refresh in days without one": {KindRefresh, 7, "", 7 * day, ""},
		"shortest":                    {KindAccess, 5, "minutes", 5 * time.Minute, ""},
		"shortest in seconds":         {KindAccess, 300, "seconds", 5 * time.Minute, ""},
		"too short":                   {KindAccess, 299, "seconds", 0, "AccessTokenValidity"},
		"longest":                     {KindID, 24, "hours", day, ""},
		"too long":                    {KindID, 86401, "seconds", 0, "IdTokenValidity"},
		"refresh shortest":            {KindRefresh, 60, "minutes", time.Hour, ""},
		"refresh too short":           {KindRefresh, 59, "minutes", 0, "RefreshTokenValidity"},
		"refresh longest":             {KindRefresh, 3650, "days", 3650 * day, ""},
		"refresh too long":            {KindRefresh, 3651, "days", 0, "RefreshTokenValidity"},
		"negative":                    {KindID, -1, "hours", 0, "IdTokenValidity"},
		"overflow":                    {KindRefresh, 1 << 62, "days", 0, "RefreshTokenValidity"},
		"unknown unit":                {KindID, 1, "weeks", 0, "TokenValidityUnits.IdToken"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Lifetime(test.kind, test.validity, test.unit)
			if got != test.want || (err == nil) != (test.problem == "") || err != nil && !strings.Contains(err.Error(), test.problem) {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}
