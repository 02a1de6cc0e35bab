package poolspec_test

import (
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/poolspec"
	"cognito-triggers/local/userpool"
	"cognito-triggers/local/userpool/poolclient"
)

// A local pool made from Terraform's settings tracks devices as the deployed one would.
func TestDeviceSettings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		settings string
		want     *types.DeviceConfigurationType // nil: no devices
	}{
		"none": {settings: `{}`},
		"null": {settings: `{"device_configuration": null}`},
		"the defaults": {settings: `{"device_configuration": {}}`,
			want: &types.DeviceConfigurationType{ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: true}},
		"all remembered": {
			settings: `{"device_configuration": {"challenge_required_on_new_device": false,
				"device_only_remembered_on_user_prompt": false}}`,
			want: &types.DeviceConfigurationType{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(userpool.Open(userpool.Options{}))
			t.Cleanup(server.Close)
			api := poolclient.New(server.URL, "eu-west-1")
			spec := specOf(t, c.settings)
			pool, err := spec.Create(t.Context(), api, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			shown, err := api.DescribeUserPool(t.Context(), &cip.DescribeUserPoolInput{UserPoolId: &pool.ID})
			if err != nil {
				t.Fatal(err)
			}
			got := shown.UserPool.DeviceConfiguration
			if (got == nil) != (c.want == nil) || got != nil && *got != *c.want {
				t.Errorf("settings %+v, want %+v", got, c.want)
			}
			if isNew := signsInWithADevice(t, api, pool); isNew != (c.want != nil) {
				t.Errorf("a sign-in makes a device: %t", isNew)
			}
		})
	}
}

// signsInWithADevice reports whether the sign-in of a new user makes a device.
func signsInWithADevice(t *testing.T, api *cip.Client, pool poolspec.Pool) bool {
	t.Helper()
	app, err := api.CreateUserPoolClient(t.Context(), &cip.CreateUserPoolClientInput{
		UserPoolId: &pool.ID, ClientName: aws.String("devices"),
		ExplicitAuthFlows: []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAllowUserPasswordAuth},
	})
	if err != nil {
		t.Fatal(err)
	}
	out := passwordSignIn(t, api, pool.ID, *app.UserPoolClient.ClientId)
	return out.AuthenticationResult != nil && out.AuthenticationResult.NewDeviceMetadata != nil
}
