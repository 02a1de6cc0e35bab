package events

// PreSignUpEvent is Cognito's question whether a user may be created.
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-sign-up.html
type PreSignUpEvent = Event[PreSignUpRequest, PreSignUpResponse]

// PreSignUpRequest is the user to be.
type PreSignUpRequest struct {
	UserAttributes Attributes `json:"userAttributes"`           // a federated user has no sub yet
	ValidationData Attributes `json:"validationData"`           // caller input, not stored by Cognito
	ClientMetadata Attributes `json:"clientMetadata,omitempty"` // caller input
}

// UnmarshalJSON reads every member leniently.
func (r *PreSignUpRequest) UnmarshalJSON(data []byte) error {
	*r = PreSignUpRequest{}
	return readRequest(data, place{"userAttributes", &r.UserAttributes},
		place{"validationData", &r.ValidationData}, place{"clientMetadata", &r.ClientMetadata})
}

// PreSignUpResponse holds the flags of the answer; PreSignUp_AdminCreateUser ignores them.
type PreSignUpResponse struct {
	AutoConfirmUser *bool `json:"autoConfirmUser,omitempty"` // the user becomes CONFIRMED at once
	AutoVerifyEmail *bool `json:"autoVerifyEmail,omitempty"` // fails the sign-up of a user without e-mail address
	AutoVerifyPhone *bool `json:"autoVerifyPhone,omitempty"` // fails the sign-up of a user without phone number
}

// PostConfirmationEvent says that a user was confirmed, or has confirmed a new password.
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html
type PostConfirmationEvent = Event[PostConfirmationRequest, PostConfirmationResponse]

// PostConfirmationRequest is the confirmed user.
type PostConfirmationRequest struct {
	UserAttributes Attributes `json:"userAttributes"`
	ClientMetadata Attributes `json:"clientMetadata,omitempty"` // caller input
}

// UnmarshalJSON reads every member leniently.
func (r *PostConfirmationRequest) UnmarshalJSON(data []byte) error {
	*r = PostConfirmationRequest{}
	return readRequest(data, place{"userAttributes", &r.UserAttributes}, place{"clientMetadata", &r.ClientMetadata})
}

// PostConfirmationResponse is empty: Cognito takes no answer here.
type PostConfirmationResponse struct{}

// CustomMessageEvent is Cognito's question how a message should read.
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html
type CustomMessageEvent = Event[CustomMessageRequest, CustomMessageResponse]

// CustomMessageRequest is the recipient and the placeholders that Cognito replaces after the trigger.
type CustomMessageRequest struct {
	UserAttributes    Attributes  `json:"userAttributes"`
	CodeParameter     Placeholder `json:"codeParameter"`            // stands for the code, or for the temporary password
	LinkParameter     Placeholder `json:"linkParameter"`            // only in pools that verify by link
	UsernameParameter Placeholder `json:"usernameParameter"`        // only for users that an administrator creates
	ClientMetadata    Attributes  `json:"clientMetadata,omitempty"` // caller input
}

// UnmarshalJSON reads every member leniently.
func (r *CustomMessageRequest) UnmarshalJSON(data []byte) error {
	*r = CustomMessageRequest{}
	return readRequest(data, place{"userAttributes", &r.UserAttributes}, place{"codeParameter", &r.CodeParameter},
		place{"usernameParameter", &r.UsernameParameter}, place{"linkParameter", &r.LinkParameter},
		place{"clientMetadata", &r.ClientMetadata})
}

// CustomMessageResponse holds the texts; an unset one keeps the pool's template. Cognito counts lengths after it
// inserted the code.
type CustomMessageResponse struct {
	SMSMessage   *string `json:"smsMessage,omitempty"`   // 6 to 140 characters
	EmailMessage *string `json:"emailMessage,omitempty"` // 6 to 20,000 characters; only where the pool sends through SES
	EmailSubject *string `json:"emailSubject,omitempty"` // 1 to 140 characters; only where the pool sends through SES
}

// Bool returns a pointer to b, for the flags of a response.
func Bool(b bool) *bool { return &b }

// String returns a pointer to s, for the texts of a response.
func String(s string) *string { return &s }

// True reports whether p points to true, for flags that an event may lack.
func True(p *bool) bool { return p != nil && *p }
