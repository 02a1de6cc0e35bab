package messages

import "slices"

// Kind is the purpose of a message. Kinds that Cognito requests have the name of their trigger source, after the
// underscore.
type Kind string

// The kinds of messages.
const (
	SignUp              Kind = "SignUp"
	AdminCreateUser     Kind = "AdminCreateUser"
	ResendCode          Kind = "ResendCode"
	ForgotPassword      Kind = "ForgotPassword"
	UpdateUserAttribute Kind = "UpdateUserAttribute"
	VerifyUserAttribute Kind = "VerifyUserAttribute"
	Authentication      Kind = "Authentication"

	// These are not Cognito's: triggers send them themselves.
	Welcome    Kind = "Welcome"    // the welcome mail of a confirmed user, without a code
	SignInCode Kind = "SignInCode" // the code of a sign-in without a password, as mail or SMS
	SignInLink Kind = "SignInLink" // the link of a sign-in without a password
)

// Kinds lists every kind.
func Kinds() []Kind {
	return []Kind{SignUp, ResendCode, AdminCreateUser, ForgotPassword, UpdateUserAttribute, VerifyUserAttribute,
		Authentication, Welcome, SignInCode, SignInLink}
}

// Own reports whether the message is one that a trigger sends itself; see Composer.Write.
func (k Kind) Own() bool { return k == Welcome || k == SignInCode || k == SignInLink }

// Valid reports whether the kind is one of Kinds.
func (k Kind) Valid() bool { return slices.Contains(Kinds(), k) }

// VerifiesByLink reports whether Cognito puts a link into messages of the kind if the pool verifies by link.
func (k Kind) VerifiesByLink() bool { return k == SignUp || k == ResendCode }

// The blocks that a locale defines for a kind, in common.tmpl or in the kind's own file.
const (
	blockSubject   = "subject"    // text
	blockPreheader = "preheader"  // HTML; what mail programs show beside the subject
	blockHeading   = "heading"    // HTML
	blockHTML      = "html"       // HTML between heading and footer
	blockHTMLShort = "html-short" // HTML, a whole mail without the layout
	blockSMS       = "sms"        // text
	blockSMSShort  = "sms-short"  // text
	blockText      = "text"       // text; the mail for programs without HTML
	blockLinkText  = "link-text"  // text of the link that verifies an address
	blockMail      = "mail"       // layout.tmpl's frame around heading and html
)

// Blocks lists the blocks that the templates of the kind must define.
func (k Kind) Blocks() []string {
	if k.Own() {
		blocks := []string{blockMail, blockSubject, blockPreheader, blockHeading, blockHTML, blockText}
		if k == SignInCode {
			blocks = append(blocks, blockSMS)
		}
		return blocks
	}
	blocks := []string{blockMail, blockSubject, blockPreheader, blockHeading, blockHTML, blockHTMLShort, blockSMS,
		blockSMSShort}
	if k.VerifiesByLink() {
		blocks = append(blocks, blockLinkText)
	}
	return blocks
}

// HTMLBlocks lists the kind's blocks that are whole HTML mails.
func (k Kind) HTMLBlocks() []string {
	return k.blocksOf(blockMail, blockHTMLShort)
}

// TextBlocks lists the kind's blocks that are plain text.
func (k Kind) TextBlocks() []string {
	return k.blocksOf(blockSubject, blockSMS, blockSMSShort, blockText, blockLinkText)
}

func (k Kind) blocksOf(names ...string) []string {
	return slices.DeleteFunc(names, func(name string) bool { return !slices.Contains(k.Blocks(), name) })
}
