package trigger

import (
	"context"
	"io"
	"testing"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"cognito-triggers/shared/events"
)

// BenchmarkInvoke measures the runtime with a handler that does nothing.
func BenchmarkInvoke(b *testing.B) {
	handler := New(events.PreSignUp, func(context.Context, *events.PreSignUpEvent) error { return nil }, io.Discard)
	ctx := lambdacontext.NewContext(b.Context(), &lambdacontext.LambdaContext{AwsRequestID: "request-1"})
	event := []byte(signUp)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := handler.Invoke(ctx, event); err != nil {
			b.Fatal(err)
		}
	}
}
