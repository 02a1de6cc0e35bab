package admission

import (
	"slices"
	"time"
)

// kind is what a rule looks at.
type kind string

const (
	suspended      kind = "suspended"
	locked         kind = "locked"
	groups         kind = "groups"
	clients        kind = "clients"
	validationData kind = "validationData"
	hours          kind = "hours"
)

// rule is a compiled rule.
type rule struct {
	kind          kind
	name          string // for metrics: the rule's own, or its kind
	when          condition
	text          string
	open          bool // whether it lets a sign-in pass if it cannot be decided
	anyOf, noneOf []string
	failures      int
	within        time.Duration
	key           string
	values        []string
	opening       opening
}

type condition struct{ clients, groups []string }

// opening are hours in a time zone, in minutes after midnight.
type opening struct {
	zone     *time.Location
	days     []time.Weekday // none: every day
	from, to int
}

// contains reports whether the hours contain a moment. Hours over midnight belong to the day on which they begin.
func (o opening) contains(at time.Time) bool {
	at = at.In(o.zone)
	minute, day := at.Hour()*60+at.Minute(), at.Weekday()
	if o.from < o.to {
		return o.on(day) && o.from <= minute && minute < o.to
	}
	yesterday := (day + 6) % 7
	return o.on(day) && minute >= o.from || o.on(yesterday) && minute < o.to
}

func (o opening) on(day time.Weekday) bool { return len(o.days) == 0 || slices.Contains(o.days, day) }

// needsProfile reports whether the rule reads the members of the profile other than groups.
func (r rule) needsProfile() bool { return r.kind == suspended || r.kind == locked }

func (r rule) needsGroups() bool { return r.kind == groups || len(r.when.groups) > 0 }

// ofClient reports whether the rule can apply to sign-ins through an app client.
func (r rule) ofClient(client string) bool {
	return len(r.when.clients) == 0 || slices.Contains(r.when.clients, client)
}

// Needs is what rules read about a user.
type Needs struct{ Profile, Groups bool }

// Set is a compiled rule file. The zero Set has no rules and lets everybody sign in.
type Set struct{ rules []rule }

// Needs returns what the rules that can apply to sign-ins through any app client read.
func (s *Set) Needs() Needs { return s.needs(func(rule) bool { return true }) }

// NeedsFor returns what the rules that can apply to sign-ins through an app client read.
func (s *Set) NeedsFor(client string) Needs {
	return s.needs(func(r rule) bool { return r.ofClient(client) })
}

func (s *Set) needs(counts func(rule) bool) Needs {
	var needs Needs
	for _, r := range s.rules {
		if counts(r) {
			needs.Profile = needs.Profile || r.needsProfile()
			needs.Groups = needs.Groups || r.needsGroups()
		}
	}
	return needs
}
