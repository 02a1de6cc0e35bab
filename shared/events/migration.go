package events

// UserMigrationEvent is Cognito's question about a user who is not in the pool.
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-migrate-user.html
type UserMigrationEvent = Event[UserMigrationRequest, UserMigrationResponse]

// UserMigrationRequest is what the user typed; the event's UserName is the name. Never log it.
type UserMigrationRequest struct {
	Password       string     `json:"password,omitempty"`       // "" for a forgotten one
	ValidationData Attributes `json:"validationData,omitempty"` // caller input: ClientMetadata of InitiateAuth
	ClientMetadata Attributes `json:"clientMetadata,omitempty"` // caller input: that of ForgotPassword
	UserAttributes Attributes `json:"userAttributes"`           // nil, since there is no user yet
}

// UnmarshalJSON reads every member leniently.
func (r *UserMigrationRequest) UnmarshalJSON(data []byte) error {
	*r = UserMigrationRequest{}
	return readRequest(data, place{"password", (*word)(&r.Password)}, place{"validationData", &r.ValidationData},
		place{"clientMetadata", &r.ClientMetadata}, place{"userAttributes", &r.UserAttributes})
}

// What a migration's answer can say.
const (
	UserConfirmed     = "CONFIRMED"      // FinalUserStatus: the user signs in with the password of the request
	UserResetRequired = "RESET_REQUIRED" // FinalUserStatus, and what an unset one has the effect of
	SuppressMessage   = "SUPPRESS"       // MessageAction: no welcome message
	MediumEmail       = "EMAIL"          // DesiredDeliveryMediums
	MediumSMS         = "SMS"            // DesiredDeliveryMediums, and the default
)

// UserMigrationResponse is the user to be. Without attributes there is none, and a wrong password must be an error.
type UserMigrationResponse struct {
	UserAttributes         map[string]string `json:"userAttributes,omitempty"` // "username": if not the typed name
	FinalUserStatus        string            `json:"finalUserStatus,omitempty"`
	MessageAction          string            `json:"messageAction,omitempty"`
	DesiredDeliveryMediums []string          `json:"desiredDeliveryMediums,omitempty"`
	ForceAliasCreation     *bool             `json:"forceAliasCreation,omitempty"` // takes an alias from its owner
	EnableSMSMFA           *bool             `json:"enableSMSMFA,omitempty"`
}
