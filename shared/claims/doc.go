// Package claims turns rules that are data into the claims, scopes and groups of Cognito's tokens. Compile checks a
// rule file whole and names the place of each mistake; Evaluate applies the compiled rules to one event. There is no
// AWS call and no I/O in it, and the package's CheckClaim, CheckSuppress, CheckScope, CheckValue and CheckAudience say
// what Cognito accepts in an answer, whoever made it.
//
// A rule file is strict JSON: an unknown member, or one that is there twice, is an error. rules.schema.json beside this
// file is its JSON Schema.
//
//	{
//	  "adminOnlyAttributes": ["custom:tenant"],   // attributes that no app client of the pool can write
//	  "mappedAttributes": ["custom:idp_groups"],  // attributes mapped from an identity provider
//	  "rules": [
//	    { "claim": "plan", "token": "both", "from": "profile.attributes.plan", "default": "free" },
//	    { "claim": "tenant", "token": "access", "from": "attribute.custom:tenant" },
//	    { "claim": "level", "token": "access", "from": "groups", "pick": "first",
//	      "map": [{ "group": "admins", "value": 9 }, { "group": "staff", "value": 5 }], "default": 1 },
//	    { "when": { "clients": ["4k2v0h1example"] }, "scopes": { "add": ["billing/read"] } },
//	    { "suppress": ["phone_number"], "token": "id" },
//	    { "when": { "groups": ["staff"] }, "groups": { "add": ["everyone"] } }
//	  ]
//	}
//
// # Rules
//
// Rules are applied in the order of the file. Each does exactly one thing:
//
//   - claim sets a claim, see below. token is required.
//   - suppress takes claims out of a token. token is required. It wins over claim, whatever the order, as in Cognito.
//   - scopes adds and suppresses scopes of the access token; suppressing wins.
//   - groups edits the user's groups with set, or with add and remove; iamRoles the same with ARNs; preferredRole sets an
//     ARN, or null for none. The rules edit one after the other what came in. Only where the outcome differs from what
//     came in does the answer hold a group override, and then the whole configuration: its three members belong together.
//
// token is id, access or both; both means each token that the event can change: not the access token in version 1, not
// the ID token for a machine client.
//
// when limits a rule: clients (app client ids), groups (of the user as they came in) and scopes (of the request) hold
// if any of the words is there; grant is user or client_credentials; all parts must hold. There is no condition on
// trigger sources: AWS's pages disagree on which source a sign-in or a refresh has.
//
// A rule for the access token alone is left out of a version 1 event, and Override.Omitted says so.
//
// # Claims
//
// The value is a constant (value, any JSON that the version carries; numbers keep their digits) or comes from:
//
//   - profile.sub, .userPoolId, .username, .createdBy, .createdAt, .updatedAt, .schemaVersion
//   - profile.attributes.<name>
//   - attribute.<name>, a user attribute
//   - groups, as the group rules above this one left them: the names as a list, or map gives each group a value: pick all
//     (the default) lists the values of the user's groups in the order of the map without repetition, pick first takes the
//     first entry whose group the user has. So rules that take groups away belong above the claims made from groups.
//   - clientId, the app client's id: the only value that the access token's aud takes
//   - clientMetadata.<key>
//
// All but the constant and the groups are texts. type says what a text is read as: string (the default), number,
// boolean, list (JSON text, or words separated by commas) or object (JSON text). An empty text, a text that is not of
// the type, and Cognito's cognito:default_val count as no value: then default is taken. encode json writes a value that
// is no string as a string with its JSON text, which is what version 1 needs.
//
// Of several rules for one claim of one token the first that applies and has a value wins. A rule that could never win
// is an error.
//
// onUnavailable says what happens while the profile store is down: omit leaves the claim out, also for later rules and
// without the default, since nothing is known about the profile; fail fails the sign-in. The default is omit, and fail
// for a claim that reads as authority.
//
// Rules from the user's attributes, groups or profile do not apply to a machine client.
//
// Cognito copies the user's attributes into the ID token, under their own names. A rule for such a claim takes its
// place: where the rule has no value, or one that the event cannot carry, or the profile store is down, the claim is
// suppressed there and not left to the attribute. Where its when does not hold the attribute stays, unless the claim
// reads as authority and the attribute is a custom one that app clients can write.
//
// # Trust
//
// App clients can write every standard and custom attribute unless the pool says otherwise, and anything mapped from an
// identity provider must stay writable. So a rule that takes a value from such an attribute, or from the profile's copy
// of it, must say "trust": "user", unless adminOnlyAttributes lists the attribute. So must one from
// cognito:mfa_enabled, which users switch. clientMetadata always needs the mark, and is never the source of a claim
// that says who somebody is: one with an attribute's name, or with username, user_id, client_id or tenant in its own.
//
// A claim that reads as authority (its name holds role, group, scope, perm, entitlement, privilege, authorit, admin,
// superuser, owner, right, acl, capabilit, root, sudo or polic, or it is email_verified or phone_number_verified, or
// the rule says "authority": true) never comes from what users, identity providers or callers can write, marked or not.
// Group, role and scope rules hold constants only. Profile attributes whose names are no user attribute's are the back
// office's, and trusted.
//
// # Versions
//
// Options.Version is the pool's event version, against which types and tokens are checked at load. The event's own
// version decides when it comes: what it cannot carry is left out, and Override.Omitted tells which rule and why.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
package claims
