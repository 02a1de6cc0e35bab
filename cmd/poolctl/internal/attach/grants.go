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
	// own are the manifest's statements that hold and what it needs of its tables; offOwn are the statements that do not.
	own    []string
	offOwn []string
	// resources are the ARNs of grants that take them from a setting, by grant.
	resources map[string][]string
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
	r := role{trigger: t.Name, arn: aws.ToString(function.Role), needs: needs, off: off, resources: map[string][]string{}}
	for _, grant := range needs {
		r.resources[grant] = t.Manifest.ResourcesOf(grant, settings)
	}
	held, without := t.Manifest.StatementsWith(settings)
	for _, s := range held {
		r.own = append(r.own,
			fmt.Sprintf("a statement of its own: %s on %s", strings.Join(s.Actions, ", "), strings.Join(s.Resources, ", ")))
	}
	for _, s := range without {
		r.offOwn = append(r.offOwn, s.When+" is empty or false: "+strings.Join(s.Actions, ", "))
	}
	env := t.Manifest.EnvironmentWith(settings)
	for _, table := range t.Manifest.Tables {
		name := env[table.Setting]
		if name == "" {
			name = "that " + table.Setting + " has to name"
		}
		r.own = append(r.own, "the table "+name+": "+strings.Join(table.AllowedActions(), ", "))
	}
	return r, nil
}

// configuration reads the function's configuration.
func (c Clients) configuration(ctx context.Context, name, qualifier string) (*lambda.GetFunctionConfigurationOutput,
	error) {
	return c.Functions.GetFunctionConfiguration(ctx,
		&lambda.GetFunctionConfigurationInput{FunctionName: &name, Qualifier: optional(qualifier)})
}

func (r role) isEmpty() bool { return len(r.needs)+len(r.off)+len(r.own)+len(r.offOwn) == 0 }

// writeRoles prints what each role has to allow, and which grants of the manifest it does without.
func writeRoles(w io.Writer, roles []role) {
	roles = slices.DeleteFunc(slices.Clone(roles), role.isEmpty)
	section(w, "roles, for you to check (besides writing logs)", len(roles))
	for _, r := range roles {
		fmt.Fprintf(w, "    %s, %s\n", r.trigger, r.arn)
		for _, grant := range r.needs {
			on := ""
			if arns := r.resources[grant]; len(arns) > 0 {
				on = " on " + strings.Join(arns, ", ")
			}
			fmt.Fprintf(w, "      needs %s: %s%s\n", grant, strings.Join(manifest.Actions(grant), ", "), on)
		}
		for _, own := range r.own {
			fmt.Fprintf(w, "      needs %s\n", own)
		}
		for _, grant := range r.off {
			fmt.Fprintf(w, "      without %s while %s is empty or false: %s\n", grant.Name, grant.When,
				strings.Join(manifest.Actions(grant.Name), ", "))
		}
		for _, own := range r.offOwn {
			fmt.Fprintf(w, "      without a statement of its own while %s\n", own)
		}
	}
}
