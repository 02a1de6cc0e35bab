package events

// PreSignUpEvent asks whether a user may be created.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-sign-up.html
type PreSignUpEvent = Event[PreSignUpRequest, PreSignUpResponse]

// PreSignUpRequest describes the user to create.
type PreSignUpRequest struct {
	UserAttributes Attributes `json:"userAttributes"`           // a federated user has no sub yet
	ValidationData Attributes `json:"validationData"`           // untrusted; Cognito does not store it
	ClientMetadata Attributes `json:"clientMetadata,omitempty"` // untrusted
}

// UnmarshalJSON decodes leniently, as the package comment describes.
func (r *PreSignUpRequest) UnmarshalJSON(data []byte) error {
	*r = PreSignUpRequest{}
	return readRequest(data, place{"userAttributes", &r.UserAttributes},
		place{"validationData", &r.ValidationData}, place{"clientMetadata", &r.ClientMetadata})
}

// PreSignUpResponse holds the flags of the answer. Cognito ignores them for PreSignUp_AdminCreateUser.
type PreSignUpResponse struct {
	AutoConfirmUser *bool `json:"autoConfirmUser,omitempty"` // confirms the user at once
	AutoVerifyEmail *bool `json:"autoVerifyEmail,omitempty"` // fails the sign-up if there is no e-mail address
	AutoVerifyPhone *bool `json:"autoVerifyPhone,omitempty"` // fails the sign-up if there is no phone number
}

// PostConfirmationEvent reports that a user was confirmed, or has set a new password after forgetting the old one.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html
type PostConfirmationEvent = Event[PostConfirmationRequest, PostConfirmationResponse]

// PostConfirmationRequest describes the user.
type PostConfirmationRequest struct {
	UserAttributes Attributes `json:"userAttributes"`
	ClientMetadata Attributes `json:"clientMetadata,omitempty"` // untrusted
}

// UnmarshalJSON decodes leniently, as the package comment describes.
func (r *PostConfirmationRequest) UnmarshalJSON(data []byte) error {
	*r = PostConfirmationRequest{}
	return readRequest(data, place{"userAttributes", &r.UserAttributes}, place{"clientMetadata", &r.ClientMetadata})
}

// PostConfirmationResponse is empty: Cognito expects no answer.
type PostConfirmationResponse struct{}

// CustomMessageEvent asks for the text of a message.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html
type CustomMessageEvent = Event[CustomMessageRequest, CustomMessageResponse]

// CustomMessageRequest describes the recipient, and the placeholders that Cognito replaces in the trigger's texts.
type CustomMessageRequest struct {
	UserAttributes    Attributes  `json:"userAttributes"`
	CodeParameter     Placeholder `json:"codeParameter"`            // for the code or temporary password
	LinkParameter     Placeholder `json:"linkParameter"`            // only in pools that verify by link
	UsernameParameter Placeholder `json:"usernameParameter"`        // only for users that an administrator creates
	ClientMetadata    Attributes  `json:"clientMetadata,omitempty"` // untrusted
}

// UnmarshalJSON decodes leniently, as the package comment describes.
func (r *CustomMessageRequest) UnmarshalJSON(data []byte) error {
	*r = CustomMessageRequest{}
	return readRequest(data, place{"userAttributes", &r.UserAttributes}, place{"codeParameter", &r.CodeParameter},
		place{"usernameParameter", &r.UsernameParameter}, place{"linkParameter", &r.LinkParameter},
		place{"clientMetadata", &r.ClientMetadata})
}

// CustomMessageResponse holds the texts. An unset one keeps the pool's template. Cognito counts characters after it has
// inserted the code.
type CustomMessageResponse struct {
	SMSMessage   *string `json:"smsMessage,omitempty"`   // 6 to 140 characters
	EmailMessage *string `json:"emailMessage,omitempty"` // 6 to 20,000 characters; only if the pool sends through SES
	EmailSubject *string `json:"emailSubject,omitempty"` // 1 to 140 characters; only if the pool sends through SES
}

// Bool returns a pointer to b, for setting flags of a response.
func Bool(b bool) *bool { return &b }

// String returns a pointer to s, for setting texts of a response.
func String(s string) *string { return &s }

// True reports whether p points to true, for reading flags that an event may lack.
func True(p *bool) bool { return p != nil && *p }
