package profile

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/settings"
)

var now = time.Date(2026, 3, 14, 16, 9, 26, 535_897_932, time.FixedZone("CET", 3600))

func envelope() events.Envelope {
	return events.Envelope{
		TriggerSource: "PostConfirmation_ConfirmSignUp",
		UserPoolID:    "eu-west-1_Qk7Lm2XyZ",
		UserName:      "ines.moreau",
	}
}

func TestBuild(t *testing.T) {
	attrs := events.Attributes{
		"sub": " 6f0c ", "email": "ines@example.org", "name": "", "locale": "cognito:default_val",
		"phone_number": "+33123456789", "identities": `[{"userId":"107","providerName":"Google"}]`,
	}
	got, err := Builder{Attributes: defaultAttributes}.Build(envelope(), attrs, now)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 14, 15, 9, 26, 535_000_000, time.UTC)
	want := Profile{
		Key:        Key{UserPoolID: "eu-west-1_Qk7Lm2XyZ", Sub: "6f0c"},
		Username:   "ines.moreau",
		Attributes: map[string]string{"email": "ines@example.org", "name": ""},
		Identities: []Identity{{ProviderName: "Google", UserID: "107"}},
		CreatedAt:  at, UpdatedAt: at,
		SchemaVersion: SchemaVersion,
		CreatedBy:     "PostConfirmation_ConfirmSignUp",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestBuildSurvivesUnreadableIdentities(t *testing.T) {
	p, err := Builder{}.Build(envelope(), events.Attributes{"sub": "6f0c", "identities": "[{"}, now)
	if err != nil || p.Identities != nil {
		t.Errorf("identities %v, error %v; want none, none", p.Identities, err)
	}
}

func TestBuildNeedsAKey(t *testing.T) {
	noPool := envelope()
	noPool.UserPoolID = ""
	cases := []struct {
		name     string
		envelope events.Envelope
		attrs    events.Attributes
		want     string
	}{
		{name: "no attributes", envelope: envelope(), want: "request.userAttributes.sub"},
		{
			name:     "empty sub",
			envelope: envelope(),
			attrs:    events.Attributes{"sub": "", "email": "ines@example.org"},
			want:     "request.userAttributes.sub",
		},
		{name: "blank sub", envelope: envelope(), attrs: events.Attributes{"sub": " "}, want: "request.userAttributes.sub"},
		{name: "no pool", envelope: noPool, attrs: events.Attributes{"sub": "6f0c"}, want: "userPoolId"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := Builder{Attributes: defaultAttributes}.Build(c.envelope, c.attrs, now)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one that names %s", err, c.want)
			}
		})
	}
}

func TestNewBuilder(t *testing.T) {
	cases := []struct {
		name  string
		value string
		want  []string
	}{
		{name: "unset", want: defaultAttributes},
		{name: "list", value: "email, custom:tier", want: []string{"email", "custom:tier"}},
		{name: "none", value: ",", want: nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := NewBuilder(settings.FromMap(map[string]string{AttributesSetting: c.value})).Attributes
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("attributes %q, want %q", got, c.want)
			}
		})
	}
}

// Golden files and tools show profiles as JSON, named as the stored item's attributes are.
func TestProfileAsJSON(t *testing.T) {
	p := Profile{Key: Key{UserPoolID: "p", Sub: "s"}, SchemaVersion: 1}
	got, err := json.Marshal(p.Normalized())
	want := `{"user_pool_id":"p","sub":"s","username":"","attributes":{},"schema_version":1,"created_by":""}`
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v; want %s", got, err, want)
	}
}
