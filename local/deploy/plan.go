package deploy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os/exec"
	"reflect"
	"slices"
	"strings"
)

// misreported are attributes by resource type that the emulator keeps and does not give back, so that every plan wants to
// set them again: ministack 1.5.33 leaves them out of DescribeAlarms' XML and of DescribeContinuousBackups, and gives a
// JWT authorizer the payload format version of a Lambda authorizer.
var misreported = map[string][]string{
	"aws_cloudwatch_metric_alarm": {
		"actions_enabled", "alarm_actions", "alarm_description", "dimensions", "extended_statistic", "ok_actions", "period", "statistic",
		"treat_missing_data", "datapoints_to_alarm", "evaluate_low_sample_count_percentiles",
	},
	"aws_dynamodb_table":          {"point_in_time_recovery"},
	"aws_apigatewayv2_authorizer": {"authorizer_payload_format_version"},
}

// change is one resource of a plan, as `terraform show -json` writes it.
type change struct {
	Address string
	Type    string
	Change  struct {
		Actions       []string
		Before, After map[string]any
	}
}

// checkUnchanged plans again. It gives the types of the resources whose only difference is what the emulator misreports.
func (tf *terraform) checkUnchanged(ctx context.Context) ([]string, error) {
	const file = "second.tfplan"
	err := tf.run(ctx, "plan", "-detailed-exitcode", "-out="+file, "-var-file="+overrides)
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil, nil
	case !errors.As(err, &exit) || exit.ExitCode() != 2: // 2: there are changes
		return nil, err
	}
	text, shown := tf.output(ctx, "show", "-json", file)
	if shown != nil {
		return nil, shown
	}
	return judge(text)
}

// judge parts a plan's changes into those that the emulator is to blame for, by type, and all others, which are an error.
func judge(plan []byte) ([]string, error) {
	var p struct {
		ResourceChanges []change `json:"resource_changes"`
	}
	if err := json.Unmarshal(plan, &p); err != nil {
		return nil, fmt.Errorf("terraform show: %w", err)
	}
	excused := map[string]bool{}
	var real []string
	for _, c := range p.ResourceChanges {
		switch {
		case slices.Equal(c.Change.Actions, []string{"no-op"}), slices.Equal(c.Change.Actions, []string{"read"}):
		case slices.Equal(c.Change.Actions, []string{"update"}) && within(c.differing(), misreported[c.Type]):
			excused[c.Type] = true
		default:
			real = append(real, fmt.Sprintf("  %s: %s of %s", c.Address, strings.Join(c.Change.Actions, " and "), strings.Join(c.differing(), ", ")))
		}
	}
	if len(real) > 0 {
		return nil, fmt.Errorf("the plan after apply is not empty:\n%s", strings.Join(real, "\n"))
	}
	return slices.Sorted(maps.Keys(excused)), nil
}

// differing are the attributes whose value changes.
func (c change) differing() []string {
	var names []string
	for name, after := range c.Change.After {
		if !reflect.DeepEqual(c.Change.Before[name], after) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func within(names, allowed []string) bool {
	return len(names) > 0 && !slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(allowed, name) })
}
