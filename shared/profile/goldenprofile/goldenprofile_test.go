package goldenprofile

import (
	"testing"

	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/profile"
	"cognito-triggers/shared/profile/memory"
)

const event = `{"triggerSource":"PostConfirmation_ConfirmSignUp","userPoolId":"pool","userName":"ines",` +
	`"request":{"userAttributes":{"sub":"6f0c"}}}`

func TestSeedAndStored(t *testing.T) {
	cases := []struct {
		name   string
		event  string
		config golden.Config
		want   string
	}{
		{name: "nothing", event: event, config: golden.Config{}, want: ""},
		{name: "tombstone", event: event, config: golden.Config{Tombstone: true}, want: ""},
		{
			name:   "profile of the event's user",
			event:  event,
			config: golden.Config{Profile: &golden.Profile{Attributes: map[string]string{"name": "Inès"}}},
			want: `{"user_pool_id":"pool","sub":"6f0c","username":"ines","attributes":{"name":"Inès"},"schema_version":1,` +
				`"created_by":"PostConfirmation_ConfirmSignUp"}`,
		},
		{
			name:   "profile of another user",
			event:  event,
			config: golden.Config{Profile: &golden.Profile{Sub: "77aa"}},
			want:   "",
		},
		{name: "event without sub", event: `{"userPoolId":"pool","request":{}}`, config: golden.Config{}, want: ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			store := memory.New()
			one := golden.Case{Event: []byte(c.event), Config: c.config}
			if err := Seed(t.Context(), store, one); err != nil {
				t.Fatal(err)
			}
			got, err := Stored(t.Context(), store, one)
			if err != nil || string(got) != c.want {
				t.Errorf("stored %s, error %v; want %s", got, err, c.want)
			}
		})
	}
}

func TestSeedLeavesATombstone(t *testing.T) {
	store := memory.New()
	one := golden.Case{Event: []byte(event), Config: golden.Config{Tombstone: true}}
	if err := Seed(t.Context(), store, one); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Get(t.Context(), profile.Key{UserPoolID: "pool", Sub: "6f0c"}); err != profile.ErrDeleted {
		t.Errorf("error %v, want ErrDeleted", err)
	}
}
