package identitypool

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// problems are the constraints of the API's model that a request breaks.
type problems struct{ texts []string }

// err returns AWS's ValidationException, or nil.
func (p *problems) err() error {
	switch len(p.texts) {
	case 0:
		return nil
	case 1:
		return &exception{"ValidationException", "1 validation error detected: " + p.texts[0]}
	}
	return &exception{"ValidationException",
		fmt.Sprintf("%d validation errors detected: %s", len(p.texts), strings.Join(p.texts, "; "))}
}

func (p *problems) add(path, value, constraint string) {
	const most = 10 // a request may break thousands
	if len(p.texts) < most {
		p.texts = append(p.texts, fmt.Sprintf("Value %s at '%s' failed to satisfy constraint: %s", value, path, constraint))
	}
}

// rule is what the model says of a string.
type rule struct {
	min, max int    // characters
	pattern  string // of the whole text
	secret   bool   // the value does not reach the error
	match    *regexp.Regexp
}

func newRule(least, most int, pattern string) rule {
	r := rule{min: least, max: most, pattern: pattern}
	if pattern != "" {
		r.match = regexp.MustCompile(`\A(?:` + pattern + `)\z`)
	}
	return r
}

// rules are the strings of the API's model.
var rules = struct {
	id, name, provider, clientID, developer, loginProvider, loginApp, arn, tagKey, tagValue, account, page, token,
	claim, claimValue, roleKind rule
}{
	id:            newRule(1, 55, `[\w-]+:[0-9a-f-]+`),
	name:          newRule(1, 128, `[\w\s+=,.@-]+`),
	provider:      newRule(1, 128, `[\w._:/-]+`),
	clientID:      newRule(1, 128, `[\w_]+`),
	developer:     newRule(1, 128, `[\w._-]+`),
	loginProvider: newRule(1, 128, ""),
	loginApp:      newRule(1, 128, `[\w.;_/-]+`),
	arn:           newRule(20, 2048, ""),
	tagKey:        newRule(1, 128, ""),
	tagValue:      newRule(0, 256, ""),
	account:       newRule(1, 15, `\d+`),
	page:          newRule(1, 65535, `[\S]+`),
	token:         rule{min: 1, max: 50000, secret: true},
	claim:         newRule(1, 64, `[\p{L}\p{M}\p{S}\p{N}\p{P}]+`),
	claimValue:    newRule(1, 128, ""),
	roleKind:      newRule(1, 128, `(un)?authenticated`),
}

// required checks a member that must be there.
func (p *problems) required(path string, value *string, r rule) {
	if value == nil {
		p.add(path, "null", "Member must not be null")
		return
	}
	p.text(path, *value, r)
}

// optional checks a member if it is there.
func (p *problems) optional(path string, value *string, r rule) {
	if value != nil {
		p.text(path, *value, r)
	}
}

func (p *problems) text(path, value string, r rule) {
	length, constraint := utf8.RuneCountInString(value), ""
	switch {
	case length < r.min:
		constraint = fmt.Sprint("Member must have length greater than or equal to ", r.min)
	case length > r.max:
		constraint = fmt.Sprint("Member must have length less than or equal to ", r.max)
	case r.match != nil && !r.match.MatchString(value):
		constraint = "Member must satisfy regular expression pattern: " + r.pattern
	default:
		return
	}
	shown := "'" + shortened(value) + "'"
	if r.secret {
		shown = "'***Sensitive***'"
	}
	p.add(path, shown, constraint)
}

func (p *problems) present(path string, there bool) {
	if !there {
		p.add(path, "null", "Member must not be null")
	}
}

func (p *problems) atMost(path string, length, most int) {
	if length > most {
		p.add(path, fmt.Sprintf("of %d entries", length), fmt.Sprint("Member must have length less than or equal to ", most))
	}
}

// one checks a member that has one of a few values.
func (p *problems) one(path string, value string, of ...string) {
	if !slices.Contains(of, value) {
		p.add(path, "'"+shortened(value)+"'", "Member must satisfy enum value set: ["+strings.Join(of, ", ")+"]")
	}
}

// limit checks the size of a page.
func (p *problems) limit(value *int) {
	switch {
	case value == nil:
		p.add("maxResults", "null", "Member must not be null")
	case *value < 1:
		p.add("maxResults", fmt.Sprintf("'%d'", *value), "Member must have value greater than or equal to 1")
	case *value > 60:
		p.add("maxResults", fmt.Sprintf("'%d'", *value), "Member must have value less than or equal to 60")
	}
}

// dictionary checks the keys and values of a map.
func (p *problems) dictionary(path string, all map[string]string, most int, key, value rule) {
	if most > 0 {
		p.atMost(path, len(all), most)
	}
	for k, v := range all {
		p.text(path, k, key)
		p.text(path+"."+shortened(k)+".member", v, value)
	}
}
