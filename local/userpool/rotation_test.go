package userpool

import (
	"sync"
	"testing"
	"time"

	"cognito-triggers/local/userpool/state"
)

// Of two requests that read the same token before either rotates it, the later one is within the grace period.
func TestParallelRotationIsWithinTheGracePeriod(t *testing.T) {
	for name, grace := range map[string]int{"with grace": 30, "without": 0} {
		t.Run(name, func(t *testing.T) {
			d := startDirect(t, nil, object{"ExplicitAuthFlows": []string{"ALLOW_USER_PASSWORD_AUTH"},
				"RefreshTokenRotation": object{"Feature": "ENABLED", "RetryGracePeriodSeconds": grace}})
			d.user("ines")
			family, _, err := d.server.store.FamilyOf(at(d.signIn("ines"), "AuthenticationResult.RefreshToken").(string))
			if err != nil {
				t.Fatal(err)
			}
			a := &signIn{call: &call{Server: d.server}}
			var group sync.WaitGroup
			next, errs := make([]string, 8), make([]error, 8)
			for i := range next {
				group.Go(func() { next[i], errs[i] = a.rotate(family, grace) })
			}
			group.Wait()
			given, refused := 0, 0
			for i, token := range next {
				if errs[i] != nil {
					refused++
				} else if token != "" {
					given++
				}
			}
			if want := map[bool]int{true: 0, false: len(next) - 1}[grace > 0]; given != 1 || refused != want {
				t.Errorf("%d new tokens, want 1; %d requests refused, want %d", given, refused, want)
			}
			d.clock.pass(time.Minute)
			if _, err := a.rotate(family, grace); err == nil {
				t.Error("the old token is good after the grace period")
			}
			d.server.store.RevokeFamilies(d.pool, "ines")
			if _, err := a.rotate(state.Family{OriginJTI: family.OriginJTI, Current: family.Current}, grace); err == nil {
				t.Error("a revoked token is good")
			}
		})
	}
}

func TestRotationSettings(t *testing.T) {
	d := startDirect(t, nil, nil)
	for words, rotation := range map[string]object{
		"retryGracePeriodSeconds": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 61}, "feature": {"Feature": "ON"},
	} {
		d.fails("CreateUserPoolClient", object{"ClientName": "c", "ExplicitAuthFlows": []string{"ALLOW_USER_SRP_AUTH"}, "RefreshTokenRotation": rotation}, "InvalidParameterException", words)
	}
}
