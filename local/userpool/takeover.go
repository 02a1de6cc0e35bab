package userpool

import (
	"time"

	"github.com/google/uuid"
)

// takeOver adds what the attributes of CustomEmailSender_AccountTakeOverNotification have besides the user's, as an
// event on AWS was seen with. The links lead nowhere: the local pool has no threat protection.
func takeOver(attributes map[string]string, userName string, at time.Time) {
	const link = "https://example.com/feedback?token="
	for name, value := range map[string]string{
		"EVENT_ID": uuid.NewString(), "USER_NAME": userName, "IP_ADDRESS": "192.0.2.1", "CITY": "Seoul", "COUNTRY": "KR",
		"DEVICE_NAME": "Firefox, Linux", "ACCOUNT_TAKE_OVER_ACTION": "NO_ACTION",
		"LOGIN_TIME": at.UTC().Format("2006-01-02T15:04:05.000Z"), "FEEDBACK_TOKEN": uuid.NewString(),
		"ONE_CLICK_LINK_VALID": link + "valid", "ONE_CLICK_LINK_INVALID": link + "invalid",
	} {
		attributes[name] = value
	}
}
