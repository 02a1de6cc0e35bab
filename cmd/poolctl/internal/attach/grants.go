package attach

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"cognito-triggers/shared/manifest"
)

// role is what a trigger's settings ask of its execution role. Attach shows it and leaves the role alone: it neither
// reads nor changes IAM policies.
type role struct {
	trigger, arn string
	needs        []string // names of grants
	off          []manifest.Grant
}

// roleOf derives a trigger's grants from the settings that the function has now.
func roleOf(t Trigger, function *lambda.GetFunctionConfigurationOutput) (role, error) {
	settings := map[string]string{}
	if env := function.Environment; env != nil {
		if env.Error != nil {
			return role{}, fmt.Errorf("the function's settings cannot be read (%s): allow the use of its KMS key",
				aws.ToString(env.Error.ErrorCode))
		}
		settings = env.Variables
	}
	needs, off := t.Manifest.GrantsWith(settings)
	return role{trigger: t.Name, arn: aws.ToString(function.Role), needs: needs, off: off}, nil
}

// configuration reads the function's configuration.
func (c Clients) configuration(ctx context.Context, name, qualifier string) (*lambda.GetFunctionConfigurationOutput,
	error) {
	return c.Functions.GetFunctionConfiguration(ctx,
		&lambda.GetFunctionConfigurationInput{FunctionName: &name, Qualifier: optional(qualifier)})
}

// writeRoles prints what each role has to allow, and which grants of the manifest it does without.
func writeRoles(w io.Writer, roles []role) {
	roles = slices.DeleteFunc(slices.Clone(roles), func(r role) bool { return len(r.needs)+len(r.off) == 0 })
	section(w, "roles, for you to check (besides writing logs)", len(roles))
	for _, r := range roles {
		fmt.Fprintf(w, "    %s, %s\n", r.trigger, r.arn)
		for _, grant := range r.needs {
			fmt.Fprintf(w, "      needs %s: %s\n", grant, strings.Join(manifest.Actions(grant), ", "))
		}
		for _, grant := range r.off {
			fmt.Fprintf(w, "      without %s while %s is empty or false: %s\n", grant.Name, grant.When,
				strings.Join(manifest.Actions(grant.Name), ", "))
		}
	}
}
