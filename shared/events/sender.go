package events

import "encoding/json"

// CustomEmailSenderEvent asks the trigger to send an e-mail in place of Cognito. Cognito calls the trigger
// asynchronously and does not read its answer.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-email-sender.html
type CustomEmailSenderEvent = Event[CustomEmailSenderRequest, CustomEmailSenderResponse]

// CustomEmailSenderRequest holds the recipient's attributes and the encrypted code.
type CustomEmailSenderRequest struct {
	Type string // "customEmailSenderRequestV1"
	// Code is the code or temporary password as an AWS Encryption SDK message in standard base64. It is "" for
	// CustomEmailSender_AccountTakeOverNotification, which has no code.
	Code           string
	ClientMetadata Attributes // untrusted
	UserAttributes Attributes
}

// UnmarshalJSON decodes leniently, as the package comment describes.
func (r *CustomEmailSenderRequest) UnmarshalJSON(data []byte) error {
	var s senderRequest
	err := s.UnmarshalJSON(data)
	*r = CustomEmailSenderRequest(s)
	return err
}

// MarshalJSON encodes an empty code as null, as Cognito does.
func (r CustomEmailSenderRequest) MarshalJSON() ([]byte, error) {
	return senderRequest(r).MarshalJSON()
}

// CustomEmailSenderResponse is empty: Cognito does not read it.
type CustomEmailSenderResponse struct{}

// CustomSMSSenderEvent asks the trigger to send an SMS in place of Cognito. Cognito calls the trigger asynchronously
// and does not read its answer.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-sms-sender.html
type CustomSMSSenderEvent = Event[CustomSMSSenderRequest, CustomSMSSenderResponse]

// CustomSMSSenderRequest holds the recipient's attributes, with phone_number, and the encrypted code.
type CustomSMSSenderRequest struct {
	Type           string     // "customSMSSenderRequestV1"
	Code           string     // like Code of CustomEmailSenderRequest
	ClientMetadata Attributes // untrusted
	UserAttributes Attributes
}

// UnmarshalJSON decodes leniently, as the package comment describes.
func (r *CustomSMSSenderRequest) UnmarshalJSON(data []byte) error {
	var s senderRequest
	err := s.UnmarshalJSON(data)
	*r = CustomSMSSenderRequest(s)
	return err
}

// MarshalJSON encodes an empty code as null, as Cognito does.
func (r CustomSMSSenderRequest) MarshalJSON() ([]byte, error) { return senderRequest(r).MarshalJSON() }

// CustomSMSSenderResponse is empty: Cognito does not read it.
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
