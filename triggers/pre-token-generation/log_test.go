package main

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"cognito-triggers/shared/profile/memory"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
	"cognito-triggers/shared/trigger/triggertest"
)

// Values of the user, in the event and in an error of the store, must reach neither a log line nor a metrics line.
func TestLogsHoldNoPersonalData(t *testing.T) {
	canaries := []string{"canary-mail@example.org", "Canary Moreau", "canary-metadata", "canary.user", "canary-tenant"}
	event := []byte(`{"version":"1","triggerSource":"TokenGeneration_Authentication","region":"eu-west-1","userPoolId":"` +
		account.UserPoolID + `","userName":"canary.user",` +
		`"callerContext":{"clientId":"4k2v"},"request":{"userAttributes":{"sub":"` + account.Sub +
		`","email":"canary-mail@example.org","name":"Canary Moreau","custom:tenant":"canary-tenant"},` +
		`"groupConfiguration":{},"clientMetadata":{"note":"canary-metadata"}},"response":{"claimsOverrideDetails":null}}`)
	rules := `{"rules":[{"claim":"n","token":"id","from":"attribute.name","type":"number","trust":"user"},` +
		`{"claim":"division","token":"id","from":"attribute.custom:tenant","type":"list","trust":"user"},` +
		`{"claim":"tier","token":"id","from":"profile.attributes.tier","onUnavailable":"fail","when":{"clients":["4k2v"]}}]}`
	for what, store := range map[string]*faultyStore{
		"read fails":  {Store: memory.New(), failGet: fmt.Errorf("no answer about %s and %s", canaries[0], canaries[3])},
		"write fails": {Store: memory.New(), failCreate: fmt.Errorf("no room for %s of %s", canaries[1], canaries[4])},
		"all is well": {Store: memory.New()},
	} {
		t.Run(what, func(t *testing.T) {
			var log bytes.Buffer
			before := slog.Default()
			trigger.UseLog(&log, settings.FromMap(map[string]string{"LOG_LEVEL": "debug"}))
			defer slog.SetDefault(before)

			r := newRun(t, store, map[string]string{rulesSetting: rules})
			got := triggertest.Invoke(t, r.handler, event)
			if log.Len() == 0 {
				t.Fatal("nothing was logged")
			}
			for _, canary := range canaries {
				for place, text := range map[string]string{"log": log.String(), "metrics": r.metrics.String(), "error": got.Error} {
					if strings.Contains(text, canary) {
						t.Errorf("%s holds %q:\n%s", place, canary, text)
					}
				}
			}
		})
	}
}
