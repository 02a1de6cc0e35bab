// Package messages writes the messages that a user pool sends to its users: the codes, links and invitations that
// Cognito requests from the custom message trigger, and the welcome mail. Each message is a template in every locale. A
// message must never fail the user's action, so each one has a shorter form to fall back on.
//
// # Templates
//
// A template set is a folder with layout.tmpl, the frame of every mail, and one folder per locale, named by its BCP 47
// tag. A locale's folder holds common.tmpl, which its messages share, and one file per Kind, such as SignUp.tmpl. To
// add a locale, add such a folder: Set.Check and the lint package report what is missing, and the preview package shows
// the result.
//
// The files use a small part of html/template's syntax: {{define}}, {{template}}, {{if}}, {{with}} and the fields of
// Fields. A small evaluator in this package executes them and escapes every value for HTML. html/template itself would
// make the linker keep every exported method and cost a function a quarter of its cold start. The lint package checks
// that plain HTML escaping is right wherever a value is used, and that html/template writes the same bytes.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html
package messages
