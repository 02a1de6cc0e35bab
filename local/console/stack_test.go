package console

import (
	"strings"
	"testing"

	"cognito-triggers/local/userpool/fire"
)

// The pool with its clients and hooks, and the functions with the time that their calls took.
func TestStack(t *testing.T) {
	t.Parallel()
	all := []Function{
		{Name: "pre-sign-up", ARN: arnOf("pre-sign-up"), Hook: "pre_sign_up", Enabled: true}, {Name: "auth", MemoryMB: 128},
	}
	p := open(t, map[string]string{"PreSignUp": "pre-sign-up"}, functions{"pre-sign-up": refuses}, nil,
		func(o *Options) { o.Functions = func() []Function { return all } })
	p.calls("CreateGroup", object{"UserPoolId": p.id, "GroupName": "admins"})
	secret := p.calls("CreateUserPoolClient", object{"UserPoolId": p.id, "ClientName": "server", "GenerateSecret": true})
	if err := p.signsUp(ines); err != nil {
		t.Fatal(err)
	}
	w := p.serve(request("GET", api+"stack", nil))
	if strings.Contains(w.Body.String(), text(secret, "UserPoolClient", "ClientSecret")) {
		t.Error("the secret of an app client is in the answer")
	}
	out := get[stackAnswer](p, "stack")
	if len(out.Pools) != 1 || len(out.Functions) != 2 || !out.Saves || out.Previews {
		t.Fatalf("%+v", out)
	}
	pool := out.Pools[0]
	if pool.ID != p.id || pool.Users != 1 || len(pool.Clients) != 2 || len(pool.Groups) != 1 || len(pool.Settings) < 50 {
		t.Errorf("%+v", pool)
	}
	filled := 0
	for _, h := range pool.Hooks {
		if h.Function != "" {
			filled++
		}
		if h.Member == "" || len(h.Sources) == 0 {
			t.Errorf("%+v", h)
		}
	}
	if filled != 1 || len(pool.Hooks) < 13 {
		t.Errorf("%d of %d hooks are filled", filled, len(pool.Hooks))
	}
	if f := out.Functions[0]; f.Calls != 1 || f.Colds != 0 || f.WarmMS < 0 {
		t.Errorf("%+v", f)
	}
	if f := out.Functions[1]; f.Calls != 0 || f.Enabled {
		t.Errorf("%+v", f)
	}
}

// Cold and warm calls count apart; attempts that gave no answer do not count.
func TestTimesOfAFunction(t *testing.T) {
	t.Parallel()
	arn := arnOf("f")
	records := []fire.Record{
		{Function: arn, Attempts: []fire.Attempt{{Outcome: fire.Killed, Milliseconds: 9}, {Outcome: fire.Answered,
			Milliseconds: 40, Cold: true}}},
		{Function: arn, Attempts: []fire.Attempt{{Outcome: fire.Answered, Milliseconds: 1}}},
		{Function: arn, Attempts: []fire.Attempt{{Outcome: fire.Answered, Milliseconds: 3}}},
		{Function: arn, Attempts: []fire.Attempt{{Outcome: fire.Answered, Milliseconds: 2}}},
		{Function: arnOf("g"), Attempts: []fire.Attempt{{Outcome: fire.Answered, Milliseconds: 50}}},
	}
	got := functionOf(Function{ARN: arn}, records)
	if got.Calls != 4 || got.Colds != 1 || got.ColdMS != 40 || got.WarmMS != 2 {
		t.Errorf("%+v", got)
	}
}
