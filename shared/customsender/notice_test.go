package customsender

import (
	"testing"

	"cognito-triggers/shared/messages"
)

func TestSignIn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		attributes map[string]string
		want       messages.SignIn
	}{
		"nothing": {},
		"everything": {
			attributes: map[string]string{"LOGIN_TIME": "1764495660000", "CITY": "Lyon", "COUNTRY": "France",
				"DEVICE_NAME": "d", "IP_ADDRESS": "203.0.113.7", "ACCOUNT_TAKE_OVER_ACTION": "BLOCK",
				"ONE_CLICK_LINK_VALID": "https://a", "ONE_CLICK_LINK_INVALID": "https://b"},
			want: messages.SignIn{Time: "2025-11-30 09:41 UTC", Place: "Lyon, France", Device: "d", Address: "203.0.113.7",
				Refused: true, WasMe: "https://a", WasNotMe: "https://b"},
		},
		"seconds": {
			attributes: map[string]string{"LOGIN_TIME": "1764495660", "CITY": "Lyon", "ACCOUNT_TAKE_OVER_ACTION": "MFA"},
			want:       messages.SignIn{Time: "2025-11-30 09:41 UTC", Place: "Lyon"},
		},
		"RFC 3339": {
			attributes: map[string]string{"LOGIN_TIME": "2025-11-30T10:41:00+01:00", "COUNTRY": "France"},
			want:       messages.SignIn{Time: "2025-11-30 09:41 UTC", Place: "France"},
		},
		"another form": {
			attributes: map[string]string{"LOGIN_TIME": "Sun Nov 30"}, want: messages.SignIn{Time: "Sun Nov 30"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := SignIn(Event{Attributes: c.attributes}); got != c.want {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
		})
	}
}
