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
		"nothing set":             {nil, ""},
		"all set":                 {map[string]string{"BRAND_NAME": "김밥 & Co.", "SUPPORT_ADDRESS": "help-me@example.org", "SIGN_IN_URL": "https://app.example.org/in?x=1", "DEFAULT_LOCALE": "ko_KR", "LOCALE_METADATA_KEY": "lang"}, ""},
		"local sign-in":           {map[string]string{"SIGN_IN_URL": "http://localhost:3000/"}, ""},
		"40 characters":           {map[string]string{"BRAND_NAME": strings.Repeat("가", 40)}, ""},
		"41 characters":           {map[string]string{"BRAND_NAME": strings.Repeat("가", 41)}, "BRAND_NAME"},
		"placeholder in brand":    {map[string]string{"BRAND_NAME": "Example {####}"}, "BRAND_NAME"},
		"markup in brand":         {map[string]string{"BRAND_NAME": "<b>Example</b>"}, "BRAND_NAME"},
		"line break in brand":     {map[string]string{"BRAND_NAME": "Exa\nmple"}, "BRAND_NAME"},
		"no address":              {map[string]string{"SUPPORT_ADDRESS": "help"}, "SUPPORT_ADDRESS"},
		"address with a header":   {map[string]string{"SUPPORT_ADDRESS": "help@example.org?bcc=x"}, "SUPPORT_ADDRESS"},
		"plain http":              {map[string]string{"SIGN_IN_URL": "http://example.org/"}, "SIGN_IN_URL"},
		"script":                  {map[string]string{"SIGN_IN_URL": "javascript:alert(1)"}, "SIGN_IN_URL"},
		"user in the address":     {map[string]string{"SIGN_IN_URL": "https://a@example.org/"}, "SIGN_IN_URL"},
		"quote in the address":    {map[string]string{"SIGN_IN_URL": `https://example.org/"x`}, "SIGN_IN_URL"},
		"locale without template": {map[string]string{"DEFAULT_LOCALE": "fr"}, "DEFAULT_LOCALE"},
		"junk locale":             {map[string]string{"DEFAULT_LOCALE": "!!"}, "use one of en, ko"},
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
	composer, err := FromSettings(settings.FromMap(map[string]string{"LOCALE_METADATA_KEY": "lang", "DEFAULT_LOCALE": "ko"}))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		attribute string
		metadata  map[string]string
		want      string
	}{
		"attribute first":        {"en-GB", map[string]string{"lang": "ko"}, "en"},
		"then metadata":          {"", map[string]string{"lang": "en"}, "en"},
		"metadata of other keys": {"", map[string]string{"locale": "en"}, "ko"},
		"default last":           {"fr", map[string]string{"lang": "de"}, "ko"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := composer.Locale(map[string]string{"locale": c.attribute}, c.metadata); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
