package cognito

import "slices"

// Contract describes what Cognito sends to the function at one hook, and what it accepts as an answer.
type Contract struct {
	Hook Hook
	// Name is the trigger's name in Cognito's error messages: "PreSignUp failed with error ...".
	Name string
	// Member is the hook's member of LambdaConfig. Its value is the function's ARN or, if Versioned is true, an object
	// with the members LambdaArn and LambdaVersion. PlainMember is an older member for the same function, whose value is
	// the ARN; "" if the hook has none.
	Member      string
	PlainMember string
	Versioned   bool
	// NeedsKey reports whether Cognito refuses the hook in a LambdaConfig without a KMS key.
	NeedsKey bool
	// Versions lists the event versions that a function can be attached with, for example "V2_0"; nil if Cognito offers no
	// choice.
	Versions []string
	// Sources lists the trigger sources, for example "PreSignUp_SignUp".
	Sources []string
	// OtherFamilies lists other spellings of the sources' family that AWS's pages use. Case is ignored.
	OtherFamilies []string
	// Asynchronous reports whether Cognito calls the function without reading its answer. Users never see its errors.
	Asynchronous bool
	// Request and Response list the members in the order of AWS's samples.
	Request, Response []Member
	// Absent lists members that other hooks' requests have and developers expect here, with what there is instead.
	Absent []Absence
	// Blank is the JSON value of every response member when the event arrives; "" if the event has no response.
	Blank string
	// Breach is what Cognito does about an answer that breaks one of the hook's rules.
	Breach Breach
	// Page is the URL of AWS's documentation of the trigger.
	Page string
}

// Breach is what Cognito does about an answer that breaks a rule.
type Breach string

// What Cognito does about an answer that breaks a rule. Whatever the hook's Breach, Cognito refuses an answer that is
// not an event or has a member of the wrong JSON type, unless it does not read the answer.
const (
	Refused Breach = "refused" // the operation fails with InvalidLambdaResponseException
	Invalid Breach = "invalid" // the operation fails with InvalidParameterException, whose message names the member
	Dropped Breach = "dropped" // the operation continues without the part that breaks the rule
	Unread  Breach = "unread"  // Cognito does not read the answer
)

// Type is the JSON type of a member, worded to follow "is not" in a message. A null member counts as absent.
type Type string

// The JSON types.
const (
	Boolean  Type = "true or false"
	Text     Type = "a string"
	TextList Type = "a list of strings"
	TextMap  Type = "an object with string values"
	Object   Type = "an object" // with the listed Members, or any members if none are listed
	Objects  Type = "a list of objects"
)

// Member describes a member of a request or a response.
type Member struct {
	Name string
	Type Type
	// Versions lists the event versions that have the member, for example "V2_0"; nil means all.
	Versions []string
	// Sources lists the trigger sources whose requests can have a value in the member; nil means all. In the requests of
	// other sources it is absent, null or empty.
	Sources []string
	// Min and Max are the least and most characters of a string, or of each value of a TextMap; 0 means no limit.
	Min, Max int
	// Values lists the strings that Cognito accepts; nil means any.
	Values []string
	// Verifies names the user attribute that a true value marks as verified; "" for other members.
	Verifies string
	// NeedsSES reports whether Cognito refuses the member unless the pool sends its e-mail through Amazon SES.
	NeedsSES bool
	// Members lists the members of an object; nil if it can have any.
	Members []Member
}

// Absence says why the requests of a hook never have a member.
type Absence struct {
	Name   string // of the member
	Reason string // worded to follow the member's name
}

// Envelope returns the members that every event has, whatever its hook. The members of its request and its response
// are in the hook's contract.
func Envelope() []Member {
	return []Member{
		{Name: "version", Type: Text},
		{Name: "triggerSource", Type: Text},
		{Name: "region", Type: Text},
		{Name: "userPoolId", Type: Text},
		{Name: "userName", Type: Text}, // perhaps absent for machine clients
		{Name: "callerContext", Type: Object, Members: []Member{
			{Name: "awsSdkVersion", Type: Text}, // "awsSdk" in one of AWS's samples
			{Name: "awsSdk", Type: Text},
			{Name: "clientId", Type: Text}, // null if there is no app client
		}},
		{Name: "request", Type: Object},
		{Name: "response", Type: Object},
	}
}

// Find returns the member with the given name and reports whether there is one.
func Find(members []Member, name string) (Member, bool) {
	for i := range members {
		if members[i].Name == name {
			return members[i], true
		}
	}
	return Member{}, false
}

// ResponseMembers returns the members that the response to an event of the given version can have. The version is
// spelled as in events ("2") or as in LambdaConfig ("V2_0").
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

// RequestMembers returns the members that the request of an event of the given version can have. The version is spelled
// as for ResponseMembers.
func (c Contract) RequestMembers(version string) []Member {
	var members []Member
	for _, m := range c.Request {
		if m.In(version) {
			members = append(members, m)
		}
	}
	return members
}

// In reports whether events of the given version, "2" or "V2_0", have the member.
func (m Member) In(version string) bool {
	return m.Versions == nil || slices.ContainsFunc(m.Versions, func(own string) bool {
		return own == version || Number(own) == version
	})
}

// BlankResponse returns the response, as JSON, that an event of the given version arrives with; nil if it has none.
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

// Number returns the version number that events have for a version of LambdaConfig: "2" for "V2_0". Any other string is
// returned unchanged.
func Number(version string) string {
	if len(version) == len("V1_0") && version[0] == 'V' {
		return version[1:2]
	}
	return version
}
