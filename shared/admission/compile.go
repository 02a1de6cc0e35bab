package admission

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/strictjson"
)

// file and fileRule are a rule file as it is written.
type file struct {
	Schema  string     `json:"$schema"`
	Comment string     `json:"comment"`
	Rules   []fileRule `json:"rules"`
}

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

// maxFileBytes bounds a rule file. Lambda allows 4 KB for all settings together.
const maxFileBytes = 64 << 10

// maxText is the longest text for a user, in characters. It becomes part of a URL in managed login.
const maxText = 200

// Compile reads and checks a rule file. The error joins one error per problem, each with the place of the mistake.
func Compile(text []byte) (*Set, error) {
	if len(text) > maxFileBytes {
		return nil, fmt.Errorf("the file has more than %d bytes", maxFileBytes)
	}
	var written file
	if err := strictjson.Unmarshal(text, &written); err != nil {
		return nil, err
	}
	if written.Rules == nil {
		return nil, errors.New("rules: is missing: give a list; it may be empty")
	}
	set, c := &Set{}, &compiler{}
	for i, r := range written.Rules {
		c.place = fmt.Sprintf("rules[%d]", i)
		set.rules = append(set.rules, c.rule(r))
	}
	return set, errors.Join(c.problems...)
}

// Read compiles the rules in the setting, or those of a built-in file if it is empty. For invalid rules it returns an
// empty set and records the problems in env. It also reports whether the rules are the setting's.
func Read(env *settings.Env, setting, builtInName string, builtIn []byte) (set *Set, own bool) {
	origin, text := builtInName, builtIn
	if value := env.Lookup(setting); value != "" {
		origin, text, own = setting, []byte(value), true
	}
	set, err := Compile(text)
	if err == nil {
		return set, own
	}
	problems := []error{err}
	if joined, several := err.(interface{ Unwrap() []error }); several {
		problems = joined.Unwrap()
	}
	for _, problem := range problems {
		env.Fail(origin, "is wrong: %v", problem)
	}
	return &Set{}, own
}

// compiler collects the problems of a file.
type compiler struct {
	place    string
	problems []error
}

func (c *compiler) fail(member, format string, args ...any) {
	place := c.place
	if member != "" {
		place += "." + member
	}
	c.problems = append(c.problems, fmt.Errorf("%s: %s", place, fmt.Sprintf(format, args...)))
}

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
		c.fail("rule", "%q is unknown: use one of %s", written.Rule, joined(kinds))
		return r
	}
	if r.name == "" {
		r.name = written.Rule
	}
	c.strangers(r.kind, written)
	c.text(r.text)
	c.name(r.name)
	switch r.kind {
	case locked:
		r.failures, r.within = c.failures(written)
	case groups, clients:
		if len(r.anyOf)+len(r.noneOf) == 0 {
			c.fail("", "has neither anyOf nor noneOf: name the %s", r.kind)
		}
	case validationData:
		if r.key == "" {
			c.fail("key", "is missing: name the key that the app sends in ClientMetadata of InitiateAuth")
		}
	case hours:
		r.opening = c.hours(written)
	}
	r.open = c.unavailable(r, written.OnUnavailable)
	return r
}

// strangers refuses members that other kinds of rules have.
func (c *compiler) strangers(k kind, written fileRule) {
	given := map[string]bool{
		"anyOf": written.AnyOf != nil, "noneOf": written.NoneOf != nil, "failures": written.Failures != 0,
		"within": written.Within != "", "key": written.Key != "", "values": written.Values != nil,
		"timeZone": written.TimeZone != "", "days": written.Days != nil, "from": written.From != "", "to": written.To != "",
	}
	for _, member := range []string{"anyOf", "noneOf", "failures", "within", "key", "values", "timeZone", "days", "from",
		"to"} {
		if given[member] && !slices.Contains(own()[k], member) {
			c.fail(member, "is not for rules of the kind %s", k)
		}
	}
}

func (c *compiler) words(member string, words []string) []string {
	if words != nil && len(words) == 0 {
		c.fail(member, "must not be empty: leave the member out")
	}
	for i, word := range words {
		if strings.TrimSpace(word) != word || word == "" {
			c.fail(fmt.Sprintf("%s[%d]", member, i), "must be a word without surrounding spaces")
		} else if slices.Contains(words[:i], word) {
			c.fail(fmt.Sprintf("%s[%d]", member, i), "%q is listed twice", word)
		}
	}
	return words
}

func (c *compiler) text(text string) {
	switch {
	case strings.TrimSpace(text) == "":
		c.fail("text", "is missing: say what the user reads")
	case utf8.RuneCountInString(text) > maxText:
		c.fail("text", "has more than %d characters", maxText)
	case strings.ContainsFunc(text, unicode.IsControl):
		c.fail("text", "has a line break or another control character")
	}
}

func (c *compiler) name(name string) {
	odd := func(r rune) bool { return !unicode.IsPrint(r) }
	if utf8.RuneCountInString(name) > 64 || strings.ContainsFunc(name, odd) {
		c.fail("name", "is not usable in metrics: use at most 64 printable characters")
	}
}

// unavailable reads onUnavailable, which a rule has if and only if it reads something.
func (c *compiler) unavailable(r rule, value string) (open bool) {
	reads := r.needsProfile() || r.needsGroups()
	switch {
	case reads && value != "refuse" && value != "allow":
		c.fail("onUnavailable", "must be refuse or allow: say what happens while the user's data cannot be read")
	case !reads && value != "":
		c.fail("onUnavailable", "is only for rules that read the user's profile or groups")
	}
	return value == "allow"
}

func (c *compiler) failures(written fileRule) (int, time.Duration) {
	if written.Failures == 0 && written.Within == "" {
		return 0, 0
	}
	within, err := time.ParseDuration(written.Within)
	if err != nil || within <= 0 {
		c.fail("within", "must be a duration such as 15m or 1h: failures count for so long")
	}
	if written.Failures < 1 {
		c.fail("failures", "must be at least 1")
	}
	return written.Failures, within
}

func (c *compiler) hours(written fileRule) opening {
	o := opening{from: c.clock("from", written.From), to: c.clock("to", written.To)}
	if o.from == o.to {
		c.fail("to", "is the same time as from: leave the rule out, or give hours")
	}
	var err error
	if o.zone, err = time.LoadLocation(written.TimeZone); err != nil || written.TimeZone == "" ||
		written.TimeZone == "Local" {
		c.fail("timeZone", "is not a time zone: use a name such as Europe/Paris or UTC")
	}
	for i, name := range c.words("days", written.Days) {
		day := slices.Index(weekdays, name)
		if day < 0 {
			c.fail(fmt.Sprintf("days[%d]", i), "%q is unknown: use one of %s", name, strings.Join(weekdays, ", "))
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
		c.fail(member, "must be a time of day such as 07:30")
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
