package events

// UserMigrationEvent asks for a user who is not in the pool, at sign-in or when the password was forgotten.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-migrate-user.html
type UserMigrationEvent = Event[UserMigrationRequest, UserMigrationResponse]

// UserMigrationRequest holds the password that the user typed: never log it. The name is the event's UserName.
type UserMigrationRequest struct {
	Password       string     `json:"password,omitempty"`       // "" if the user forgot it
	ValidationData Attributes `json:"validationData"`           // untrusted, ClientMetadata of InitiateAuth, or nil
	ClientMetadata Attributes `json:"clientMetadata,omitempty"` // untrusted, from ForgotPassword
	UserAttributes Attributes `json:"userAttributes"`           // nil, since the user does not exist yet
}

// UnmarshalJSON decodes leniently, as the package comment describes.
func (r *UserMigrationRequest) UnmarshalJSON(data []byte) error {
	*r = UserMigrationRequest{}
	return readRequest(data, place{"password", (*word)(&r.Password)}, place{"validationData", &r.ValidationData},
		place{"clientMetadata", &r.ClientMetadata}, place{"userAttributes", &r.UserAttributes})
}

// Values of a UserMigrationResponse.
const (
	UserConfirmed     = "CONFIRMED"      // FinalUserStatus: the user keeps the password of the request
	UserResetRequired = "RESET_REQUIRED" // FinalUserStatus, the default: the user must reset the password
	SuppressMessage   = "SUPPRESS"       // MessageAction: no welcome message
	MediumEmail       = "EMAIL"          // DesiredDeliveryMediums
	MediumSMS         = "SMS"            // DesiredDeliveryMediums, the default
)

// UserMigrationResponse describes the user to create. Leave UserAttributes empty if the user does not exist; return an
// error if the password is wrong.
type UserMigrationResponse struct {
	UserAttributes         map[string]string `json:"userAttributes,omitempty"` // "username" replaces the typed name
	FinalUserStatus        string            `json:"finalUserStatus,omitempty"`
	MessageAction          string            `json:"messageAction,omitempty"`
	DesiredDeliveryMediums []string          `json:"desiredDeliveryMediums,omitempty"`
	ForceAliasCreation     *bool             `json:"forceAliasCreation,omitempty"` // moves an alias that another user has
	EnableSMSMFA           *bool             `json:"enableSMSMFA,omitempty"`
}
