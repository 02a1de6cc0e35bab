package userpool

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Boolean attributes are taken in any case, and count as true everywhere: as an alias, for account recovery, against a
// code for a new address, in tokens and in events.
func TestBooleanAttributes(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"true", "True", "TRUE"} {
		t.Run(value, func(t *testing.T) {
			t.Parallel()
			w := start(t, setup{pool: func(in *cip.CreateUserPoolInput) {
				in.UsernameAttributes, in.AliasAttributes = nil, []types.AliasAttributeType{"email"}
				in.Schema = append(in.Schema, types.SchemaAttributeType{
					Name: aws.String("vip"), AttributeDataType: types.AttributeDataTypeBoolean, Mutable: aws.Bool(true),
				})
			}})
			s := &stage{world: w}
			name := aws.String("ines")
			_, err := w.AdminCreateUser(t.Context(), &cip.AdminCreateUserInput{
				UserPoolId: w.pool, Username: name, MessageAction: "SUPPRESS", UserAttributes: []types.AttributeType{
					{Name: aws.String("email"), Value: aws.String(ines)},
					{Name: aws.String("email_verified"), Value: &value}, {Name: aws.String("custom:vip"), Value: &value},
				},
			})
			s.must(err)
			_, err = w.AdminSetUserPassword(t.Context(), &cip.AdminSetUserPasswordInput{
				UserPoolId: w.pool, Username: name, Password: aws.String(password), Permanent: true,
			})
			s.must(err)
			w.functions.take()
			out, err := w.withPassword(ines, password) // by alias
			s.must(err)
			if id := w.claims(out.AuthenticationResult.IdToken); id["email_verified"] != true || id["custom:vip"] != value {
				t.Errorf("id = %v", id)
			}
			given, _ := w.functions.take()[0].Request["userAttributes"].(map[string]any)
			if given["cognito:email_alias"] != ines || given["email_verified"] != value {
				t.Errorf("pre authentication has %v", given)
			}
			forgotten, err := w.ForgotPassword(t.Context(), &cip.ForgotPasswordInput{ClientId: w.clientID, Username: name})
			s.must(err)
			if aws.ToString(forgotten.CodeDeliveryDetails.AttributeName) != "email" {
				t.Errorf("the code went to %v", forgotten.CodeDeliveryDetails)
			}
			sent := len(w.server.Inbox().Messages(0))
			update := func(address, verified string) error {
				_, err := w.AdminUpdateUserAttributes(t.Context(), &cip.AdminUpdateUserAttributesInput{
					UserPoolId: w.pool, Username: name, UserAttributes: []types.AttributeType{
						{Name: aws.String("email"), Value: &address}, {Name: aws.String("email_verified"), Value: &verified},
					},
				})
				return err
			}
			s.must(update("ines@elsewhere.org", value))
			if now := len(w.server.Inbox().Messages(0)); now != sent {
				t.Errorf("%d messages for an address that the administrator verified", now-sent)
			}
			wantMessage(t, update("ines@elsewhere.org", "yes"), "InvalidParameterException",
				"Attributes did not conform to the schema: email_verified: is not a boolean\n")
		})
	}
}
