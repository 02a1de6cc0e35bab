package deploy

import (
	"slices"
	"strings"
	"testing"
)

func TestJudge(t *testing.T) {
	const alarm = `{"address":"a","type":"aws_cloudwatch_metric_alarm","change":{"actions":["update"],` +
		`"before":{"period":0,"threshold":1},"after":{"period":300,"threshold":1}}}`
	for name, c := range map[string]struct {
		changes string
		excused []string
		err     string
	}{
		"nothing": {changes: ``},
		"no operation": {
			changes: `{"address":"p","type":"aws_cognito_user_pool","change":{"actions":["no-op"],"before":{},"after":{}}}`,
		},
		"what the emulator forgets": {changes: alarm, excused: []string{"aws_cloudwatch_metric_alarm"}},
		"another attribute of an alarm": {
			changes: strings.Replace(alarm, `"threshold":1}}`, `"threshold":2}}`, 1),
			err:     "a: update of period, threshold",
		},
		"an alarm that is replaced": {
			changes: strings.Replace(alarm, `"update"`, `"delete","create"`, 1),
			err:     "a: delete and create",
		},
		"a pool": {
			changes: `{"address":"p","type":"aws_cognito_user_pool","change":{"actions":["update"],"before":{"name":"x"},` +
				`"after":{"name":"y"}}}`, err: "p: update of name",
		},
		"an update without known changes": {
			changes: `{"address":"p","type":"aws_sqs_queue","change":{"actions":["update"],"before":{},"after":{}}}`,
			err:     "p: update",
		},
	} {
		t.Run(name, func(t *testing.T) {
			excused, err := judge([]byte(`{"resource_changes":[` + c.changes + `]}`))
			if !slices.Equal(excused, c.excused) || (err == nil) != (c.err == "") || err != nil &&
				!strings.Contains(err.Error(), c.err) {
				t.Errorf("excused %v, error %v", excused, err)
			}
		})
	}
}

func TestAdded(t *testing.T) {
	if got := added([]string{"a", "b"}, []string{"b", "c"}); !slices.Equal(got, []string{"c"}) {
		t.Errorf("got %v", got)
	}
}

func TestCheckSeen(t *testing.T) {
	all := []string{"apigateway g", "cognito-idp p", "dynamodb t", "iam r", "lambda f", "logs g", "monitoring a"}
	if err := checkSeen(all, "terraform"); err != nil {
		t.Error(err)
	}
	if err := checkSeen(all[1:], "terraform"); err == nil || !strings.Contains(err.Error(), "apigateway") {
		t.Errorf("error %v", err)
	}
}
