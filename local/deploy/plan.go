package deploy

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// misreported are attributes, by resource type, that the emulator stores but does not return, so that every plan sets
// them again: ministack 1.5.33 omits them from DescribeAlarms' XML and DescribeContinuousBackups, and returns a Lambda
// authorizer's payload format version for a JWT authorizer.
var misreported = map[string][]string{
	"aws_cloudwatch_metric_alarm": {
		"actions_enabled", "alarm_actions", "alarm_description", "dimensions", "extended_statistic", "ok_actions", "period",
		"statistic",
		"treat_missing_data", "datapoints_to_alarm", "evaluate_low_sample_count_percentiles",
	},
	"aws_dynamodb_table":          {"point_in_time_recovery"},
	"aws_apigatewayv2_authorizer": {"authorizer_payload_format_version"},
}

// change is one resource change in the output of `terraform show -json`.
type change struct {
	Address string
	Type    string
	Change  struct {
		Actions       []string
		Before, After map[string]any
		AfterUnknown  map[string]any `json:"after_unknown"` // true for values known only after apply
	}
}

// checkUnchanged plans again and returns an error if anything changes. It returns the types of the resources that
// differ only in what the emulator misreports.
func (tf *terraform) checkUnchanged(ctx context.Context) ([]string, error) {
	plan, err := tf.plan(ctx, "second.tfplan")
	if err != nil {
		return nil, err
	}
	return judge(plan)
}

// judge returns an error for a plan's changes, except those that the emulator causes, whose resource types it returns.
func judge(plan []byte) ([]string, error) {
	real, excused, err := changes(plan)
	if err != nil || len(real) == 0 {
		return excused, err
	}
	var lines []string
	for _, c := range real {
		lines = append(lines, "  "+c.String())
	}
	return nil, fmt.Errorf("the plan after apply is not empty:\n%s", strings.Join(lines, "\n"))
}

// changes returns a plan's changes, and the resource types of those that the emulator causes.
func changes(plan []byte) (real []change, excused []string, err error) {
	var p struct {
		ResourceChanges []change `json:"resource_changes"`
	}
	if err := json.Unmarshal(plan, &p); err != nil {
		return nil, nil, fmt.Errorf("terraform show: %w", err)
	}
	types := map[string]bool{}
	for _, c := range p.ResourceChanges {
		switch {
		case slices.Equal(c.Change.Actions, []string{"no-op"}), slices.Equal(c.Change.Actions, []string{"read"}):
		case slices.Equal(c.Change.Actions, []string{"update"}) && within(c.differing(), misreported[c.Type]):
			types[c.Type] = true
		default:
			real = append(real, c)
		}
	}
	return real, slices.Sorted(maps.Keys(types)), nil
}

func (c change) String() string {
	return fmt.Sprintf("%s: %s of %s", c.Address, strings.Join(c.Change.Actions, " and "),
		strings.Join(c.differing(), ", "))
}

// differing returns the attributes whose value changes.
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
