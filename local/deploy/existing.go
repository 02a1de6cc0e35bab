package deploy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/cognito/sdkconfig"
)

// existing is the example of a pool that somebody else owns. Only its triggers may change, and destroy must restore
// them.
type existing struct {
	example
	poolID, clientID string
	before           description
}

// description is DescribeUserPool's pool, member by member.
type description map[string]json.RawMessage

func (e *existing) prepare(ctx context.Context, tf *terraform, o Options) error {
	var triggers cognito.LambdaConfig
	triggers.Set(cognito.PreAuthentication, cognito.Function{ARN: e.s.ARN("theirs")})
	lambdas, err := sdkconfig.To(triggers)
	if err != nil {
		return err
	}
	made, err := e.s.Cognito.CreateUserPool(ctx, theirs(lambdas))
	if err != nil {
		return fmt.Errorf("create somebody else's pool: %w", err)
	}
	e.poolID = *made.UserPool.Id
	_, err = e.s.Cognito.SetUserPoolMfaConfig(ctx, &cip.SetUserPoolMfaConfigInput{
		UserPoolId: &e.poolID, MfaConfiguration: types.UserPoolMfaTypeOptional,
		SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true},
	})
	if err != nil {
		return fmt.Errorf("enable MFA: %w", err)
	}
	client, err := e.s.Cognito.CreateUserPoolClient(ctx, &cip.CreateUserPoolClientInput{
		UserPoolId: &e.poolID,
		ClientName: aws.String("theirs"),
	})
	if err != nil {
		return fmt.Errorf("create an app client: %w", err)
	}
	e.clientID = *client.UserPoolClient.ClientId
	if e.before, err = e.describe(ctx); err != nil {
		return err
	}
	e.variables = map[string]any{"user_pool_id": e.poolID}
	return e.example.prepare(ctx, tf, o)
}

// theirs returns a pool with its own triggers and many non-default settings that an update could lose.
func theirs(lambdas *types.LambdaConfigType) *cip.CreateUserPoolInput {
	return &cip.CreateUserPoolInput{
		PoolName: aws.String("Somebody else's <people> & é"), UserPoolTier: types.UserPoolTierTypePlus,
		DeletionProtection:     types.DeletionProtectionTypeInactive,
		AutoVerifiedAttributes: []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail},
		UsernameAttributes:     []types.UsernameAttributeType{types.UsernameAttributeTypeEmail},
		UsernameConfiguration:  &types.UsernameConfigurationType{CaseSensitive: aws.Bool(true)},
		UserPoolTags:           map[string]string{"team": "identity", "cost centre": "7 & 8"},
		Policies: &types.UserPoolPolicyType{PasswordPolicy: &types.PasswordPolicyType{
			MinimumLength: aws.Int32(17), RequireLowercase: true, TemporaryPasswordValidityDays: 3,
			PasswordHistorySize: aws.Int32(5),
		}},
		AdminCreateUserConfig: &types.AdminCreateUserConfigType{InviteMessageTemplate: &types.MessageTemplateType{
			EmailMessage: aws.String("Hello {username}, {####}"), EmailSubject: aws.String("Welcome \\ \"you\""),
			SMSMessage: aws.String("{username} {####}"),
		}},
		VerificationMessageTemplate: &types.VerificationMessageTemplateType{
			DefaultEmailOption: types.DefaultEmailOptionTypeConfirmWithLink, EmailMessageByLink: aws.String("{##here##}"),
			EmailSubjectByLink: aws.String("가나 😀"),
		},
		DeviceConfiguration: &types.DeviceConfigurationType{ChallengeRequiredOnNewDevice: true},
		UserAttributeUpdateSettings: &types.UserAttributeUpdateSettingsType{
			AttributesRequireVerificationBeforeUpdate: []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail},
		},
		UserPoolAddOns: &types.UserPoolAddOnsType{AdvancedSecurityMode: types.AdvancedSecurityModeTypeAudit},
		AccountRecoverySetting: &types.AccountRecoverySettingType{
			RecoveryMechanisms: []types.RecoveryOptionType{{
				Name:     types.RecoveryOptionNameTypeAdminOnly,
				Priority: aws.Int32(1),
			}},
		},
		Schema: []types.SchemaAttributeType{{
			Name:              aws.String("tenant"),
			AttributeDataType: types.AttributeDataTypeString,
			Mutable:           aws.Bool(true),
		}},
		LambdaConfig: lambdas,
	}
}

func (e *existing) describe(ctx context.Context) (description, error) {
	all := description{}
	for _, operation := range []string{"DescribeUserPool", "GetUserPoolMfaConfig"} {
		l := listing{
			service: "cognito-idp",
			target:  "AWSCognitoIdentityProviderService." + operation,
			body:    `{"UserPoolId":"` + e.poolID + `"}`,
		}
		answer, err := l.call(ctx, e.s.Endpoint, e.s.Region)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", operation, err)
		}
		var members description
		if err := json.Unmarshal(answer, &members); err != nil {
			return nil, fmt.Errorf("%s: %w", operation, err)
		}
		if pool, ok := members["UserPool"]; ok {
			if err := json.Unmarshal(pool, &members); err != nil {
				return nil, err
			}
			delete(members, "UserPool")
		}
		delete(members, "LastModifiedDate")
		maps.Copy(all, members)
	}
	return all, nil
}

// differing returns the members whose bytes differ.
func (before description) differing(after description) []string {
	var names []string
	for name := range maps.Keys(union(before, after)) {
		if string(before[name]) != string(after[name]) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func union(a, b description) description {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

func (e *existing) use(ctx context.Context, tf *terraform, o Options) error {
	after, err := e.describe(ctx)
	if err != nil {
		return err
	}
	if differ := e.before.differing(after); !slices.Equal(differ, []string{"LambdaConfig"}) {
		return fmt.Errorf("apply changed %s of the pool, want only LambdaConfig", strings.Join(differ, ", "))
	}
	if err := keptTheirs(e.before["LambdaConfig"], after["LambdaConfig"]); err != nil {
		return err
	}
	fmt.Fprintf(o.Out,
		"Of the pool's %d settings only LambdaConfig changed, and the pool's own triggers are still in it.\n", len(after))
	if err := refused(ctx, e.s, e.clientID, o); err != nil {
		return err
	}
	return e.switchOff(ctx, tf, o)
}

// switchOff disables one trigger: the pool must be updated before the function is deleted.
func (e *existing) switchOff(ctx context.Context, tf *terraform, o Options) error {
	if err := e.override(tf, o, map[string]any{"post-confirmation": map[string]bool{"enabled": false}}); err != nil {
		return err
	}
	out, err := tf.output(ctx, "apply", "-auto-approve")
	if err != nil {
		return err
	}
	attached := bytes.Index(out, []byte("terraform_data.attached: Creation complete"))
	deleted := bytes.Index(out, []byte(`module.function["post-confirmation"].aws_lambda_function.this: Destroying`))
	if attached < 0 || deleted < attached {
		return errors.New("the disabled trigger's function was deleted before the pool stopped calling it")
	}
	after, err := e.describe(ctx)
	if err != nil {
		return err
	}
	var now cognito.LambdaConfig
	if err := json.Unmarshal(after["LambdaConfig"], &now); err != nil {
		return fmt.Errorf("LambdaConfig: %w", err)
	}
	_, there := now.Function(cognito.PostConfirmation)
	if _, other := now.Function(cognito.PreSignUp); there || !other {
		return fmt.Errorf("with post-confirmation disabled, LambdaConfig is %s", after["LambdaConfig"])
	}
	fmt.Fprintln(o.Out, "Disabling a trigger detaches its function before deleting it.")
	return keptTheirs(e.before["LambdaConfig"], after["LambdaConfig"])
}

// keptTheirs checks that after has every trigger of before.
func keptTheirs(before, after json.RawMessage) error {
	var old, now map[string]any
	if err := errors.Join(json.Unmarshal(before, &old), json.Unmarshal(after, &now)); err != nil {
		return fmt.Errorf("LambdaConfig: %w", err)
	}
	for hook, function := range old {
		if !reflect.DeepEqual(now[hook], function) {
			return fmt.Errorf("LambdaConfig.%s was %v and is %v", hook, function, now[hook])
		}
	}
	return nil
}

func (e *existing) destroyed(ctx context.Context, o Options) error {
	after, err := e.describe(ctx)
	if err != nil {
		return err
	}
	if differ := e.before.differing(after); len(differ) > 0 {
		return fmt.Errorf("destroy left %s of the pool changed", strings.Join(differ, ", "))
	}
	fmt.Fprintln(o.Out, "The pool is unchanged, byte for byte.")
	_, err = e.s.Cognito.DeleteUserPool(ctx, &cip.DeleteUserPoolInput{UserPoolId: &e.poolID})
	return err
}
