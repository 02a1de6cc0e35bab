// Package admission turns rules that are data into the decision whether a user may sign in. Compile checks a whole rule
// file and names the place of each mistake; Set.Evaluate applies the rules to one sign-in. The package makes no AWS
// call and does no I/O, apart from reading the time zones that rules name; package gate, beneath it, reads what the
// rules need.
//
// A rule file is strict JSON: an unknown or repeated member is an error. Its JSON Schema is rules.schema.json, beside
// this file.
//
//	{
//	  "rules": [
//	    { "rule": "suspended", "text": "This account is suspended", "onUnavailable": "refuse" },
//	    { "rule": "locked", "failures": 5, "within": "15m", "text": "Try again later", "onUnavailable": "allow" },
//	    { "rule": "clients", "noneOf": ["4k2v0h1example"], "text": "This app is no longer in use: update it" },
//	    { "rule": "groups", "when": { "clients": ["7a1bexample"] }, "anyOf": ["staff"], "text": "For staff only",
//	      "onUnavailable": "refuse" },
//	    { "rule": "validationData", "key": "appVersion", "values": ["4", "5"], "text": "Update the app" },
//	    { "rule": "hours", "timeZone": "Europe/Paris", "days": ["Mon", "Tue", "Wed", "Thu", "Fri"], "from": "07:00",
//	      "to": "20:00", "text": "Sign-in is open on weekdays from 7 to 20" }
//	  ]
//	}
//
// # Rules
//
// Rules are applied in the order of the file, and the first that refuses decides. A rule has text, which the user
// reads. Without a refusal the user may sign in. rule is one of:
//
//   - suspended refuses a user whose profile has suspended true.
//   - locked refuses a user until the profile's locked_until. With failures and within, it also refuses while the
//     profile has at least so many sign_in_failures, of which the last, sign_in_failed_at, is no longer ago than that.
//   - groups refuses a user who is in none of the groups of anyOf, or in one of noneOf.
//   - clients does the same with the id of the app client.
//   - validationData refuses a sign-in without a text under key, or with one that is not among values. What the caller
//     sends is the caller's word: such a rule keeps old apps out, not attackers.
//   - hours refuses a sign-in outside the hours from from to to (not included) on days, all without it, in timeZone, a
//     name such as Europe/Paris. If to is before from, the hours end on the next day.
//
// when limits a rule to app clients and to users in one of groups; all parts must hold.
//
// # What is not available
//
// suspended and locked need the profile, groups and when.groups need groups. onUnavailable says what a rule does when
// that cannot be read: refuse or allow. It has no default, because both are wrong somewhere. A user without a profile
// is neither suspended nor locked, and in no group of the profile.
package admission
