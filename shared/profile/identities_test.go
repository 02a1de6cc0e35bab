package profile

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestParseIdentities(t *testing.T) {
	google := Identity{
		ProviderName: "Google",
		ProviderType: "Google",
		UserID:       "107353",
		Primary:      true,
		DateCreated:  time.UnixMilli(1586958364125).UTC(),
	}
	cases := []struct {
		name    string
		value   string
		want    []Identity
		wantErr string
	}{
		{name: "as Cognito sends it", want: []Identity{google},
			value: `[{"userId":"107353","providerName":"Google","providerType":"Google","issuer":null,"primary":true,` +
				`"dateCreated":1586958364125}]`},
		{name: "booleans and dates as strings", want: []Identity{google},
			value: `[{"userId":"107353","providerName":"Google","providerType":"Google","issuer":null,"primary":"true",` +
				`"dateCreated":"1586958364125"}]`},
		{
			name: "SAML with issuer",
			want: []Identity{{
				ProviderName: "corp",
				ProviderType: "SAML",
				UserID:       "ines@corp",
				Issuer:       "https://idp.example.org",
			}},
			value: `[{"userId":"ines@corp","providerName":"corp","providerType":"SAML","issuer":"https://idp.example.org",` +
				`"primary":"false"}]`,
		},
		{name: "number as user id", want: []Identity{{ProviderName: "Facebook", UserID: "10215552224532109876543"}},
			value: `[{"userId":10215552224532109876543,"providerName":"Facebook"}]`},
		{name: "unknown members", want: []Identity{{ProviderName: "a", UserID: "b"}},
			value: `[{"userId":"b","providerName":"a","tenant":{"id":[1]}}]`},
		{name: "unusable date", want: []Identity{{ProviderName: "a", UserID: "b"}},
			value: `[{"userId":"b","providerName":"a","dateCreated":"yesterday"}]`},
		{name: "date beyond the calendar", want: []Identity{{ProviderName: "a", UserID: "b"}},
			value: `[{"userId":"b","providerName":"a","dateCreated":9223372036854775807}]`},
		{name: "empty", value: ""},
		{name: "blank", value: " \n"},
		{name: "empty array", value: "[]"},
		{name: "null", value: "null"},
		{name: "one entry without provider", want: []Identity{{ProviderName: "a", UserID: "b"}},
			value: `[{"userId":"x"},{"userId":"b","providerName":"a"},null,7,[]]`, wantErr: "4 of 5 entries"},
		{name: "object instead of array", value: `{"userId":"107353"}`, wantErr: "not a JSON array"},
		{name: "cut off", value: `[{"userId":"107353","provi`, wantErr: "not a JSON array"},
		{name: "no JSON", value: "Google_107353", wantErr: "not a JSON array"},
		{name: "too long", value: "[" + strings.Repeat(" ", maxIdentitiesBytes) + "]", wantErr: "bytes, more than"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := ParseIdentities(c.value)
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
			switch {
			case (err != nil) != (c.wantErr != ""):
				t.Errorf("error %v, want %q", err, c.wantErr)
			case err != nil && !strings.Contains(err.Error(), c.wantErr):
				t.Errorf("error %q, want %q in it", err, c.wantErr)
			case err != nil && strings.Contains(err.Error(), "107353"):
				t.Errorf("error %q holds a value", err)
			}
		})
	}
}

// FuzzParseIdentities: whatever the string holds, parsing ends, keeps to its
// promises, and what it gives can be written and read again.
func FuzzParseIdentities(f *testing.F) {
	for _, seed := range []string{
		`[{"userId":"107","providerName":"Google","providerType":"Google","issuer":null,"primary":"true",` +
			`"dateCreated":"1586958364125"}]`,
		`[{"userId":1e400,"providerName":true,"dateCreated":-1}]`, `[[[]]]`, `{}`, `"`, "[\x00]",
		`[{"userId":"\ud800","providerName":"가"}]`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		identities, _ := ParseIdentities(value)
		for _, identity := range identities {
			if identity.ProviderName == "" || identity.UserID == "" {
				t.Errorf("identity without provider or user: %+v", identity)
			}
		}
		stored, err := json.Marshal(identities)
		if err != nil {
			t.Fatalf("what was parsed cannot be stored: %v", err)
		}
		var again []Identity
		if err := json.Unmarshal(stored, &again); err != nil {
			t.Fatalf("what was stored cannot be read: %v", err)
		}
	})
}
