// Package messages writes the texts that a user pool sends to its users: the codes, links and invitations that Cognito
// asks the custom message trigger for, and the welcome mail. Each text exists once per locale, as a template; a message
// never fails the user's action, so every one has a shorter form to fall back to.
//
// # Templates
//
// A template set is a folder with layout.tmpl, the frame of every mail, and one folder per locale, named by its BCP 47
// tag. A locale's folder holds common.tmpl, what its messages share, and one file per Kind, such as SignUp.tmpl. Adding
// a locale is adding such a folder: Set.Check and the lint package say what is missing in it, the preview package shows
// it.
//
// The files are written in the syntax of Go's html/template, of which they use little: {{define}}, {{template}},
// {{if}}, {{with}} and the fields of Fields. They are not executed by html/template, whose use of reflection makes the
// linker keep every exported method and costs a function a quarter of its cold start, but by the small evaluator of
// this package, which escapes every value for HTML. That this is the right thing at each place, and that html/template
// would write the same bytes, is what the lint package shows.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html
package messages
