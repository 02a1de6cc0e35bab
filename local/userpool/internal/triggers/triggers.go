// Package triggers fires a pool's triggers: it finds the function for a hook in the pool's settings and selects the
// attributes that Cognito shows it. Package fire does the rest.
package triggers

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// Firer invokes functions.
type Firer interface {
	Fire(ctx context.Context, c fire.Call) (map[string]json.RawMessage, error)
}

// Queue invokes functions in the background.
type Queue interface {
	Add(ctx context.Context, c fire.Call, request func(context.Context) (any, error))
}

// Triggers fires the triggers of all pools of a server. It is safe for concurrent use.
type Triggers struct {
	firer Firer
	queue Queue
}

// New returns Triggers. It returns an error if an argument is nil.
func New(firer Firer, queue Queue) (*Triggers, error) {
	if firer == nil || queue == nil {
		return nil, errors.New("triggers need a firer and a queue")
	}
	return &Triggers{firer, queue}, nil
}

// Call is one invocation of a pool's trigger.
type Call struct {
	Pool     state.Pool
	Hook     cognito.Hook
	Source   string // the trigger source
	UserName string
	ClientID string // empty without an app client
	Request  any    // the event's request
}

// Response holds the members of a trigger's response. It is empty if the pool has no function for the hook.
type Response map[string]json.RawMessage

// Fire invokes the pool's function for a hook.
func (t *Triggers) Fire(ctx context.Context, c Call) (Response, error) {
	call := c.call()
	if call.ARN == "" {
		return nil, nil
	}
	return t.firer.Fire(ctx, call)
}

// Send invokes the pool's function for an asynchronous hook, without waiting for it. The request is made in the
// background, too; its error is in the log of events.
func (t *Triggers) Send(ctx context.Context, c Call, request func(context.Context) (any, error)) {
	t.queue.Add(ctx, c.call(), request)
}

func (c Call) call() fire.Call {
	arn, version := Function(c.Pool, c.Hook)
	if c.ClientID == "" {
		c.ClientID = fire.NoClient
	}
	return fire.Call{
		Hook: c.Hook, Source: c.Source, ARN: arn, Version: version, Region: c.Pool.Region, PoolID: c.Pool.ID,
		UserName: c.UserName, ClientID: c.ClientID, SES: SendsThroughSES(c.Pool), Request: c.Request,
	}
}

// PostConfirmation fires the post confirmation trigger with the given source.
func (t *Triggers) PostConfirmation(
	ctx context.Context, pool state.Pool, u state.User, source, clientID string, metadata map[string]string,
) error {
	_, err := t.Fire(ctx, Call{
		Pool: pool, Hook: cognito.PostConfirmation, Source: source, UserName: u.Username, ClientID: clientID,
		Request: events.PostConfirmationRequest{UserAttributes: Attributes(pool, u), ClientMetadata: metadata},
	})
	return err
}

// SendsThroughSES reports whether a pool sends e-mail through SES, on which rules for answers depend.
func SendsThroughSES(pool state.Pool) bool {
	e := pool.Settings.EmailConfiguration
	return e != nil && e.EmailSendingAccount == "DEVELOPER"
}

// Attributes returns a user's attributes as triggers get them.
func Attributes(pool state.Pool, u state.User) map[string]string {
	all := maps.Clone(u.Attributes)
	all["cognito:user_status"] = u.Status
	for _, address := range []string{"email", "phone_number"} {
		if slices.Contains(pool.Settings.AliasAttributes, address) && cognito.IsTrue(u.Attributes[address+"_verified"]) {
			all["cognito:"+address+"_alias"] = u.Attributes[address]
		}
	}
	return all
}

// Has reports whether the pool has a function for the hook.
func Has(pool state.Pool, hook cognito.Hook) bool {
	arn, _ := Function(pool, hook)
	return arn != ""
}

// Function returns the ARN and the event version of a hook in the pool's LambdaConfig.
func Function(pool state.Pool, hook cognito.Hook) (arn, version string) {
	l := pool.Settings.LambdaConfig
	if l == nil {
		return "", ""
	}
	found, _ := l.Function(hook)
	if found.Version == "" {
		return found.ARN, "1"
	}
	return found.ARN, cognito.Number(found.Version)
}
