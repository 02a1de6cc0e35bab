package events

// PreAuthenticationEvent is Cognito's question whether a user may sign in.
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-authentication.html
type PreAuthenticationEvent = Event[PreAuthenticationRequest, PreAuthenticationResponse]

// PreAuthenticationRequest is the user who signs in.
type PreAuthenticationRequest struct {
	UserAttributes Attributes `json:"userAttributes"`
	ValidationData Attributes `json:"validationData"` // caller input: ClientMetadata of InitiateAuth and AdminInitiateAuth
	// UserNotFound is true for a made-up user, and nil unless the app client conceals which users exist.
	UserNotFound *bool `json:"userNotFound,omitempty"`
}

// UnmarshalJSON reads every member leniently.
func (r *PreAuthenticationRequest) UnmarshalJSON(data []byte) error {
	*r = PreAuthenticationRequest{}
	return readRequest(data, place{"userAttributes", &r.UserAttributes}, place{"validationData", &r.ValidationData},
		place{"userNotFound", flag{&r.UserNotFound}})
}

// PreAuthenticationResponse is empty: a trigger refuses with an error, or lets the user in.
type PreAuthenticationResponse struct{}

// PostAuthenticationEvent says that a user has signed in; an error still denies the sign-in.
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-authentication.html
type PostAuthenticationEvent = Event[PostAuthenticationRequest, PostAuthenticationResponse]

// PostAuthenticationRequest is the user who has signed in.
type PostAuthenticationRequest struct {
	UserAttributes Attributes `json:"userAttributes"`
	NewDeviceUsed  bool       `json:"newDeviceUsed"` // only in pools that remember devices
	// ClientMetadata is caller input: that of RespondToAuthChallenge, never that of InitiateAuth.
	ClientMetadata Attributes `json:"clientMetadata,omitempty"`
}

// UnmarshalJSON reads every member leniently.
func (r *PostAuthenticationRequest) UnmarshalJSON(data []byte) error {
	*r = PostAuthenticationRequest{}
	return readRequest(data, place{"userAttributes", &r.UserAttributes},
		place{"newDeviceUsed", (*truth)(&r.NewDeviceUsed)}, place{"clientMetadata", &r.ClientMetadata})
}

// PostAuthenticationResponse is empty: Cognito takes no answer here.
type PostAuthenticationResponse struct{}
