package deploy

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"cognito-triggers/local/stack"
)

// listing is a call that lists a service's resources, and a pattern for their names in the response. Plain requests
// avoid linking an SDK client per service.
type listing struct {
	service, target, body string // target is X-Amz-Target; empty for a query
	path                  string // of a GET; empty: POST /
	name                  string // pattern whose first group is a name
}

var listings = []listing{
	{
		service: "cognito-idp",
		target:  "AWSCognitoIdentityProviderService.ListUserPools",
		body:    `{"MaxResults":60}`,
		name:    `"Id": ?"([^"]+)"`,
	},
	{
		service: "cognito-identity",
		target:  "AWSCognitoIdentityService.ListIdentityPools",
		body:    `{"MaxResults":60}`,
		name:    `"IdentityPoolId": ?"([^"]+)"`,
	},
	{service: "dynamodb", target: "DynamoDB_20120810.ListTables", body: `{}`, name: `"([^"{}:,]+)"[\],]`},
	{service: "lambda", path: "/2015-03-31/functions/", name: `"FunctionArn": ?"([^"]+)"`},
	{service: "logs", target: "Logs_20140328.DescribeLogGroups", body: `{}`, name: `"logGroupName": ?"([^"]+)"`},
	{service: "iam", body: "Action=ListRoles&Version=2010-05-08", name: `<RoleName>([^<]+)<`},
	{service: "iam", body: "Action=ListPolicies&Scope=Local&Version=2010-05-08", name: `<PolicyName>([^<]+)<`},
	{service: "sqs", target: "AmazonSQS.ListQueues", body: `{}`, name: `"(http[^"]+)"`},
	{service: "sns", body: "Action=ListTopics&Version=2010-03-31", name: `<TopicArn>([^<]+)<`},
	{service: "monitoring", body: "Action=DescribeAlarms&Version=2010-08-01", name: `<AlarmName>([^<]+)<`},
	{service: "apigateway", path: "/restapis", name: `"id": ?"([^"]+)"`},
	{service: "apigateway", path: "/v2/apis", name: `"apiId": ?"([^"]+)"`},
	{service: "monitoring", body: "Action=ListDashboards&Version=2010-08-01", name: `<DashboardName>([^<]+)<`},
}

// resources lists everything in the emulator and the user pool, as service and name.
func resources(ctx context.Context, s *stack.Stack) ([]string, error) {
	var all []string
	for _, l := range listings {
		endpoint := s.Emulator.Endpoint
		if l.service == "cognito-idp" || l.service == "cognito-identity" {
			endpoint = s.Endpoint
		}
		answer, err := l.call(ctx, endpoint, s.Region)
		if err != nil {
			return nil, fmt.Errorf("list the resources of %s: %w", l.service, err)
		}
		for _, found := range regexp.MustCompile(l.name).FindAllSubmatch(answer, -1) {
			all = append(all, l.service+" "+string(found[1]))
		}
	}
	return all, nil
}

func (l listing) request(ctx context.Context, endpoint string) (*http.Request, error) {
	if l.path != "" {
		return http.NewRequestWithContext(ctx, http.MethodGet, endpoint+l.path, nil)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint+"/", strings.NewReader(l.body))
	if err != nil {
		return nil, err
	}
	switch {
	case l.target == "":
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	default:
		request.Header.Set("Content-Type", "application/x-amz-json-1.1")
		request.Header.Set("X-Amz-Target", l.target)
	}
	return request, nil
}

func (l listing) call(ctx context.Context, endpoint, region string) ([]byte, error) {
	request, err := l.request(ctx, endpoint)
	if err != nil {
		return nil, err
	}
	credentials := aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}
	if err := v4.NewSigner().SignHTTP(ctx, credentials, request, digest(l.body), l.service, region,
		time.Now()); err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", response.Status, bytes.TrimSpace(answer))
	}
	return answer, err
}

// digest is what a signed request says of its body.
func digest(body string) string {
	hash := sha256.Sum256([]byte(body))
	return hex.EncodeToString(hash[:])
}

// used are the services of each configuration's resources. If a listing finds none of them after apply, it could not
// find leftovers after destroy either.
func used(module string) []string {
	all := []string{"dynamodb", "iam", "lambda", "logs"}
	switch filepath.Base(module) {
	case "terraform":
		return append(all, "apigateway", "cognito-idp", "monitoring")
	case "machine-to-machine": // without a table
		return []string{"cognito-idp", "iam", "lambda", "logs"}
	case "minimal", "another-repository", "passwordless":
		return append(all, "cognito-idp")
	case "rest-api":
		return append(all, "apigateway", "cognito-idp", "monitoring")
	case "all-triggers":
		return append(all, "cognito-idp", "sqs")
	case "imported-pool":
		return nil // all of it was there before
	case "complete":
		return append(all, "apigateway", "cognito-idp", "cognito-identity", "monitoring", "sns")
	default:
		return all
	}
}

func checkSeen(made []string, module string) error {
	for _, service := range used(module) {
		if !slices.ContainsFunc(made, func(name string) bool { return strings.HasPrefix(name, service+" ") }) {
			return fmt.Errorf("no resources of %s are listed after apply, so the check after destroy would be blind", service)
		}
	}
	return nil
}

// added returns the entries of after that are not in before.
func added(before, after []string) []string {
	return slices.DeleteFunc(slices.Clone(after), func(name string) bool { return slices.Contains(before, name) })
}
