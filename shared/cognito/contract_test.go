package cognito

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// TestContracts checks what is true of every hook, to find entries that are missing or misspelt.
func TestContracts(t *testing.T) {
	t.Parallel()
	seen := map[string]Hook{}
	for _, hook := range Hooks() {
		c := hook.Contract()
		if c.Hook != hook || !hook.Valid() {
			t.Errorf("%s: the contract is that of %s", hook, c.Hook)
		}
		for _, name := range slices.Concat([]string{c.Member, c.PlainMember, c.Page}, c.Sources) {
			if other, taken := seen[name]; taken && name != "" {
				t.Errorf("%s and %s share %s", other, hook, name)
			}
			seen[name] = hook
		}
		if c.Name == "" || c.Breach == "" || len(c.Sources) == 0 || len(c.Request) == 0 || !strings.HasPrefix(c.Page, guide) {
			t.Errorf("%s: the contract lacks something: %+v", hook, c)
		}
		if c.Versioned != (c.Versions != nil) || c.PlainMember != "" && !c.Versioned {
			t.Errorf("%s: versioned %v with the versions %q", hook, c.Versioned, c.Versions)
		}
		if c.Asynchronous != (c.Breach == Unread) || c.Asynchronous != (c.Blank == "") {
			t.Errorf("%s: asynchronous %v, breach %s, blank %q", hook, c.Asynchronous, c.Breach, c.Blank)
		}
		for _, absent := range c.Absent {
			if _, there := Find(c.Request, absent.Name); there || absent.Reason == "" {
				t.Errorf("%s: the absence of %s: %+v", hook, absent.Name, absent)
			}
		}
		checkMembers(t, c, c.Request)
		checkMembers(t, c, c.Response)
	}
	for _, hook := range []Hook{"", "post_sign_out"} {
		if c := hook.Contract(); hook.Valid() || c.Hook != "" || hook.Sources() != nil || hook.Family() != "" ||
			hook.Accepts("_X") {
			t.Errorf("%q has the contract %+v", hook, c)
		}
	}
}

func checkMembers(t *testing.T, c Contract, members []Member) {
	t.Helper()
	for i, m := range members {
		if found, there := Find(members[i+1:], m.Name); m.Name == "" || m.Type == "" || there {
			t.Errorf("%s: %+v, and again %+v", c.Hook, m, found)
		}
		for _, version := range m.Versions {
			if !slices.Contains(c.Versions, version) {
				t.Errorf("%s: %s has the version %s", c.Hook, m.Name, version)
			}
		}
		for _, source := range m.Sources {
			if !slices.Contains(c.Sources, source) {
				t.Errorf("%s: %s has the source %s", c.Hook, m.Name, source)
			}
		}
		checkMembers(t, c, m.Members)
	}
}

func TestBlankResponses(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		hook          Hook
		version, want string
	}{
		"pre sign-up": {
			hook: PreSignUp, version: "1", want: `{"autoConfirmUser":false,"autoVerifyEmail":false,"autoVerifyPhone":false}`,
		},
		"post confirmation": {hook: PostConfirmation, version: "1", want: `{}`},
		"define": {
			hook: DefineAuthChallenge, version: "1", want: `{"challengeName":null,"issueTokens":null,"failAuthentication":null}`,
		},
		"pre token V1":   {hook: PreTokenGeneration, version: "1", want: `{"claimsOverrideDetails":null}`},
		"pre token V2":   {hook: PreTokenGeneration, version: "2", want: `{"claimsAndScopeOverrideDetails":null}`},
		"pre token V3_0": {hook: PreTokenGeneration, version: "V3_0", want: `{"claimsAndScopeOverrideDetails":null}`},
		"inbound":        {hook: InboundFederation, version: "1", want: `{"userAttributesToMap":{}}`},
		"a sender":       {hook: CustomSMSSender, version: "1"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := string(c.hook.Contract().BlankResponse(c.version)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestParseTokenVersion(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]TokenVersion{
		"1":     V1,
		"V1_0":  V1,
		"2":     V2,
		"V3_0":  V3,
		"3":     V3,
		"":      0,
		"4":     0,
		"V2":    0,
		"V2_01": 0,
	} {
		if got, known := ParseTokenVersion(text); got != want || known != (want != 0) {
			t.Errorf("%q is %d (%v), want %d", text, got, known, want)
		}
	}
}

func TestLambdaConfigKeepsWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ in, out string }{
		"empty":         {in: `{}`, out: `{}`},
		"null members":  {in: `{"PreSignUp":null,"KMSKeyID":null}`, out: `{}`},
		"plain members": {in: `{"PreSignUp":"a","CustomMessage":"b"}`, out: `{"CustomMessage":"b","PreSignUp":"a"}`},
		"versioned": {
			in:  `{"CustomEmailSender":{"LambdaVersion":"V1_0","LambdaArn":"a"},"KMSKeyID":"k"}`,
			out: `{"CustomEmailSender":{"LambdaVersion":"V1_0","LambdaArn":"a"},"KMSKeyID":"k"}`,
		},
		"legacy alone": {
			in:  `{"PreTokenGeneration":"a"}`,
			out: `{"PreTokenGeneration":"a","PreTokenGenerationConfig":{"LambdaArn":"a","LambdaVersion":"V1_0"}}`,
		},
		"both": {
			in:  `{"PreTokenGeneration":"a","PreTokenGenerationConfig":{"LambdaArn":"a","LambdaVersion":"V2_0"}}`,
			out: `{"PreTokenGeneration":"a","PreTokenGenerationConfig":{"LambdaArn":"a","LambdaVersion":"V2_0"}}`,
		},
		"unknown members": {
			in: `{"PostSignOut":{"A":[1.50]},"PreSignUp":"a"}`, out: `{"PostSignOut":{"A":[1.50]},"PreSignUp":"a"}`,
		},
		"unknown in known": {
			in:  `{"CustomSMSSender":{"LambdaArn":"a","LambdaVersion":"V1_0","Retries":2}}`,
			out: `{"CustomSMSSender":{"LambdaArn":"a","LambdaVersion":"V1_0","Retries":2}}`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var config LambdaConfig
			if err := json.Unmarshal([]byte(c.in), &config); err != nil {
				t.Fatal(err)
			}
			if got, err := json.Marshal(config.Clone()); err != nil || string(got) != c.out {
				t.Errorf("got %s (error %v), want %s", got, err, c.out)
			}
		})
	}
}

func TestLambdaConfigChanges(t *testing.T) {
	t.Parallel()
	const in = `{"PreTokenGeneration":"a","PreTokenGenerationConfig":{"LambdaArn":"a","LambdaVersion":"V2_0"},` +
		`"PreSignUp":"b","KMSKeyID":"k","New":1}`
	var config LambdaConfig
	if err := json.Unmarshal([]byte(in), &config); err != nil {
		t.Fatal(err)
	}
	if function, attached := config.Function(PreTokenGeneration); !attached || function.String() != "a (events V2_0)" ||
		config.Plain(PreTokenGeneration) != "a" {
		t.Errorf("pre token generation calls %v", function)
	}
	if got := config.ARNs(); !slices.Equal(got, []string{"b", "a"}) {
		t.Errorf("the functions are %q", got)
	}
	changed := config.Clone()
	changed.Set(PreTokenGeneration, Function{ARN: "c", Version: "V3_0"})
	changed.Set(CustomMessage, Function{ARN: "d", Version: "V1_0"}) // which has no versions
	changed.Remove(PreSignUp)
	changed.SetKey("")
	for name, c := range map[string]struct {
		config LambdaConfig
		want   string
	}{
		"changed": {
			config: changed,
			want:   `{"CustomMessage":"d","New":1,"PreTokenGenerationConfig":{"LambdaArn":"c","LambdaVersion":"V3_0"}}`,
		},
		"original": {
			config: config,
			want: `{"KMSKeyID":"k","New":1,"PreSignUp":"b","PreTokenGeneration":"a",` +
				`"PreTokenGenerationConfig":{"LambdaArn":"a","LambdaVersion":"V2_0"}}`,
		},
	} {
		if got, err := json.Marshal(c.config); err != nil || string(got) != c.want {
			t.Errorf("%s: %s (error %v), want %s", name, got, err, c.want)
		}
	}
}

func TestLambdaConfigOfAnotherShape(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{"PreSignUp":5}`: "PreSignUp: ", `{"CustomEmailSender":"a"}`: "CustomEmailSender: ",
		`{"PreTokenGeneration":{}}`: "PreTokenGeneration: ", `{"KMSKeyID":[]}`: "KMSKeyID: ",
	} {
		var config LambdaConfig
		if err := json.Unmarshal([]byte(in), &config); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one about %s", in, err, want)
		}
	}
}

// FuzzLambdaConfig checks that a decoded LambdaConfig does not change when it is encoded and decoded again.
func FuzzLambdaConfig(f *testing.F) {
	f.Add([]byte(
		`{"PreTokenGeneration":"a","PreSignUp":"b","CustomEmailSender":{"LambdaArn":"c","LambdaVersion":"V1_0"},` +
			`"KMSKeyID":"k","New":[1]}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		var first, second LambdaConfig
		if json.Unmarshal(in, &first) != nil {
			return
		}
		once, err := json.Marshal(first)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(once, &second); err != nil {
			t.Fatalf("%s: %v", once, err)
		}
		if twice, err := json.Marshal(second); err != nil || string(twice) != string(once) {
			t.Fatalf("%s became %s, error %v", once, twice, err)
		}
	})
}
