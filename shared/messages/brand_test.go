package messages

import (
	"strings"
	"testing"

	"cognito-triggers/shared/settings"
)

func TestFromSettings(t *testing.T) {
	for name, c := range map[string]struct {
		env  map[string]string
		want string // in the problem; "": none
	}{
		"nothing set": {env: nil, want: ""},
		"all set": {
			env: map[string]string{
				"BRAND_NAME":          "김밥 & Co.",
				"SUPPORT_ADDRESS":     "help-me@example.org",
				"SIGN_IN_URL":         "https://app.example.org/in?x=1",
				"DEFAULT_LOCALE":      "ko_KR",
				"LOCALE_METADATA_KEY": "lang",
			},
			want: "",
		},
		"local sign-in":        {env: map[string]string{"SIGN_IN_URL": "http://localhost:3000/"}, want: ""},
		"40 characters":        {env: map[string]string{"BRAND_NAME": strings.Repeat("가", 40)}, want: ""},
		"41 characters":        {env: map[string]string{"BRAND_NAME": strings.Repeat("가", 41)}, want: "BRAND_NAME"},
		"placeholder in brand": {env: map[string]string{"BRAND_NAME": "Example {####}"}, want: "BRAND_NAME"},
		"markup in brand":      {env: map[string]string{"BRAND_NAME": "<b>Example</b>"}, want: "BRAND_NAME"},
		"line break in brand":  {env: map[string]string{"BRAND_NAME": "Exa\nmple"}, want: "BRAND_NAME"},
		"no address":           {env: map[string]string{"SUPPORT_ADDRESS": "help"}, want: "SUPPORT_ADDRESS"},
		"address with a header": {
			env:  map[string]string{"SUPPORT_ADDRESS": "help@example.org?bcc=x"},
			want: "SUPPORT_ADDRESS",
		},
		"plain http":              {env: map[string]string{"SIGN_IN_URL": "http://example.org/"}, want: "SIGN_IN_URL"},
		"script":                  {env: map[string]string{"SIGN_IN_URL": "javascript:alert(1)"}, want: "SIGN_IN_URL"},
		"user in the address":     {env: map[string]string{"SIGN_IN_URL": "https://a@example.org/"}, want: "SIGN_IN_URL"},
		"quote in the address":    {env: map[string]string{"SIGN_IN_URL": `https://example.org/"x`}, want: "SIGN_IN_URL"},
		"locale without template": {env: map[string]string{"DEFAULT_LOCALE": "fr"}, want: "DEFAULT_LOCALE"},
		"junk locale":             {env: map[string]string{"DEFAULT_LOCALE": "!!"}, want: "use one of en, ko"},
	} {
		t.Run(name, func(t *testing.T) {
			env := settings.FromMap(c.env)
			composer, err := FromSettings(env)
			if err != nil {
				t.Fatal(err)
			}
			problem := env.Err()
			if c.want == "" {
				if problem != nil {
					t.Fatal(problem)
				}
				if _, err := composer.Welcome(nil, nil); err != nil {
					t.Error(err)
				}
			} else if problem == nil || !strings.Contains(problem.Error(), c.want) {
				t.Errorf("problem %v, want one that says %q", problem, c.want)
			}
		})
	}
}

func TestLocaleChoice(t *testing.T) {
	composer, err := FromSettings(settings.FromMap(map[string]string{"LOCALE_METADATA_KEY": "lang",
		"DEFAULT_LOCALE": "ko"}))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		attribute string
		metadata  map[string]string
		want      string
	}{
		"attribute first":        {attribute: "en-GB", metadata: map[string]string{"lang": "ko"}, want: "en"},
		"then metadata":          {attribute: "", metadata: map[string]string{"lang": "en"}, want: "en"},
		"metadata of other keys": {attribute: "", metadata: map[string]string{"locale": "en"}, want: "ko"},
		"default last":           {attribute: "fr", metadata: map[string]string{"lang": "de"}, want: "ko"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := composer.Locale(map[string]string{"locale": c.attribute}, c.metadata); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
