package bench

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/manifest"
)

// Everything that a function links slows its cold start, called or not: package init builds the service clients'
// tables.

// forbidden packages must not be linked into any function; the value says why or what to use instead. The custom
// senders decrypt with AWS's Encryption SDK, which links the configuration, and nobody waits for them.
var forbidden = map[string]string{
	"html/template":                       "shared/messages writes HTML",
	"github.com/aws/aws-sdk-go-v2/config": "shared/awsenv reads the environment without four more service clients",
	"github.com/aws/aws-lambda-go/events": "shared/events has types that keep what they do not know",

	"cognito-triggers/shared/messages/preview": "poolctl writes previews",
	"cognito-triggers/testevents":              "events are for tests and tools",
	"cognito-triggers/shared/golden":           "events are for tests and tools",
}

// granted maps each service client to the grants that justify it: a trigger links the client if and only if it has one.
var granted = map[string][]string{
	"github.com/aws/aws-sdk-go-v2/service/dynamodb": {"profiles:read", "profiles:write", "dynamodb:read"},
	"github.com/aws/aws-sdk-go-v2/service/sesv2":    {"ses:send"},
	"github.com/aws/aws-sdk-go-v2/service/sns":      {"sns:publish"},
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider": {
		"cognito:link-provider", "cognito:add-to-group", "cognito:sign-out", "cognito:migrate-from",
	},
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager": {"secrets:read"},
}

// light maps service clients to packages through which a function calls the service without linking its client.
var light = map[string]string{
	"github.com/aws/aws-sdk-go-v2/service/sesv2": "cognito-triggers/shared/sending/seslight",
}

func TestFunctionsLinkOnlyWhatTheyCall(t *testing.T) {
	functions, err := manifest.Find("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, function := range functions {
		t.Run(function.Name, func(t *testing.T) {
			linked := dependencies(t, function.Dir)
			sender := function.Hook == cognito.CustomEmailSender || function.Hook == cognito.CustomSMSSender
			for name, instead := range forbidden {
				if slices.Contains(linked, name) && !(sender && strings.HasSuffix(name, "/config")) {
					t.Errorf("it links %s: %s", name, instead)
				}
			}
			if function.Hook == "" {
				return // an API function may call Cognito with its user's token, which needs no grant
			}
			for client, grants := range granted {
				has := slices.ContainsFunc(function.Grants, func(g manifest.Grant) bool { return slices.Contains(grants, g.Name) })
				has = has || len(function.Tables) > 0 && strings.HasSuffix(client, "/dynamodb")
				if links := slices.Contains(linked, client) || slices.Contains(linked, light[client]); links != has {
					t.Errorf("it links %s: %v; its manifest asks for one of %v: %v", client, links, grants, has)
				}
			}
		})
	}
}

// dependencies lists the packages that a function links.
func dependencies(t *testing.T, dir string) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-tags", "lambda.norpc", ".")
	cmd.Dir = dir
	output, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(output))
}
