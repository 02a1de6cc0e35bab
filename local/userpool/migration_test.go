package userpool

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/smithy-go"
)

// The pool's password policy does not apply to a password that the trigger has found right.
func TestMigrationIgnoresThePolicy(t *testing.T) {
	w := start(t, setup{})
	w.functions.on("UserMigration_Authentication", func(map[string]any) (any, error) {
		return map[string]any{"userAttributes": map[string]string{"email_verified": "true"}, "finalUserStatus": "CONFIRMED",
			"messageAction": "SUPPRESS"}, nil
	})
	for range 2 { // once migrated, once a user of the pool
		if _, err := w.withPassword(ines, "weak"); err != nil {
			t.Fatal(err)
		}
	}
}

// With existence errors hidden, whoever is refused by the trigger gets what a user gets who types a wrong password, and
// for a forgotten password what everybody gets.
func TestRefusedMigrationTellsNothing(t *testing.T) {
	w := start(t, setup{client: func(in *cip.CreateUserPoolClientInput) { in.PreventUserExistenceErrors = "ENABLED" }})
	w.confirmed(ines)
	for _, source := range []string{"UserMigration_Authentication", "UserMigration_ForgotPassword"} {
		w.functions.on(source, func(map[string]any) (any, error) { return nil, errors.New("No") })
	}
	texts := map[string]bool{}
	for _, name := range []string{ines, "nobody@example.org"} {
		_, err := w.withPassword(name, "Wrong-one-7")
		var refused smithy.APIError
		if !errors.As(err, &refused) {
			t.Fatal(err)
		}
		texts[refused.ErrorCode()+": "+refused.ErrorMessage()] = true
	}
	if len(texts) != 1 || !texts["NotAuthorizedException: Incorrect username or password."] {
		t.Errorf("texts %v", texts)
	}
	out, err := w.ForgotPassword(t.Context(),
		&cip.ForgotPasswordInput{ClientId: w.clientID, Username: aws.String("nobody@example.org")})
	if err != nil || out.CodeDeliveryDetails == nil {
		t.Errorf("%v, error %v", out, err)
	}
}
