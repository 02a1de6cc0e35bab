package main

import (
	"io"
	"os"
	"testing"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

// BenchmarkSignUp is the warm path: decode, compose, answer, metrics line.
func BenchmarkSignUp(b *testing.B) {
	event, err := os.ReadFile("../../testevents/custom-message/CustomMessage_SignUp-ses.json")
	if err != nil {
		b.Fatal(err)
	}
	for name, account := range map[string]string{"SMS": "COGNITO_DEFAULT", "mail and SMS": "DEVELOPER"} {
		b.Run(name, func(b *testing.B) {
			handle, err := setup(settings.FromMap(map[string]string{
				"EMAIL_SENDING_ACCOUNT": account,
				"SUPPORT_ADDRESS":       "help@example.org",
			}))
			if err != nil {
				b.Fatal(err)
			}
			handler := trigger.New(events.CustomMessage, handle, io.Discard)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := handler.Invoke(b.Context(), event); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
