package messages

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func locales(t *testing.T, names ...string) *Set {
	t.Helper()
	files := fstest.MapFS{}
	for _, name := range names {
		files[name+"/common.tmpl"] = &fstest.MapFile{}
	}
	set, err := Open(files)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestMatch(t *testing.T) {
	set := locales(t, "en", "ko", "pt", "pt-BR", "zh-Hant", "sr-Latn", "es-MX", "es-AR")
	for name, c := range map[string]struct {
		wishes []string
		want   string
	}{
		"exact":                        {[]string{"ko"}, "ko"},
		"region":                       {[]string{"ko-KR"}, "ko"},
		"digits as region":             {[]string{"ko-410"}, "ko"},
		"underscore":                   {[]string{"ko_KR"}, "ko"},
		"POSIX with encoding":          {[]string{"ko_KR.UTF-8"}, "ko"},
		"upper case":                   {[]string{"KO-kr"}, "ko"},
		"script":                       {[]string{"ko-Kore-KR"}, "ko"},
		"spaces around":                {[]string{"  ko "}, "ko"},
		"first of a list":              {[]string{"ko-KR,ko;q=0.9,en;q=0.8"}, "ko"},
		"own region":                   {[]string{"pt_BR"}, "pt-BR"},
		"other region":                 {[]string{"pt-PT"}, "pt"},
		"script by region":             {[]string{"zh_TW"}, "zh-Hant"},
		"script with region":           {[]string{"zh-Hant-HK"}, "zh-Hant"},
		"one letter part":              {[]string{"pt-x-own"}, "pt"},
		"the only one of its language": {[]string{"sr-Cyrl-RS"}, "sr-Latn"},
		"several of its language":      {[]string{"es-ES"}, "default"},
		"language of letters only":     {[]string{"k0"}, "default"},
		"extension":                    {[]string{"ko-KR-u-ca-buddhist"}, "ko"},
		"unknown locale":               {[]string{"fr-FR"}, "default"},
		"second wish":                  {[]string{"fr-FR", "ko"}, "ko"},
		"first wish over second":       {[]string{"en-GB", "ko"}, "en"},
		"junk then wish":               {[]string{"!!", "ko"}, "ko"},
		"no wish":                      {nil, "default"},
		"empty":                        {[]string{"", ""}, "default"},
		"undetermined":                 {[]string{"und"}, "default"},
		"Cognito's value for no value": {[]string{"cognito:default_val"}, "default"},
		"path":                         {[]string{"../ko"}, "default"},
		"line break":                   {[]string{"ko\r\nX: y"}, "default"},
		"huge":                         {[]string{strings.Repeat("ko-", 1<<20)}, "default"},
		"long but well formed":         {[]string{"ko" + strings.Repeat("-abcdefgh", 7)}, "default"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := set.Match("default", c.wishes...); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func FuzzLocale(f *testing.F) {
	for _, seed := range []string{"ko", "ko_KR.UTF-8", "x-private", "en-u-ca-buddhist", "zh-Hant-TW", strings.Repeat("a-", 40), "\xff", "i-klingon"} {
		f.Add(seed)
	}
	set, err := Embedded()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, wish string) {
		if got := set.Match("en", wish); !slices.Contains(set.Locales(), got) {
			t.Errorf("%q: got %q, which is no locale", wish, got)
		}
	})
}

func TestOpenNamesBadFolder(t *testing.T) {
	_, err := Open(fstest.MapFS{"english_texts/common.tmpl": &fstest.MapFile{}})
	if err == nil || !strings.Contains(err.Error(), "english_texts") {
		t.Errorf("error %v, want one that names the folder", err)
	}
	if _, err := Open(fstest.MapFS{"layout.tmpl": &fstest.MapFile{}}); err == nil {
		t.Error("a set without locales opened")
	}
}
