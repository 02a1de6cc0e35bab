package admission

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"cognito-triggers/shared/internal/rulefile"
	"cognito-triggers/shared/settings"
)

// fileRule is a rule as it is written.
type fileRule struct {
	Comment       string   `json:"comment"`
	Name          string   `json:"name"`
	Rule          string   `json:"rule"`
	When          fileWhen `json:"when"`
	AnyOf         []string `json:"anyOf"`
	NoneOf        []string `json:"noneOf"`
	Failures      int      `json:"failures"`
	Within        string   `json:"within"`
	Key           string   `json:"key"`
	Values        []string `json:"values"`
	TimeZone      string   `json:"timeZone"`
	Days          []string `json:"days"`
	From          string   `json:"from"`
	To            string   `json:"to"`
	Text          string   `json:"text"`
	OnUnavailable string   `json:"onUnavailable"`
}

type fileWhen struct {
	Clients []string `json:"clients"`
	Groups  []string `json:"groups"`
}

// Compile reads and checks a rule file. The error joins one error per problem, each with the place of the mistake.
func Compile(text []byte) (*Set, error) {
	rules, err := rulefile.Compile(text, func(c *rulefile.Compiler, written fileRule) rule {
		return (&compiler{c}).rule(written)
	})
	if err != nil {
		return nil, err
	}
	return &Set{rules}, nil
}

// Read compiles the rules in the setting, or those of a built-in file if it is empty. For invalid rules it returns an
// empty set and records the problems in env. It also reports whether the rules are the setting's.
func Read(env *settings.Env, setting, builtInName string, builtIn []byte) (set *Set, own bool) {
	return rulefile.Read(env, setting, builtInName, builtIn, Compile)
}

// compiler compiles one rule after the other.
type compiler struct{ *rulefile.Compiler }

// own lists the members that only rules of the kind have.
func own() map[kind][]string {
	return map[kind][]string{
		suspended: {}, locked: {"failures", "within"}, groups: {"anyOf", "noneOf"}, clients: {"anyOf", "noneOf"},
		validationData: {"key", "values"}, hours: {"timeZone", "days", "from", "to"},
	}
}

var kinds = []kind{suspended, locked, groups, clients, validationData, hours}

func (c *compiler) rule(written fileRule) rule {
	r := rule{
		kind: kind(written.Rule), name: written.Name, text: written.Text,
		when:  condition{c.words("when.clients", written.When.Clients), c.words("when.groups", written.When.Groups)},
		anyOf: c.words("anyOf", written.AnyOf), noneOf: c.words("noneOf", written.NoneOf),
		key: written.Key, values: c.words("values", written.Values),
	}
	if !slices.Contains(kinds, r.kind) {
		c.Fail("rule", "%q is unknown: use one of %s", written.Rule, joined(kinds))
		return r
	}
	if r.name == "" {
		r.name = written.Rule
	}
	c.strangers(r.kind, written)
	c.Text(r.text)
	c.name(r.name)
	switch r.kind {
	case locked:
		r.failures, r.within = c.failures(written)
	case groups, clients:
		if len(r.anyOf)+len(r.noneOf) == 0 {
			c.Fail("", "has neither anyOf nor noneOf: name the %s", r.kind)
		}
	case validationData:
		if r.key == "" {
			c.Fail("key", "is missing: name the key that the app sends in ClientMetadata of InitiateAuth")
		}
	case hours:
		r.opening = c.hours(written)
	}
	r.open = c.unavailable(r, written.OnUnavailable)
	return r
}

// strangers refuses members that other kinds of rules have.
func (c *compiler) strangers(k kind, written fileRule) {
	c.Strangers([]rulefile.Member{
		{Name: "anyOf", Given: written.AnyOf != nil}, {Name: "noneOf", Given: written.NoneOf != nil},
		{Name: "failures", Given: written.Failures != 0}, {Name: "within", Given: written.Within != ""},
		{Name: "key", Given: written.Key != ""}, {Name: "values", Given: written.Values != nil},
		{Name: "timeZone", Given: written.TimeZone != ""}, {Name: "days", Given: written.Days != nil},
		{Name: "from", Given: written.From != ""}, {Name: "to", Given: written.To != ""},
	}, own()[k], "rules of the kind "+string(k))
}

func (c *compiler) words(member string, words []string) []string {
	if words != nil && len(words) == 0 {
		c.Fail(member, "must not be empty: leave the member out")
	}
	for i, word := range words {
		if strings.TrimSpace(word) != word || word == "" {
			c.Fail(fmt.Sprintf("%s[%d]", member, i), "must be a word without surrounding spaces")
		} else if slices.Contains(words[:i], word) {
			c.Fail(fmt.Sprintf("%s[%d]", member, i), "%q is listed twice", word)
		}
	}
	return words
}

func (c *compiler) name(name string) {
	odd := func(r rune) bool { return !unicode.IsPrint(r) }
	if utf8.RuneCountInString(name) > 64 || strings.ContainsFunc(name, odd) {
		c.Fail("name", "is not usable in metrics: use at most 64 printable characters")
	}
}

// unavailable reads onUnavailable, which a rule has if and only if it reads something.
func (c *compiler) unavailable(r rule, value string) (open bool) {
	reads := r.needsProfile() || r.needsGroups()
	switch {
	case reads && value != "refuse" && value != "allow":
		c.Fail("onUnavailable", "must be refuse or allow: say what happens while the user's data cannot be read")
	case !reads && value != "":
		c.Fail("onUnavailable", "is only for rules that read the user's profile or groups")
	}
	return value == "allow"
}

func (c *compiler) failures(written fileRule) (int, time.Duration) {
	if written.Failures == 0 && written.Within == "" {
		return 0, 0
	}
	within, err := time.ParseDuration(written.Within)
	if err != nil || within <= 0 {
		c.Fail("within", "must be a duration such as 15m or 1h: failures count for so long")
	}
	if written.Failures < 1 {
		c.Fail("failures", "must be at least 1")
	}
	return written.Failures, within
}

func (c *compiler) hours(written fileRule) opening {
	o := opening{from: c.clock("from", written.From), to: c.clock("to", written.To)}
	if o.from == o.to {
		c.Fail("to", "is the same time as from: leave the rule out, or give hours")
	}
	var err error
	if o.zone, err = time.LoadLocation(written.TimeZone); err != nil || written.TimeZone == "" ||
		written.TimeZone == "Local" {
		c.Fail("timeZone", "is not a time zone: use a name such as Europe/Paris or UTC")
	}
	for i, name := range c.words("days", written.Days) {
		day := slices.Index(weekdays, name)
		if day < 0 {
			c.Fail(fmt.Sprintf("days[%d]", i), "%q is unknown: use one of %s", name, strings.Join(weekdays, ", "))
		}
		o.days = append(o.days, time.Weekday(day))
	}
	return o
}

var weekdays = []string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}

// clock reads a time of day as minutes after midnight; 24:00 is the end of the day.
func (c *compiler) clock(member, text string) int {
	if text == "24:00" && member == "to" {
		return 24 * 60
	}
	at, err := time.Parse("15:04", text)
	if err != nil || len(text) != len("15:04") {
		c.Fail(member, "must be a time of day such as 07:30")
		return 0
	}
	return at.Hour()*60 + at.Minute()
}

func joined(kinds []kind) string {
	words := make([]string, len(kinds))
	for i, k := range kinds {
		words[i] = string(k)
	}
	return strings.Join(words, ", ")
}
