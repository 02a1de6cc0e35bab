// Package claims turns rules that are data into the claims, scopes and groups of Cognito's tokens. Compile checks a
// whole rule file and names the place of each mistake; Set.Evaluate applies the rules to one event. The package makes
// no AWS call and does no I/O. Cognito's own limits on claims and scopes are in package cognito.
//
// A rule file is strict JSON: an unknown or repeated member is an error. Its JSON Schema is rules.schema.json, beside
// this file.
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
// Rules are applied in the order of the file. Each rule does exactly one thing:
//
//   - claim sets a claim, see below. token is required.
//   - suppress removes claims from a token. token is required. As in Cognito, it wins over claim, whatever the order.
//   - scopes adds and suppresses scopes of the access token; suppressing wins.
//   - groups edits the user's groups with set, or with add and remove; iamRoles does the same with ARNs; preferredRole
//     sets an ARN, or null for none. Each rule edits what the rules before it left. The answer overrides groups only if
//     the outcome differs from the event, and then always groups, roles and preferred role together.
//
// token is id, access or both. both means every token that the event can change: not the access token in version 1, not
// the ID token for a machine client.
//
// when limits a rule. clients (app client ids), groups (of the user, as in the event) and scopes (of the request) hold
// if any of their words applies; grant is user or client_credentials; all parts must hold. There is no condition on
// trigger sources, because AWS's pages disagree on the source of a sign-in or a refresh.
//
// A rule for the access token alone is left out of a version 1 event and listed in Override.Omitted.
//
// # Claims
//
// The value is a constant (value, any JSON that the version carries; numbers keep their digits) or comes from:
//
//   - profile.sub, .userPoolId, .username, .createdBy, .createdAt, .updatedAt, .schemaVersion
//   - profile.attributes.<name>
//   - attribute.<name>, a user attribute
//   - groups, as the group rules above this rule left them, so rules that remove groups belong above it. The value is
//     the list of their names. With map, each group has a value: pick all (the default) lists the values of the user's
//     groups in the order of the map, each once; pick first takes the first entry whose group the user has.
//   - clientId, the app client's id: the only value that the access token's aud takes
//   - clientMetadata.<key>
//
// All sources except constants and groups are texts. type says what a text is converted to: string (the default),
// number, boolean, list (JSON, or words separated by commas) or object (JSON). An empty text, a text that is not of the
// type, and Cognito's cognito:default_val count as no value; then default applies. encode json writes a value that is
// not a string as a string of its JSON, for version 1 events, which carry only strings.
//
// If several rules set the same claim of the same token, the first one that applies and has a value wins. A rule that
// can never win is an error.
//
// onUnavailable says what happens while the profile store is down. omit leaves the claim out, without the default and
// without later rules, since nothing is known about the profile; fail fails the sign-in. The default is omit, and fail
// for an authority claim.
//
// Rules that use the user's attributes, groups or profile do not apply to a machine client.
//
// Cognito copies the user's attributes into the ID token under their own names. A rule for such a claim replaces the
// attribute: if the rule has no value, or one that the event cannot carry, or the profile store is down, the claim is
// suppressed instead of being left to the attribute. If its when does not hold, the attribute stays, unless the claim
// is an authority claim and the attribute is a custom one that app clients can write.
//
// # Trust
//
// App clients can write every standard and custom attribute unless the pool says otherwise, and every attribute that is
// mapped from an identity provider must stay writable. So a rule that takes its value from such an attribute, or from
// the profile's copy of it, must say "trust": "user", unless adminOnlyAttributes lists the attribute. The same goes for
// cognito:mfa_enabled, which users can change. clientMetadata always needs "trust": "user", and is never allowed for an
// identity claim: one that is named like an attribute, or contains username, user_id, client_id or tenant.
//
// An authority claim is one whose name contains role, group, scope, perm, entitlement, privilege, authorit, admin,
// superuser, owner, right, acl, capabilit, root, sudo or polic; email_verified and phone_number_verified; and one whose
// rule says "authority": true. It never comes from what users, identity providers or callers can write, with or without
// "trust". Group, role and scope rules take constants only. A profile attribute that is not named like a user attribute
// is written by the back office, and trusted.
//
// # Versions
//
// Compile checks types and tokens against Options.Version, the pool's event version. Set.Evaluate goes by the event's
// own version: what that cannot carry is left out, and Override.Omitted lists the rule and the reason.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
package claims
