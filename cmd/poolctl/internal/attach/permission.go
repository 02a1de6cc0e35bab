package attach

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

const (
	cognitoService = "cognito-idp.amazonaws.com"
	invokeAction   = "lambda:InvokeFunction"
)

// permission lets one pool invoke one function. Without both conditions, any pool of any account could.
type permission struct {
	function, qualifier string
	poolARN, account    string
	id                  string // statement ID, stable so that attaching twice adds one statement
	replaces            bool   // a statement with this ID exists but differs
}

func newPermission(functionARN, poolID, poolARN, account string) permission {
	p := permission{poolARN: poolARN, account: account, id: "cognito-triggers-" + poolID}
	p.function, p.qualifier = splitQualifier(functionARN)
	return p
}

func (p permission) String() string {
	if p.qualifier == "" {
		return p.function
	}
	return p.function + ":" + p.qualifier
}

// statement is a policy statement as AddPermission writes it.
type statement struct {
	Sid, Effect, Action string
	Principal           struct{ Service string }
	Condition           map[string]map[string]string
}

// standing reports whether the function's policy has the statement, and whether the statement is right.
func (c Clients) standing(ctx context.Context, p permission) (there, right bool, err error) {
	out, err := c.Functions.GetPolicy(ctx,
		&lambda.GetPolicyInput{FunctionName: &p.function, Qualifier: optional(p.qualifier)})
	if isCode(err, "ResourceNotFoundException") { // no policy, or no function
		return false, false, nil
	}
	if err != nil {
		return false, false, fmt.Errorf("reading who may invoke %s: %w", p.function, err)
	}
	var policy struct{ Statement []json.RawMessage }
	if err := json.Unmarshal([]byte(aws.ToString(out.Policy)), &policy); err != nil {
		return false, false, fmt.Errorf("reading who may invoke %s: %w", p.function, err)
	}
	for _, raw := range policy.Statement {
		var named struct{ Sid string }
		if json.Unmarshal(raw, &named) != nil || named.Sid != p.id {
			continue
		}
		var s statement
		return true, json.Unmarshal(raw, &s) == nil && p.saidBy(s), nil
	}
	return false, false, nil
}

func (p permission) saidBy(s statement) bool {
	return reflect.DeepEqual(s, statement{
		Sid: p.id, Effect: "Allow", Action: invokeAction, Principal: s.Principal,
		Condition: map[string]map[string]string{
			"StringEquals": {"AWS:SourceAccount": p.account},
			"ArnLike":      {"AWS:SourceArn": p.poolARN},
		},
	}) && s.Principal.Service == cognitoService
}

func (c Clients) grant(ctx context.Context, p permission) error {
	if p.replaces {
		if err := c.revoke(ctx, p); err != nil {
			return err
		}
	}
	_, err := c.Functions.AddPermission(ctx, &lambda.AddPermissionInput{
		FunctionName: &p.function, Qualifier: optional(p.qualifier), StatementId: &p.id,
		Action: aws.String(invokeAction), Principal: aws.String(cognitoService),
		SourceArn: &p.poolARN, SourceAccount: &p.account,
	})
	if err != nil {
		return fmt.Errorf("letting the pool invoke %s: %w", p.function, err)
	}
	return nil
}

func (c Clients) revoke(ctx context.Context, p permission) error {
	_, err := c.Functions.RemovePermission(ctx,
		&lambda.RemovePermissionInput{FunctionName: &p.function, Qualifier: optional(p.qualifier), StatementId: &p.id})
	if err != nil && !isCode(err, "ResourceNotFoundException") {
		return fmt.Errorf("the statement %s of %s still lets the pool invoke it; remove it by hand: %w", p.id, p, err)
	}
	return nil
}

// ours returns the permissions on these functions that an earlier attach granted to this pool.
func (c Clients) ours(ctx context.Context, pool target, functions []string) ([]permission, error) {
	var found []permission
	for _, function := range functions {
		p := newPermission(function, pool.id, pool.arn, pool.account)
		there, _, err := c.standing(ctx, p)
		if isCode(err, "AccessDeniedException") { // another account's function, which attach cannot have attached
			continue
		}
		if err != nil {
			return nil, err
		}
		if there {
			found = append(found, p)
		}
	}
	return found, nil
}

func isOurs(ours []permission, function string) bool {
	name, qualifier := splitQualifier(function)
	return slices.ContainsFunc(ours, func(p permission) bool { return p.function == name && p.qualifier == qualifier })
}

// neededBy reports whether one of the triggers calls the function.
func (p permission) neededBy(triggers lambdas) bool {
	return slices.ContainsFunc(triggers.ARNs(), func(function string) bool { return isOurs([]permission{p}, function) })
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
