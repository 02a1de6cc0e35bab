package control

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
)

// CreatePoolInput is the input of CreateUserPool.
type CreatePoolInput struct {
	PoolName string `v:"required,max=128"`
	Schema   []state.SchemaAttribute
	state.PoolSettings
}

// PoolInput identifies a pool.
type PoolInput struct {
	UserPoolId string `v:"required,max=55"`
}

// PoolOutput is the output of the operations that return a pool.
type PoolOutput struct{ UserPool PoolType }

// PoolType is AWS's UserPoolType.
type PoolType struct {
	Id, Name, Arn                  string
	CreationDate, LastModifiedDate wire.Seconds
	SchemaAttributes               []state.SchemaAttribute
	EstimatedNumberOfUsers         int
	Domain                         string             `json:",omitempty"` // the prefix
	CustomDomain                   string             `json:",omitempty"`
	UserPoolTags                   *map[string]string `json:",omitempty"` // of DescribeUserPool also without tags
	*state.PoolSettings
}

func (r *Room) poolOutput(p state.Pool) *PoolOutput {
	settings := *p.Settings
	if settings.LambdaConfig == nil {
		settings.LambdaConfig = &cognito.LambdaConfig{} // AWS writes {}
	}
	out := &PoolOutput{PoolType{
		Id: p.ID, Name: p.Settings.PoolName, Arn: poolARN(p), CreationDate: wire.Seconds(p.Created),
		LastModifiedDate: wire.Seconds(p.Modified), SchemaAttributes: p.Schema,
		EstimatedNumberOfUsers: r.store.CountUsers(p.ID), Domain: p.Domain,
		CustomDomain: p.CustomDomain, PoolSettings: &settings,
	}}
	if settings.UserPoolTags != nil {
		out.UserPool.UserPoolTags = &settings.UserPoolTags
	}
	return out
}

// account is the AWS account ID in the ARNs of all pools.
const account = "000000000000"

func poolARN(p state.Pool) string {
	return arn.ARN{
		Partition: "aws", Service: "cognito-idp", Region: p.Region, AccountID: account, Resource: "userpool/" + p.ID,
	}.String()
}

// CreatePool serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html
func (r *Room) CreatePool(_ context.Context, in *CreatePoolInput) (*PoolOutput, error) {
	settings := in.PoolSettings
	settings.PoolName = in.PoolName
	if err := checkSettings(&settings); err != nil {
		return nil, err
	}
	if err := judge(poolRules(), whole{PoolSettings: &settings}); err != nil {
		return nil, err
	}
	schema, err := directory.Schema(in.Schema)
	if err != nil {
		return nil, err
	}
	now := r.now()
	pool := state.Pool{
		Region: r.region, Created: now, Modified: now, Settings: &settings, Schema: schema,
	}
	err = firstFree(func(choice int) error {
		pool.ID = r.region + "_" + r.ids.Pool(in.PoolName, choice)
		return r.store.CreatePool(pool)
	})
	if err != nil {
		return nil, err
	}
	return r.poolOutput(pool), nil
}

// DescribePool serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPool.html
func (r *Room) DescribePool(_ context.Context, in *PoolInput) (*PoolOutput, error) {
	pool, err := r.directory.Pool(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	out := r.poolOutput(pool)
	if out.UserPool.UserPoolTags == nil {
		out.UserPool.UserPoolTags = &map[string]string{} // AWS writes {}
	}
	return out, nil
}

// UpdatePoolInput is the input of UpdateUserPool.
type UpdatePoolInput struct {
	UserPoolId string `v:"required,max=55"`
	PoolName   string `v:"max=128"`
	state.PoolSettings
}

// UpdatePool serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html
// Settings that the request omits return to their defaults, but see Omitted. Tags are an exception: Terraform's
// provider changes them only with TagResource.
func (r *Room) UpdatePool(_ context.Context, in *UpdatePoolInput) (*wire.Empty, error) {
	_, err := r.change(in.UserPoolId, func(p *state.Pool) error {
		settings, old := in.PoolSettings, p.Settings
		if r.omitted == Kept {
			keepOmitted(&settings, old)
		}
		if err := checkSettings(&settings); err != nil {
			return err
		}
		settings.PoolName = in.PoolName
		if in.PoolName == "" {
			settings.PoolName = old.PoolName
		}
		if settings.UserPoolTags == nil {
			settings.UserPoolTags = old.UserPoolTags
		}
		settings.AliasAttributes, settings.UsernameAttributes = old.AliasAttributes, old.UsernameAttributes
		settings.UsernameConfiguration = old.UsernameConfiguration
		if err := judge(poolRules(), whole{PoolSettings: &settings, mfa: *mfaConfigOf(*p)}); err != nil {
			return err
		}
		p.Settings, p.Modified = &settings, r.now()
		return nil
	})
	return &wire.Empty{}, err
}

// keepOmitted takes what a request omits from the pool's old settings: MfaConfiguration, and each of the policies.
func keepOmitted(settings, old *state.PoolSettings) {
	if settings.MfaConfiguration == "" {
		settings.MfaConfiguration = old.MfaConfiguration
	}
	policies := state.Policies{}
	if settings.Policies != nil {
		policies = *settings.Policies
	}
	if policies.PasswordPolicy == nil {
		policies.PasswordPolicy = old.Policies.PasswordPolicy
	}
	if policies.SignInPolicy == nil {
		policies.SignInPolicy = old.Policies.SignInPolicy
	}
	settings.Policies = &policies
}

// DeletePool serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPool.html
func (r *Room) DeletePool(_ context.Context, in *PoolInput) (*wire.Empty, error) {
	pool, err := r.directory.Pool(in.UserPoolId)
	switch {
	case err != nil:
		return nil, err
	case pool.Settings.DeletionProtection == "ACTIVE":
		return nil, fault.New(fault.Invalid, "The user pool cannot be deleted because deletion protection is activated. "+
			"Deletion protection must be inactivated first.")
	case len(pool.Domains()) > 0:
		return nil, fault.New(fault.Invalid,
			"User pool cannot be deleted. It has a domain configured that should be deleted first.")
	}
	return &wire.Empty{}, r.store.DeletePool(pool.ID)
}

// ListPoolsInput is the input of ListUserPools.
type ListPoolsInput struct {
	MaxResults *int `v:"required"`
	NextToken  string
}

// PoolList is a page of pools.
type PoolList struct {
	UserPools []PoolSummary
	NextToken string `json:",omitempty"`
}

// PoolSummary is AWS's UserPoolDescriptionType.
type PoolSummary struct {
	Id, Name                       string
	CreationDate, LastModifiedDate wire.Seconds
	LambdaConfig                   cognito.LambdaConfig
}

// ListPools serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPools.html
func (r *Room) ListPools(_ context.Context, in *ListPoolsInput) (*PoolList, error) {
	id := func(p state.Pool) string { return p.ID }
	page, next, err := wire.Paginate(r.store.Pools(), in.MaxResults, in.NextToken, id)
	if err != nil {
		return nil, err
	}
	out := &PoolList{UserPools: []PoolSummary{}, NextToken: next}
	for _, p := range page {
		shown := PoolSummary{
			Id: p.ID, Name: p.Settings.PoolName, CreationDate: wire.Seconds(p.Created),
			LastModifiedDate: wire.Seconds(p.Modified),
		}
		if functions := p.Settings.LambdaConfig; functions != nil {
			shown.LambdaConfig = *functions
		}
		out.UserPools = append(out.UserPools, shown)
	}
	return out, nil
}

// AddAttributesInput is the input of AddCustomAttributes.
type AddAttributesInput struct {
	UserPoolId       string                  `v:"required,max=55"`
	CustomAttributes []state.SchemaAttribute `v:"required"`
}

// AddAttributes serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AddCustomAttributes.html
func (r *Room) AddAttributes(_ context.Context, in *AddAttributesInput) (*wire.Empty, error) {
	_, err := r.change(in.UserPoolId, func(p *state.Pool) error {
		all, err := directory.Extend(p.Schema, in.CustomAttributes)
		if err != nil {
			return err
		}
		p.Schema, p.Modified = all, r.now()
		return nil
	})
	return &wire.Empty{}, err
}
