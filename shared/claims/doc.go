// Package claims turns rules that are data into the claims, scopes and groups of Cognito's tokens. Compile checks a rule
// file whole and names the place of each mistake; Evaluate applies the compiled rules to one event. There is no AWS call
// and no I/O in it, and the package's CheckClaim, CheckSuppress, CheckScope, CheckValue and CheckAudience say what
// Cognito accepts in an answer, whoever made it.
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
// when limits a rule: clients (app client ids), groups (of the user as they came in) and scopes (of the request) hold if
// any of the words is there; grant is user or client_credentials; all parts must hold. There is no condition on trigger
// sources: AWS's pages disagree on which source a sign-in or a refresh has.
//
// # Claims
//
// The value is a constant (value, any JSON that the version carries; numbers keep their digits) or comes from:
//
//   - profile.sub, .userPoolId, .username, .createdBy, .createdAt, .updatedAt, .schemaVersion
//   - profile.attributes.<name>
//   - attribute.<name>, a user attribute
//   - groups: the names as a list, or map gives each group a value: pick all (the default) lists the values of the
//     user's groups in the order of the map without repetition, pick first takes the first entry whose group the user has
//   - clientId, the app client's id: the only value that the access token's aud takes
//   - clientMetadata.<key>
//
// All but the constant and the groups are texts. type says what a text is read as: string (the default), number,
// boolean, list (JSON text, or words separated by commas) or object (JSON text). An empty text, a text that is not of the
// type, and Cognito's cognito:default_val count as no value: then default is taken. encode json writes a value that is no
// string as a string with its JSON text, which is what version 1 needs.
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
// # Trust
//
// App clients can write every standard and custom attribute unless the pool says otherwise, and anything mapped from an
// identity provider must stay writable. So a rule that takes a value from such an attribute, or from the profile's copy
// of it, must say "trust": "user", unless adminOnlyAttributes lists the attribute. clientMetadata always needs the mark.
//
// A claim that reads as authority (its name holds role, group, scope, permission, entitlement, privilege, authority,
// admin or superuser, or it is email_verified or phone_number_verified, or the rule says "authority": true) never comes
// from what users, identity providers or callers can write, marked or not. Group, role and scope rules hold
// constants only. Profile attributes whose names are no user attribute's are the back office's, and trusted.
//
// # Versions
//
// Options.Version is the pool's event version, against which types and tokens are checked at load. The event's own
// version decides when it comes: what it cannot carry is left out, and Override.Omitted tells which rule and why.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
package claims
