package signin

import (
	"testing"

	"cognito-triggers/local/userpool/state"
)

// A flow that returns an empty step does not sign the user in.
func TestEmptyStepProvesNothing(t *testing.T) {
	t.Parallel()
	r := &Room{}
	a := &Attempt{room: r, Pool: state.Pool{Settings: &state.PoolSettings{}}, User: state.User{Status: state.Confirmed}}
	if result, err := r.proceed(t.Context(), a, Step{}); err == nil || result != nil {
		t.Errorf("result %+v, error %v", result, err)
	}
}

func TestParametersNeed(t *testing.T) {
	t.Parallel()
	p := Parameters{"A": "a", "EMPTY": ""}
	for name, c := range map[string]struct {
		names []string
		want  string
	}{
		"present":            {names: []string{"A"}},
		"none":               {},
		"absent":             {names: []string{"A", "B"}, want: "missing-parameter: B"},
		"empty":              {names: []string{"EMPTY", "B"}, want: "missing-parameter: EMPTY"},
		"the first is named": {names: []string{"C", "B"}, want: "missing-parameter: C"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := p.need(c.names...)
			if got := errorText(err); got != c.want {
				t.Errorf("error %q, want %q", got, c.want)
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
