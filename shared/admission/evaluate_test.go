package admission

import (
	"reflect"
	"testing"
	"time"

	"cognito-triggers/shared/profile"
)

var now = time.Date(2026, 3, 13, 15, 9, 0, 0, time.UTC) // a Friday

func compiled(t *testing.T, rules string) *Set {
	t.Helper()
	set, err := Compile([]byte(`{"rules":[` + rules + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestEvaluate(t *testing.T) {
	t.Parallel()
	const (
		suspend = `{"rule":"suspended","text":"Suspended","onUnavailable":"refuse"}`
		lock    = `{"rule":"locked","failures":5,"within":"15m","text":"Locked","onUnavailable":"allow"}`
		staff   = `{"rule":"groups","when":{"clients":["back"]},"anyOf":["staff"],"text":"Staff","onUnavailable":"refuse"}`
		banned  = `{"rule":"groups","noneOf":["banned"],"text":"Banned","onUnavailable":"allow"}`
		retired = `{"rule":"clients","name":"retired","noneOf":["old"],"text":"Update"}`
		version = `{"rule":"validationData","key":"v","values":["4","5"],"text":"Version"}`
		captcha = `{"rule":"validationData","key":"c","text":"Captcha"}`
		working = `{"rule":"hours","timeZone":"UTC","from":"07:00","to":"20:00","text":"Closed"}`
		quiet   = `{"rule":"hours","when":{"groups":["staff"]},"timeZone":"UTC","from":"07:00","to":"08:00",` +
			`"text":"Quiet","onUnavailable":"allow"}`
	)
	refused := func(rule, text string) Decision { return Decision{Refused: true, Rule: rule, Text: text} }
	undecided := func(rule string) Decision { return Decision{Refused: true, Rule: rule, Undecidable: true} }
	passed := func(rules ...string) Decision { return Decision{Passed: rules} }
	for name, c := range map[string]struct {
		rules string
		in    Input
		want  Decision
	}{
		"no rules":      {},
		"not suspended": {rules: suspend},
		"suspended": {
			rules: suspend,
			in:    Input{Access: profile.Access{Suspended: true}},
			want:  refused("suspended", "Suspended"),
		},
		"no profile, closed": {rules: suspend, in: Input{ProfileUnavailable: true}, want: undecided("suspended")},
		"no profile, open":   {rules: lock, in: Input{ProfileUnavailable: true}, want: passed("locked")},
		"open, then closed": {
			rules: lock + "," + suspend,
			in:    Input{ProfileUnavailable: true},
			want:  Decision{Refused: true, Rule: "suspended", Undecidable: true, Passed: []string{"locked"}},
		},
		"first rule decides": {
			rules: retired + "," + suspend,
			in:    Input{ClientID: "old", ProfileUnavailable: true},
			want:  refused("retired", "Update"),
		},
		"locked": {
			rules: lock,
			in:    Input{Access: profile.Access{LockedUntil: now.Add(time.Second)}},
			want:  refused("locked", "Locked"),
		},
		"lock is over":  {rules: lock, in: Input{Access: profile.Access{LockedUntil: now}}},
		"four failures": {rules: lock, in: Input{Access: profile.Access{Failures: 4, FailedAt: now}}},
		"five failures": {
			rules: lock,
			in:    Input{Access: profile.Access{Failures: 5, FailedAt: now.Add(-14 * time.Minute)}},
			want:  refused("locked", "Locked"),
		},
		"failures long ago": {
			rules: lock,
			in:    Input{Access: profile.Access{Failures: 9, FailedAt: now.Add(-15 * time.Minute)}},
		},
		"failures, no time": {
			rules: lock,
			in:    Input{Access: profile.Access{Failures: 5}},
			want:  refused("locked", "Locked"),
		},
		"no staff": {
			rules: staff,
			in:    Input{ClientID: "back", Groups: []string{"members"}},
			want:  refused("groups", "Staff"),
		},
		"staff":          {rules: staff, in: Input{ClientID: "back", Groups: []string{"members", "staff"}}},
		"another client": {rules: staff, in: Input{ClientID: "app", GroupsUnavailable: true}},
		"no groups known": {
			rules: staff,
			in:    Input{ClientID: "back", GroupsUnavailable: true},
			want:  undecided("groups"),
		},
		"banned":        {rules: banned, in: Input{Groups: []string{"banned"}}, want: refused("groups", "Banned")},
		"maybe banned":  {rules: banned, in: Input{GroupsUnavailable: true}, want: passed("groups")},
		"old client":    {rules: retired, in: Input{ClientID: "old"}, want: refused("retired", "Update")},
		"right version": {rules: version, in: Input{ValidationData: map[string]string{"v": "4"}}},
		"wrong version": {
			rules: version,
			in:    Input{ValidationData: map[string]string{"v": "3"}},
			want:  refused("validationData", "Version"),
		},
		"no version": {rules: version, want: refused("validationData", "Version")},
		"any text":   {rules: captcha, in: Input{ValidationData: map[string]string{"c": "x"}}},
		"empty text": {
			rules: captcha,
			in:    Input{ValidationData: map[string]string{"c": ""}},
			want:  refused("validationData", "Captcha"),
		},
		"open":             {rules: working},
		"quiet for staff":  {rules: quiet, in: Input{Groups: []string{"staff"}}, want: refused("hours", "Quiet")},
		"quiet for others": {rules: quiet, in: Input{Groups: []string{"members"}}},
		"quiet for whom":   {rules: quiet, in: Input{GroupsUnavailable: true}, want: passed("hours")},
		"not quiet, for whom": {
			rules: quiet,
			in:    Input{GroupsUnavailable: true, Now: time.Date(2026, 3, 13, 7, 30, 0, 0, time.UTC)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.in.Now.IsZero() {
				c.in.Now = now
			}
			if got := compiled(t, c.rules).Evaluate(c.in); !reflect.DeepEqual(got, c.want) {
				t.Errorf("decision %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestHours(t *testing.T) {
	t.Parallel()
	weekdays := `"days":["Mon","Tue","Wed","Thu","Fri"],`
	for name, c := range map[string]struct {
		rule, at string
		open     bool
	}{
		"first minute": {
			rule: `"timeZone":"UTC","from":"07:00","to":"20:00"`,
			at:   "2026-03-13T07:00:00Z",
			open: true,
		},
		"before": {rule: `"timeZone":"UTC","from":"07:00","to":"20:00"`, at: "2026-03-13T06:59:59Z"},
		"last second": {
			rule: `"timeZone":"UTC","from":"07:00","to":"20:00"`,
			at:   "2026-03-13T19:59:59Z",
			open: true,
		},
		"after": {rule: `"timeZone":"UTC","from":"07:00","to":"20:00"`, at: "2026-03-13T20:00:00Z"},
		"another zone, winter": {
			rule: `"timeZone":"Europe/Paris","from":"07:00","to":"20:00"`,
			at:   "2026-03-13T06:00:00Z",
			open: true,
		},
		"another zone, summer": {
			rule: `"timeZone":"Europe/Paris","from":"07:00","to":"20:00"`,
			at:   "2026-07-13T05:00:00Z",
			open: true,
		},
		"another zone, too early": {
			rule: `"timeZone":"Europe/Paris","from":"07:00","to":"20:00"`,
			at:   "2026-03-13T05:59:00Z",
		},
		"half an hour": {
			rule: `"timeZone":"Asia/Kolkata","from":"07:00","to":"20:00"`,
			at:   "2026-03-13T01:30:00Z",
			open: true,
		},
		"weekday": {
			rule: weekdays + `"timeZone":"UTC","from":"00:00","to":"24:00"`,
			at:   "2026-03-13T23:59:59Z",
			open: true,
		},
		"weekend": {
			rule: weekdays + `"timeZone":"UTC","from":"00:00","to":"24:00"`,
			at:   "2026-03-14T00:00:00Z",
		},
		"weekend begins elsewhere": {
			rule: weekdays + `"timeZone":"Asia/Seoul","from":"00:00","to":"24:00"`,
			at:   "2026-03-13T15:00:00Z",
		},
		"over midnight, evening": {
			rule: `"timeZone":"UTC","from":"22:00","to":"06:00"`,
			at:   "2026-03-13T22:00:00Z",
			open: true,
		},
		"over midnight, morning": {
			rule: `"timeZone":"UTC","from":"22:00","to":"06:00"`,
			at:   "2026-03-13T05:59:00Z",
			open: true,
		},
		"over midnight, day": {rule: `"timeZone":"UTC","from":"22:00","to":"06:00"`, at: "2026-03-13T06:00:00Z"},
		"Friday's night on Saturday": {
			rule: `"days":["Fri"],"timeZone":"UTC","from":"22:00","to":"06:00"`,
			at:   "2026-03-14T01:00:00Z",
			open: true,
		},
		"Thursday's night on Friday": {
			rule: `"days":["Fri"],"timeZone":"UTC","from":"22:00","to":"06:00"`,
			at:   "2026-03-13T01:00:00Z",
		},
		"Saturday's night on Sunday": {
			rule: `"days":["Sat"],"timeZone":"UTC","from":"22:00","to":"06:00"`,
			at:   "2026-03-15T01:00:00Z",
			open: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at, err := time.Parse(time.RFC3339, c.at)
			if err != nil {
				t.Fatal(err)
			}
			set := compiled(t, `{"rule":"hours","text":"Closed",`+c.rule+`}`)
			if got := set.Evaluate(Input{Now: at}); got.Refused == c.open {
				t.Errorf("open: %v, want %v", !got.Refused, c.open)
			}
		})
	}
}

func TestNeeds(t *testing.T) {
	t.Parallel()
	set := compiled(t, `{"rule":"suspended","when":{"clients":["a"]},"text":"No","onUnavailable":"allow"},`+
		`{"rule":"groups","when":{"clients":["b"]},"anyOf":["x"],"text":"No","onUnavailable":"allow"},`+
		`{"rule":"clients","noneOf":["c"],"text":"No"}`)
	for client, want := range map[string]Needs{"a": {Profile: true}, "b": {Groups: true}, "c": {}} {
		if got := set.NeedsFor(client); got != want {
			t.Errorf("client %s needs %+v, want %+v", client, got, want)
		}
	}
	if got := set.Needs(); got != (Needs{Profile: true, Groups: true}) {
		t.Errorf("all needs are %+v", got)
	}
	if got := compiled(t, "").Needs(); got != (Needs{}) {
		t.Errorf("no rules need %+v", got)
	}
}
