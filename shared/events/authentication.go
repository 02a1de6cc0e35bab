package events

// PreAuthenticationEvent asks whether a user may sign in.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-authentication.html
type PreAuthenticationEvent = Event[PreAuthenticationRequest, PreAuthenticationResponse]

// PreAuthenticationRequest describes the user who signs in.
type PreAuthenticationRequest struct {
	UserAttributes Attributes `json:"userAttributes"`
	ValidationData Attributes `json:"validationData"` // untrusted, ClientMetadata of InitiateAuth
	// UserNotFound reports whether Cognito made the user up, to conceal that the user does not exist. It is nil unless the
	// app client has PreventUserExistenceErrors enabled.
	UserNotFound *bool `json:"userNotFound,omitempty"`
}

// UnmarshalJSON decodes leniently, as the package comment describes.
func (r *PreAuthenticationRequest) UnmarshalJSON(data []byte) error {
	*r = PreAuthenticationRequest{}
	return readRequest(data, place{"userAttributes", &r.UserAttributes}, place{"validationData", &r.ValidationData},
		place{"userNotFound", flag{&r.UserNotFound}})
}

// PreAuthenticationResponse is empty: a trigger returns an error to refuse the sign-in.
type PreAuthenticationResponse struct{}

// PostAuthenticationEvent reports that a user has signed in. An error from the trigger still fails the sign-in.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-authentication.html
type PostAuthenticationEvent = Event[PostAuthenticationRequest, PostAuthenticationResponse]

// PostAuthenticationRequest describes the user who has signed in.
type PostAuthenticationRequest struct {
	UserAttributes Attributes `json:"userAttributes"`
	NewDeviceUsed  bool       `json:"newDeviceUsed"` // only set in pools that remember devices
	// ClientMetadata is untrusted. It is the ClientMetadata of RespondToAuthChallenge, never that of InitiateAuth.
	ClientMetadata Attributes `json:"clientMetadata,omitempty"`
}

// UnmarshalJSON decodes leniently, as the package comment describes.
func (r *PostAuthenticationRequest) UnmarshalJSON(data []byte) error {
	*r = PostAuthenticationRequest{}
	return readRequest(data, place{"userAttributes", &r.UserAttributes},
		place{"newDeviceUsed", (*truth)(&r.NewDeviceUsed)}, place{"clientMetadata", &r.ClientMetadata})
}

// PostAuthenticationResponse is empty: Cognito expects no answer.
type PostAuthenticationResponse struct{}
