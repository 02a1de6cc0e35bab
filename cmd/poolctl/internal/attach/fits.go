package attach

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"cognito-triggers/shared/cognito"
)

// fits returns an error if every call of the trigger would fail in this pool.
func fits(pool target, t Trigger) error {
	var mail struct{ EmailSendingAccount string }
	var tier string
	var addOns struct{ AdvancedSecurityMode string }
	if err := errors.Join(decode(pool.settings, "EmailConfiguration", &mail), decode(pool.settings, "UserPoolTier", &tier),
		decode(pool.settings, "UserPoolAddOns", &addOns)); err != nil {
		return err
	}
	legacySecurity := addOns.AdvancedSecurityMode == "AUDIT" || addOns.AdvancedSecurityMode == "ENFORCED"
	switch {
	case t.Hook == cognito.CustomMessage && mail.EmailSendingAccount != "DEVELOPER":
		return errors.New(
			"the pool sends e-mail through Cognito itself, which refuses the messages that this trigger writes: " +
				"let the pool send through Amazon SES first (EmailSendingAccount DEVELOPER with a verified identity), or leave " +
				"this trigger out with --trigger")
	case t.Hook == cognito.PreTokenGeneration && t.Version != t.Hook.Versions()[0] && tier == "LITE" && !legacySecurity:
		return fmt.Errorf(
			"events %s need the feature plan ESSENTIALS or PLUS, and the pool has LITE: change its plan, or set "+
				"event_version to V1_0 in function.json", t.Version)
	case t.Hook.Contract().NeedsKey && pool.triggers.Key() == "":
		return errors.New(
			"the pool has no KMS key for the codes (LambdaConfig.KMSKeyID), and Cognito refuses a sender without one: set " +
				"the key in the console or with Terraform first")
	}
	return nil
}

// find returns the ARN of a trigger's function, which must exist in the pool's Region, and what its role has to allow.
func (c Clients) find(ctx context.Context, pool target, t Trigger) (string, role, error) {
	name, qualifier := splitQualifier(t.Function)
	if qualifier == "" {
		qualifier = t.Alias
	}
	if given, err := arn.Parse(name); err == nil && given.Region != pool.region {
		return "", role{}, fmt.Errorf(
			"the function is in %s and the pool in %s: Cognito calls functions of its own Region only",
			given.Region, pool.region)
	}
	out, err := c.configuration(ctx, name, qualifier)
	if isCode(err, "ResourceNotFoundException") {
		if qualifier != "" {
			return "", role{}, fmt.Errorf("there is no function %s with the alias %s in %s: create both, "+
				"or say where they are with --function-arn, --function-prefix and --alias", name, qualifier, pool.region)
		}
		return "", role{}, fmt.Errorf("there is no function %s in %s: create it, "+
			"or say where it is with --function-arn or --function-prefix", name, pool.region)
	}
	if err != nil {
		return "", role{}, fmt.Errorf("looking for the function %s: %w", name, err)
	}
	found := aws.ToString(out.FunctionArn)
	if !arn.IsARN(found) {
		return "", role{}, fmt.Errorf("function %[2]s: Lambda returned %[1]q, which is not an ARN", found, name)
	}
	if qualifier != "" && !strings.HasSuffix(found, ":"+qualifier) {
		found += ":" + qualifier
	}
	needs, err := roleOf(t, out)
	return found, needs, err
}
