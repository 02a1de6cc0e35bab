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
		"exact":                        {wishes: []string{"ko"}, want: "ko"},
		"region":                       {wishes: []string{"ko-KR"}, want: "ko"},
		"digits as region":             {wishes: []string{"ko-410"}, want: "ko"},
		"underscore":                   {wishes: []string{"ko_KR"}, want: "ko"},
		"POSIX with encoding":          {wishes: []string{"ko_KR.UTF-8"}, want: "ko"},
		"upper case":                   {wishes: []string{"KO-kr"}, want: "ko"},
		"script":                       {wishes: []string{"ko-Kore-KR"}, want: "ko"},
		"spaces around":                {wishes: []string{"  ko "}, want: "ko"},
		"first of a list":              {wishes: []string{"ko-KR,ko;q=0.9,en;q=0.8"}, want: "ko"},
		"own region":                   {wishes: []string{"pt_BR"}, want: "pt-BR"},
		"other region":                 {wishes: []string{"pt-PT"}, want: "pt"},
		"script by region":             {wishes: []string{"zh_TW"}, want: "zh-Hant"},
		"script with region":           {wishes: []string{"zh-Hant-HK"}, want: "zh-Hant"},
		"one letter part":              {wishes: []string{"pt-x-own"}, want: "pt"},
		"the only one of its language": {wishes: []string{"sr-Cyrl-RS"}, want: "sr-Latn"},
		"several of its language":      {wishes: []string{"es-ES"}, want: "default"},
		"language of letters only":     {wishes: []string{"k0"}, want: "default"},
		"extension":                    {wishes: []string{"ko-KR-u-ca-buddhist"}, want: "ko"},
		"unknown locale":               {wishes: []string{"fr-FR"}, want: "default"},
		"second wish":                  {wishes: []string{"fr-FR", "ko"}, want: "ko"},
		"first wish over second":       {wishes: []string{"en-GB", "ko"}, want: "en"},
		"junk then wish":               {wishes: []string{"!!", "ko"}, want: "ko"},
		"no wish":                      {wishes: nil, want: "default"},
		"empty":                        {wishes: []string{"", ""}, want: "default"},
		"undetermined":                 {wishes: []string{"und"}, want: "default"},
		"Cognito's value for no value": {wishes: []string{"cognito:default_val"}, want: "default"},
		"path":                         {wishes: []string{"../ko"}, want: "default"},
		"line break":                   {wishes: []string{"ko\r\nX: y"}, want: "default"},
		"huge":                         {wishes: []string{strings.Repeat("ko-", 1<<20)}, want: "default"},
		"long but well formed":         {wishes: []string{"ko" + strings.Repeat("-abcdefgh", 7)}, want: "default"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := set.Match("default", c.wishes...); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func FuzzLocale(f *testing.F) {
	for _, seed := range []string{"ko", "ko_KR.UTF-8", "x-private", "en-u-ca-buddhist", "zh-Hant-TW",
		strings.Repeat("a-", 40), "\xff", "i-klingon"} {
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
