// Package inbound turns rules that are data into the attributes that reach a user pool from an identity provider.
// Compile checks a whole rule file and names the place of each mistake; Set.Apply applies the rules to one sign-in. The
// package makes no AWS call and does no I/O.
//
// A rule file is strict JSON: an unknown or repeated member is an error. Its JSON Schema is rules.schema.json, beside
// this file.
//
//	{
//	  "rules": [
//	    { "when": { "providers": ["AcmeOkta"] }, "domains": "email", "allowed": ["acme.example"],
//	      "text": "Not for you" },
//	    { "lowerCase": "email" },
//	    { "rename": "mail", "to": "email" },
//	    { "rename": "groups", "to": "custom:idp_groups", "authority": true },
//	    { "drop": "birthdate" },
//	    { "constant": "custom:tenant", "value": "acme" },
//	    { "require": "email", "text": "Your company does not tell us your address" }
//	  ]
//	}
//
// # Rules
//
// What the provider sent is the beginning: the attributes of the SAML response, or those of userInfo with those of the
// ID token over them. Rules change it in the order of the file. Each does one thing with one attribute, which the rule
// names as the provider does; when limits it to providers (names in the pool) and types (SAML, OIDC, Google, …).
//
//   - rename gives a value the name to, and replaces a value that has this name.
//   - lowerCase makes a value lower-case.
//   - drop removes a value.
//   - constant sets a value, also where the provider sent none.
//   - require refuses the sign-in without a value, and the user reads text.
//   - domains does the same if the value is not one e-mail address in one of the allowed domains. The provider, not
//     this rule, says whether the address is the user's.
//   - keep lets an attribute pass that sounds like authority.
//
// # Authority
//
// Whoever runs an identity provider can send any attribute. So attributes that sound like roles, groups or permissions
// (claims.AuthorityName) never pass, unless a keep rule names them. A rename or constant rule whose attributes sound
// so, or that sets email_verified or phone_number_verified, must say "authority": true. The subject, sub, cannot be
// changed.
//
// # Limits
//
// A value has at most 2,048 characters. A longer one is cut, but not in a way that makes it mean something else: an
// attribute that sounds like authority is cut after a whole entry of its list; email, phone_number and
// preferred_username, or a list that cannot be cut, are dropped; sub refuses the sign-in.
package inbound
