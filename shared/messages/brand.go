package messages

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"cognito-triggers/shared/internal/weburl"
	"cognito-triggers/shared/settings"
)

// Brand is the product in whose name messages are written.
type Brand struct {
	Name           string // of the product, at most 40 characters
	SupportAddress string // e-mail address for questions; may be empty
	SignInURL      string // where users sign in; may be empty
}

// maxBrand is the limit of a brand's name in characters. It leaves room for a sentence in the 140 characters of an SMS.
const maxBrand = 40

// FromSettings makes a composer with the embedded templates from BRAND_NAME, SUPPORT_ADDRESS, SIGN_IN_URL,
// DEFAULT_LOCALE and LOCALE_METADATA_KEY. Problems are recorded in env.
func FromSettings(env *settings.Env) (*Composer, error) {
	set, err := Embedded()
	if err != nil {
		return nil, err
	}
	brand := Brand{env.String("BRAND_NAME", "Example"), env.Lookup("SUPPORT_ADDRESS"), env.Lookup("SIGN_IN_URL")}
	brand.check(env)
	locale, ok := set.match(env.String("DEFAULT_LOCALE", "en"))
	if !ok {
		env.Fail("DEFAULT_LOCALE", "matches none of the templates: use one of %s", strings.Join(set.Locales(), ", "))
	}
	return NewComposer(set, brand, locale, env.String("LOCALE_METADATA_KEY", "locale")), nil
}

func (b Brand) check(env *settings.Env) {
	if b.Name != oneLine(b.Name) || strings.ContainsAny(b.Name, "{}#<>") || utf8.RuneCountInString(b.Name) > maxBrand {
		env.Fail("BRAND_NAME", "cannot be used in messages: use at most %d characters in one line, without { } # < >",
			maxBrand)
	}
	if b.SupportAddress != "" && !plainAddress(b.SupportAddress) {
		env.Fail("SUPPORT_ADDRESS", "is not a plain e-mail address such as help@example.org")
	}
	if b.SignInURL != "" && !plainURL(b.SignInURL) {
		env.Fail("SIGN_IN_URL", "is not a plain https:// address such as https://app.example.org/sign-in")
	}
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// plainAddress reports whether address needs no encoding in a mailto: link.
func plainAddress(address string) bool {
	local, domain, found := strings.Cut(address, "@")
	return found && local != "" && strings.Trim(local, letters+"._-") == "" &&
		strings.Contains(domain, ".") && strings.Trim(domain, letters+".-") == "" && len(address) <= 254
}

// plainURL reports whether address needs no encoding in a link. Plain http is accepted for this machine only.
func plainURL(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || len(address) > 500 ||
		strings.Trim(address, letters+"-._~:/?=%") != "" {
		return false
	}
	return weburl.SecureOrLocal(u)
}
