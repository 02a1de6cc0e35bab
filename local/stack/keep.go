package stack

import (
	"context"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/poolspec"
	"cognito-triggers/local/userpool"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/token"
)

// Keep says what stays the same from run to run. The zero value is a stack that shares nothing with any other: tests
// run many at once.
type Keep struct {
	IDs        userpool.IDs                // of pools and app clients
	Keys       func() (*token.Pair, error) // that sign tokens
	Store      state.Store                 // of the pool; nil: in memory
	Identities string                      // file that keeps identity pools; "": in memory
	// Tables ends the tables' names. It applies in an emulator of this stack's own, and wherever tables are kept;
	// otherwise, and if it is empty, the time ends them, since others may use the emulator.
	Tables string
	// Emulator is the folder for what the emulator keeps over a normal end; "" means that it keeps nothing, and the tables
	// are deleted at the end.
	Emulator string
}

// tables reports whether tables outlive the stack.
func (k Keep) tables() bool { return k.Emulator != "" }

// timeSuffix is a time layout that distinguishes the tables of different stacks.
const timeSuffix = "20060102-150405.000000"

// tableName returns the name of one of this stack's tables. The emulator has been started.
func (s *Stack) tableName(kind string) string {
	if s.keep.Tables == "" || s.Emulator.External && !s.keep.tables() {
		return kind + "-" + time.Now().UTC().Format(timeSuffix)
	}
	return kind + "-" + s.keep.Tables
}

// makePool makes the pool, or brings a kept one up to date.
func (s *Stack) makePool(ctx context.Context, spec poolspec.Spec, lambdas *types.LambdaConfigType,
	sender *types.EmailConfigurationType) (poolspec.Pool, error) {
	for _, kept := range s.keptPools() {
		if kept.Settings.PoolName == spec.UserPoolName() {
			return spec.Update(ctx, s.Cognito, kept.ID, lambdas, sender)
		}
	}
	if err := s.freeDomain(ctx, spec.Domain); err != nil {
		return poolspec.Pool{}, err
	}
	return spec.Create(ctx, s.Cognito, lambdas, sender)
}

// freeDomain takes the domain of the settings from a pool that was made before: like the HTTP API, it belongs to the
// last one.
func (s *Stack) freeDomain(ctx context.Context, domain *poolspec.Domain) error {
	if domain == nil {
		return nil
	}
	name := domain.Name()
	for _, pool := range s.Pool.Store().Pools() {
		if _, has := pool.FindDomain(name); has {
			_, err := s.Cognito.DeleteUserPoolDomain(ctx, &cip.DeleteUserPoolDomainInput{UserPoolId: &pool.ID, Domain: &name})
			return err
		}
	}
	return nil
}

// keptPools returns the pools of earlier runs. A stack that keeps nothing makes a new pool each time.
func (s *Stack) keptPools() []state.Pool {
	if s.keep.Store == nil {
		return nil
	}
	return s.keep.Store.Pools()
}
