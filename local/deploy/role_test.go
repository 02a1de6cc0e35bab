package deploy

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"cognito-triggers/local/loopback"
)

// applyingRole is the policy of the role that applies the root module, with placeholders; terraform/README.md explains
// it.
const applyingRole = "applying-role.json"

// maxPolicy is how many characters IAM allows for a managed policy, white space aside.
const maxPolicy = 6144

// actionsByType are the actions that the provider needs to create, read, change and delete a resource, or to read data,
// by what its type begins with; the longest beginning counts. From the provider's sources and AWS's service
// authorization reference.
var actionsByType = map[string]string{
	"aws_api_gateway_":    "apigateway:DELETE apigateway:GET apigateway:PATCH apigateway:POST apigateway:PUT",
	"aws_apigatewayv2_":   "apigateway:DELETE apigateway:GET apigateway:PATCH apigateway:POST",
	"aws_caller_identity": "sts:GetCallerIdentity",
	"aws_partition":       "", "aws_region": "",
	"aws_cloudcontrolapi_resource": "cloudformation:GetResource",
	"aws_cloudwatch_dashboard":     "cloudwatch:DeleteDashboards cloudwatch:GetDashboard cloudwatch:PutDashboard",
	"aws_cloudwatch_log_group": "logs:CreateLogGroup logs:DeleteLogGroup logs:DescribeLogGroups " +
		"logs:ListTagsForResource logs:PutRetentionPolicy logs:TagResource logs:AssociateKmsKey " +
		"logs:DisassociateKmsKey logs:DeleteRetentionPolicy",
	"aws_cloudwatch_metric_alarm": "cloudwatch:DeleteAlarms cloudwatch:DescribeAlarms cloudwatch:ListTagsForResource " +
		"cloudwatch:PutMetricAlarm cloudwatch:TagResource",
	"aws_cognito_identity_pool": "cognito-identity:CreateIdentityPool cognito-identity:DeleteIdentityPool " +
		"cognito-identity:DescribeIdentityPool cognito-identity:UpdateIdentityPool cognito-identity:TagResource",
	"aws_cognito_identity_pool_roles_attachment": "cognito-identity:GetIdentityPoolRoles " +
		"cognito-identity:SetIdentityPoolRoles iam:PassRole",
	"aws_cognito_identity_provider": "cognito-idp:CreateIdentityProvider cognito-idp:DeleteIdentityProvider " +
		"cognito-idp:DescribeIdentityProvider cognito-idp:UpdateIdentityProvider",
	"aws_cognito_log_delivery_configuration": "cognito-idp:GetLogDeliveryConfiguration " +
		"cognito-idp:SetLogDeliveryConfiguration",
	"aws_cognito_managed_login_branding": "cognito-idp:CreateManagedLoginBranding " +
		"cognito-idp:DeleteManagedLoginBranding cognito-idp:DescribeManagedLoginBranding " +
		"cognito-idp:UpdateManagedLoginBranding",
	"aws_cognito_resource_server": "cognito-idp:CreateResourceServer cognito-idp:DeleteResourceServer " +
		"cognito-idp:DescribeResourceServer cognito-idp:UpdateResourceServer",
	"aws_cognito_risk_configuration": "cognito-idp:DescribeRiskConfiguration cognito-idp:SetRiskConfiguration",
	"aws_cognito_user_group": "cognito-idp:CreateGroup cognito-idp:DeleteGroup cognito-idp:GetGroup " +
		"cognito-idp:UpdateGroup",
	"aws_cognito_user_pool": "cognito-idp:AddCustomAttributes cognito-idp:CreateUserPool cognito-idp:DeleteUserPool " +
		"cognito-idp:DescribeUserPool cognito-idp:GetUserPoolMfaConfig cognito-idp:SetUserPoolMfaConfig " +
		"cognito-idp:TagResource cognito-idp:UpdateUserPool iam:CreateServiceLinkedRole iam:PassRole",
	"aws_cognito_user_pool_client": "cognito-idp:CreateUserPoolClient cognito-idp:DeleteUserPoolClient " +
		"cognito-idp:DescribeUserPoolClient cognito-idp:UpdateUserPoolClient",
	"aws_cognito_user_pool_domain": "cognito-idp:CreateUserPoolDomain cognito-idp:DeleteUserPoolDomain " +
		"cognito-idp:DescribeUserPoolDomain cognito-idp:UpdateUserPoolDomain",
	"aws_cognito_user_pool_ui_customization": "cognito-idp:GetUICustomization cognito-idp:SetUICustomization",
	"aws_dynamodb_table": "dynamodb:CreateTable dynamodb:DeleteTable dynamodb:DescribeContinuousBackups " +
		"dynamodb:DescribeTable dynamodb:DescribeTimeToLive dynamodb:ListTagsOfResource dynamodb:TagResource " +
		"dynamodb:UpdateContinuousBackups dynamodb:UpdateTable dynamodb:UpdateTimeToLive kms:CreateGrant kms:DescribeKey",
	"aws_iam_role": "iam:CreateRole iam:DeleteRole iam:DeleteRolePermissionsBoundary iam:GetRole " +
		"iam:ListAttachedRolePolicies iam:ListInstanceProfilesForRole iam:ListRolePolicies iam:PutRolePermissionsBoundary " +
		"iam:TagRole iam:UpdateAssumeRolePolicy iam:UpdateRole iam:UpdateRoleDescription",
	"aws_iam_role_policy": "iam:DeleteRolePolicy iam:GetRolePolicy iam:PutRolePolicy",
	"aws_lambda_alias":    "lambda:CreateAlias lambda:DeleteAlias lambda:GetAlias lambda:UpdateAlias",
	"aws_lambda_function": "lambda:CreateFunction lambda:DeleteFunction lambda:GetFunction " +
		"lambda:GetFunctionCodeSigningConfig lambda:ListVersionsByFunction lambda:PublishVersion " +
		"lambda:PutFunctionConcurrency lambda:DeleteFunctionConcurrency lambda:TagResource lambda:UpdateFunctionCode " +
		"lambda:UpdateFunctionConfiguration iam:PassRole ec2:DescribeSecurityGroups ec2:DescribeSubnets ec2:DescribeVpcs " +
		"lambda:GetLayerVersion",
	"aws_lambda_function_event_invoke_config": "lambda:DeleteFunctionEventInvokeConfig " +
		"lambda:GetFunctionEventInvokeConfig lambda:PutFunctionEventInvokeConfig",
	"aws_lambda_permission": "lambda:AddPermission lambda:GetPolicy lambda:RemovePermission",
	"aws_sqs_queue": "sqs:CreateQueue sqs:DeleteQueue sqs:GetQueueAttributes sqs:ListQueueTags sqs:SetQueueAttributes " +
		"sqs:TagQueue",
}

// policy is an IAM policy whose actions are a string or a list.
type policy struct {
	Statement []struct {
		Sid    string
		Action any
	}
}

func readApplyingRole(t *testing.T) (policy, []byte) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "terraform", applyingRole))
	if err != nil {
		t.Fatal(err)
	}
	var p policy
	if err := json.Unmarshal(text, &p); err != nil {
		t.Fatal(err)
	}
	return p, text
}

// allows reports whether a statement has the action; action names are compared as IAM does, without case.
func (p policy) allows(action string) bool {
	for _, s := range p.Statement {
		patterns, many := s.Action.([]any)
		if !many {
			patterns = []any{s.Action}
		}
		for _, pattern := range patterns {
			if ok, _ := path.Match(strings.ToLower(fmt.Sprint(pattern)), strings.ToLower(action)); ok {
				return true
			}
		}
	}
	return false
}

// The policy has the actions of every type of resource that the root module and its modules have, and IAM takes it.
func TestApplyingRoleHasTheActionsOfEveryType(t *testing.T) {
	t.Parallel()
	p, text := readApplyingRole(t)
	if length := len(regexp.MustCompile(`\s`).ReplaceAll(text, nil)); length > maxPolicy {
		t.Errorf("the policy has %d characters, and IAM takes %d", length, maxPolicy)
	}
	files, err := filepath.Glob(filepath.Join("..", "..", "terraform", "modules", "*", "*.tf"))
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files, error %v", len(files), err)
	}
	block := regexp.MustCompile(`(?m)^(?:resource|data) "(aws_\w+)"`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range block.FindAllStringSubmatch(string(text), -1) {
			actions, known := actionsOf(match[1])
			if !known {
				t.Errorf("%s: actionsByType lacks %s", file, match[1])
			}
			for _, action := range actions {
				if !p.allows(action) {
					t.Errorf("%s does not allow %s, which %s needs", applyingRole, action, match[1])
				}
			}
		}
	}
	for _, action := range []string{"cognito-idp:AdminAddUserToGroup", "iam:AttachRolePolicy", "lambda:InvokeFunction"} {
		if p.allows(action) {
			t.Errorf("%s allows %s, which no apply needs", applyingRole, action)
		}
	}
}

func actionsOf(kind string) (actions []string, known bool) {
	longest := -1
	for beginning, text := range actionsByType {
		exact := !strings.HasSuffix(beginning, "_")
		if len(beginning) > longest && (kind == beginning || !exact && strings.HasPrefix(kind, beginning)) {
			longest, actions, known = len(beginning), strings.Fields(text), true
		}
	}
	return actions, known
}

// recorder stands between the provider and the services, and notes the action of each call.
type recorder struct {
	mu      sync.Mutex
	actions map[string]bool
}

// between lets the environment's endpoints of AWS lead through the recorder.
func (r *recorder) between(t *testing.T, environment []string) []string {
	t.Helper()
	r.actions = map[string]bool{}
	through := map[string]string{}
	environment = slices.Clone(environment)
	for i, entry := range environment {
		name, endpoint, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, "AWS_ENDPOINT_URL") {
			continue
		}
		if through[endpoint] == "" {
			through[endpoint] = r.proxy(t, endpoint)
		}
		environment[i] = name + "=" + through[endpoint]
	}
	return environment
}

func (r *recorder) proxy(t *testing.T, endpoint string) string {
	t.Helper()
	to, err := url.Parse(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) {
		p.SetURL(to)
		p.Out.Host = to.Host
	}}
	return listen(t, loopback.Named(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		action, err := actionOf(request)
		if err != nil {
			t.Error(err)
		}
		r.mu.Lock()
		r.actions[action] = true
		r.mu.Unlock()
		proxy.ServeHTTP(w, request)
	})))
}

// check reports calls that the policy of the applying role does not allow, and returns how many actions were called.
func (r *recorder) check(t *testing.T) int {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	p, _ := readApplyingRole(t)
	for action := range r.actions {
		if !p.allows(action) {
			t.Errorf("%s does not allow %s, which Terraform called", applyingRole, action)
		}
	}
	return len(r.actions)
}
