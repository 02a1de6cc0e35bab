package events

import "encoding/json"

// CustomEmailSenderEvent hands a message over: Cognito sends no e-mail itself. It is called asynchronously and reads no
// answer.
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-email-sender.html
type CustomEmailSenderEvent = Event[CustomEmailSenderRequest, CustomEmailSenderResponse]

// CustomEmailSenderRequest is the recipient and the encrypted code.
type CustomEmailSenderRequest struct {
	Type string // "customEmailSenderRequestV1"
	// Code is standard base64 of an AWS Encryption SDK message: the code, or the temporary password. It is "" where there
	// is none: a notice of CustomEmailSender_AccountTakeOverNotification.
	Code           string
	ClientMetadata Attributes // caller input
	UserAttributes Attributes
}

// UnmarshalJSON reads every member leniently.
func (r *CustomEmailSenderRequest) UnmarshalJSON(data []byte) error {
	var s senderRequest
	err := s.UnmarshalJSON(data)
	*r = CustomEmailSenderRequest(s)
	return err
}

// MarshalJSON writes what is not there as null.
func (r CustomEmailSenderRequest) MarshalJSON() ([]byte, error) {
	return senderRequest(r).MarshalJSON()
}

// CustomEmailSenderResponse is empty: nobody reads it.
type CustomEmailSenderResponse struct{}

// CustomSMSSenderEvent hands a message over: Cognito sends no SMS itself. It is called asynchronously and reads no
// answer.
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-sms-sender.html
type CustomSMSSenderEvent = Event[CustomSMSSenderRequest, CustomSMSSenderResponse]

// CustomSMSSenderRequest is the recipient, by the attribute phone_number, and the encrypted code.
type CustomSMSSenderRequest struct {
	Type           string     // "customSMSSenderRequestV1"
	Code           string     // as that of CustomEmailSenderRequest
	ClientMetadata Attributes // caller input
	UserAttributes Attributes
}

// UnmarshalJSON reads every member leniently.
func (r *CustomSMSSenderRequest) UnmarshalJSON(data []byte) error {
	var s senderRequest
	err := s.UnmarshalJSON(data)
	*r = CustomSMSSenderRequest(s)
	return err
}

// MarshalJSON writes what is not there as null.
func (r CustomSMSSenderRequest) MarshalJSON() ([]byte, error) { return senderRequest(r).MarshalJSON() }

// CustomSMSSenderResponse is empty: nobody reads it.
type CustomSMSSenderResponse struct{}

type senderRequest struct {
	Type, Code                     string
	ClientMetadata, UserAttributes Attributes
}

func (r *senderRequest) UnmarshalJSON(data []byte) error {
	*r = senderRequest{}
	return readRequest(data, place{"type", (*word)(&r.Type)}, place{"code", (*word)(&r.Code)},
		place{"clientMetadata", &r.ClientMetadata}, place{"userAttributes", &r.UserAttributes})
}

func (r senderRequest) MarshalJSON() ([]byte, error) {
	var code *string
	if r.Code != "" {
		code = &r.Code
	}
	return json.Marshal(struct {
		Type           string     `json:"type"`
		Code           *string    `json:"code"`
		ClientMetadata Attributes `json:"clientMetadata"`
		UserAttributes Attributes `json:"userAttributes"`
	}{r.Type, code, r.ClientMetadata, r.UserAttributes})
}
