package userpool

import "testing"

func TestRotationSettings(t *testing.T) {
	d := startDirect(t, nil, nil)
	for words, rotation := range map[string]object{
		"retryGracePeriodSeconds": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 61}, "feature": {"Feature": "ON"},
	} {
		d.fails("CreateUserPoolClient", object{"ClientName": "c", "ExplicitAuthFlows": []string{"ALLOW_USER_SRP_AUTH"},
			"RefreshTokenRotation": rotation}, "InvalidParameterException", words)
	}
}
