package cognito

import "slices"

// Contract is what Cognito promises and expects at one hook.
type Contract struct {
	Hook Hook
	// Name is what Cognito's messages call the trigger: "PreSignUp failed with error ...".
	Name string
	// Member is the hook's place in LambdaConfig. It holds the function's ARN, or with Versioned an object of LambdaArn
	// and LambdaVersion. PlainMember is an older place for the same function, which holds its ARN alone.
	Member      string
	PlainMember string
	Versioned   bool
	// NeedsKey marks the hooks that Cognito refuses in a LambdaConfig without the KMS key for the codes.
	NeedsKey bool
	// Versions are the event versions that the function can be attached with; nil where Cognito offers no choice.
	Versions []string
	Sources  []string
	// OtherFamilies are spellings of the sources' family on other pages of AWS's; their case does not count.
	OtherFamilies []string
	// Asynchronous marks the hooks whose answer Cognito does not read, so that no error of theirs reaches a user.
	Asynchronous bool
	// Request and Response are the members in the order of AWS's samples.
	Request, Response []Member
	// Blank is the JSON value of every response member as the event arrives; "" where the event has no response at all.
	Blank string
	// Breach says what becomes of an answer that breaks a rule which no other statement covers.
	Breach Breach
	// Page is AWS's description of the trigger.
	Page string
}

// Breach is what Cognito does about an answer that breaks a rule.
type Breach string

// What Cognito does. Answers that are not events, and members of another JSON type, are refused at every hook whose
// answer is read.
const (
	Refused Breach = "refused" // the operation fails with InvalidLambdaResponseException
	Invalid Breach = "invalid" // the operation fails with InvalidParameterException, which names the member
	Dropped Breach = "dropped" // the operation goes on without the part that breaks the rule
	Unread  Breach = "unread"  // nobody reads the answer
)

// Type is the JSON type of a member; null stands for an absent one everywhere. Its text completes "is not ...".
type Type string

// The JSON types.
const (
	Boolean  Type = "true or false"
	Text     Type = "a text"
	TextList Type = "a list of texts"
	TextMap  Type = "an object of texts"
	Object   Type = "an object" // with Members, or with any where there are none
	Objects  Type = "a list of objects"
)

// Member is a member of a request or a response.
type Member struct {
	Name string
	Type Type
	// Versions are the event versions that have the member, nil for all.
	Versions []string
	// Min and Max bound the characters of a text, or of every text in an object of texts; 0 for no bound.
	Min, Max int
	// Values are the only texts that Cognito takes, nil for any.
	Values []string
	// Verifies is the user's attribute that the flag marks as verified.
	Verifies string
	// NeedsSES marks what Cognito refuses unless the pool sends its e-mail through Amazon SES.
	NeedsSES bool
	// Members are those of an object; nil where it can hold any.
	Members []Member
}

// Find returns the member of that name.
func Find(members []Member, name string) (Member, bool) {
	for i := range members {
		if members[i].Name == name {
			return members[i], true
		}
	}
	return Member{}, false
}

// ResponseMembers are what an answer to an event of that version can hold. The version is the event's own ("2") or that
// of LambdaConfig ("V2_0").
func (c Contract) ResponseMembers(version string) []Member {
	if !slices.ContainsFunc(c.Response, func(m Member) bool { return m.Versions != nil }) {
		return c.Response
	}
	var members []Member
	for _, m := range c.Response {
		if m.In(version) {
			members = append(members, m)
		}
	}
	return members
}

// In reports whether events of that version have the member.
func (m Member) In(version string) bool {
	return m.Versions == nil || slices.ContainsFunc(m.Versions, func(own string) bool {
		return own == version || Number(own) == version
	})
}

// BlankResponse is the response as an event of that version arrives with it, nil where it has none.
func (c Contract) BlankResponse(version string) []byte {
	if c.Blank == "" {
		return nil
	}
	blank := []byte{'{'}
	for i, m := range c.ResponseMembers(version) {
		if i > 0 {
			blank = append(blank, ',')
		}
		blank = append(append(blank, '"'), m.Name...)
		blank = append(append(blank, '"', ':'), c.Blank...)
	}
	return append(blank, '}')
}

// Number is the version that events carry for one of LambdaConfig: "V2_0" gives "2".
func Number(version string) string {
	if len(version) == len("V1_0") && version[0] == 'V' {
		return version[1:2]
	}
	return version
}
