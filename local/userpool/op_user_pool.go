package userpool

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
)

type createUserPoolInput struct {
	PoolName string `v:"required,max=128"`
	Schema   []state.SchemaAttribute
	state.PoolSettings
}

type poolInput struct {
	UserPoolId string `v:"required,max=55"`
}

// createUserPool serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html
func createUserPool(c *call, in *createUserPoolInput) (any, error) {
	settings := in.PoolSettings
	settings.PoolName = in.PoolName
	if err := checkSettings(&settings); err != nil {
		return nil, err
	}
	all, err := schema(in.Schema)
	if err != nil {
		return nil, err
	}
	now := c.options.Now()
	pool := state.Pool{
		ID: c.options.Region + "_" + randomText(alphanumeric, 9), Region: c.options.Region, Created: now, Modified: now, Settings: &settings, Schema: all,
	}
	if err := c.store.CreatePool(pool); err != nil {
		return nil, err
	}
	return map[string]any{"UserPool": c.poolType(pool)}, nil
}

// checkSettings fills in AWS's defaults and refuses what the local pool cannot do.
func checkSettings(s *state.PoolSettings) error {
	if s.Policies == nil {
		s.Policies = &state.Policies{}
	}
	if s.Policies.PasswordPolicy == nil {
		policy := defaultPasswordPolicy
		s.Policies.PasswordPolicy = &policy
	}
	p := s.Policies.PasswordPolicy
	if p.MinimumLength < 6 || p.MinimumLength > 99 {
		return invalid("1 validation error detected: Value at 'policies.passwordPolicy.minimumLength' failed to satisfy constraint: Member must have value between 6 and 99")
	}
	if p.TemporaryPasswordValidityDays == 0 {
		p.TemporaryPasswordValidityDays = 7
	}
	if s.MfaConfiguration == "" {
		s.MfaConfiguration = "OFF"
	}
	if s.AdminCreateUserConfig == nil {
		s.AdminCreateUserConfig = &state.AdminCreateUserConfig{}
	}
	if s.EmailConfiguration == nil {
		s.EmailConfiguration = &state.EmailConfiguration{}
	}
	if s.EmailConfiguration.EmailSendingAccount == "" {
		s.EmailConfiguration.EmailSendingAccount = "COGNITO_DEFAULT"
	}
	if s.DeletionProtection == "" {
		s.DeletionProtection = "INACTIVE"
	}
	if s.VerificationMessageTemplate == nil {
		s.VerificationMessageTemplate = &state.VerificationTemplate{DefaultEmailOption: "CONFIRM_WITH_CODE"}
	}
	if s.UserPoolTier == "" {
		s.UserPoolTier = "ESSENTIALS"
	}
	for name, values := range map[string][2][]string{
		"mfaConfiguration":       {{s.MfaConfiguration}, {"OFF", "ON", "OPTIONAL"}},
		"deletionProtection":     {{s.DeletionProtection}, {"ACTIVE", "INACTIVE"}},
		"autoVerifiedAttributes": {s.AutoVerifiedAttributes, {"email", "phone_number"}},
		"usernameAttributes":     {s.UsernameAttributes, {"email", "phone_number"}},
		"aliasAttributes":        {s.AliasAttributes, {"email", "phone_number", "preferred_username"}},
	} {
		for _, value := range values[0] {
			if !slices.Contains(values[1], value) {
				return invalid(fmt.Sprintf("1 validation error detected: Value at '%s' failed to satisfy constraint: Member must satisfy enum value set: [%s]", name, strings.Join(values[1], ", ")))
			}
		}
	}
	if len(s.UsernameAttributes) > 0 && len(s.AliasAttributes) > 0 {
		return invalid("Only one of the aliasAttributes or usernameAttributes can be set in a user pool.")
	}
	return checkLambdas(s.LambdaConfig)
}

// checkLambdas refuses event versions that the hook does not have, and two functions for one hook.
func checkLambdas(l *cognito.LambdaConfig) error {
	if l == nil {
		return nil
	}
	for _, hook := range cognito.Hooks() {
		contract := hook.Contract()
		function, attached := l.Function(hook)
		if attached && contract.Versioned && !slices.Contains(contract.Versions, function.Version) {
			return invalid(fmt.Sprintf("1 validation error detected: Value at 'lambdaConfig.%s.lambdaVersion' failed to satisfy constraint: "+
				"Member must satisfy enum value set: [%s]", lowerFirst(contract.Member), strings.Join(contract.Versions, ", ")))
		}
		if plain := l.Plain(hook); plain != "" && plain != function.ARN {
			return invalid(contract.PlainMember + " and " + contract.Member + ".LambdaArn must be the same function.")
		}
	}
	return nil
}

// userPoolType is AWS's UserPoolType.
type userPoolType struct {
	Id, Name, Arn                  string
	CreationDate, LastModifiedDate seconds
	SchemaAttributes               []state.SchemaAttribute
	EstimatedNumberOfUsers         int
	Domain                         string `json:",omitempty"`
	*state.PoolSettings
}

func (c *call) poolType(p state.Pool) userPoolType {
	return userPoolType{
		Id: p.ID, Name: p.Settings.PoolName, Arn: poolARN(p), CreationDate: seconds(p.Created), LastModifiedDate: seconds(p.Modified),
		SchemaAttributes: p.Schema, EstimatedNumberOfUsers: c.store.CountUsers(p.ID), Domain: p.Domain, PoolSettings: p.Settings,
	}
}

func poolARN(p state.Pool) string {
	return "arn:aws:cognito-idp:" + p.Region + ":000000000000:userpool/" + p.ID
}

// describeUserPool serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPool.html
func describeUserPool(c *call, in *poolInput) (any, error) {
	pool, err := c.poolByID(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	return map[string]any{"UserPool": c.poolType(pool)}, nil
}

type updateUserPoolInput struct {
	UserPoolId string `v:"required,max=55"`
	PoolName   string `v:"max=128"`
	state.PoolSettings
}

// updateUserPool serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html
// What is left out goes back to its default, but for the tags: Terraform's provider changes them with TagResource alone.
func updateUserPool(c *call, in *updateUserPoolInput) (any, error) {
	settings := in.PoolSettings
	if err := checkSettings(&settings); err != nil {
		return nil, err
	}
	_, err := c.store.UpdatePool(in.UserPoolId, func(p *state.Pool) error {
		old := p.Settings
		settings.PoolName = in.PoolName
		if in.PoolName == "" {
			settings.PoolName = old.PoolName
		}
		if settings.UserPoolTags == nil {
			settings.UserPoolTags = old.UserPoolTags
		}
		settings.AliasAttributes, settings.UsernameAttributes, settings.UsernameConfiguration = old.AliasAttributes, old.UsernameAttributes, old.UsernameConfiguration
		p.Settings, p.Modified = &settings, c.options.Now()
		return nil
	})
	if missing(err) {
		err = resourceNotFound("User pool " + in.UserPoolId + " does not exist.")
	}
	return struct{}{}, err
}

// deleteUserPool serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPool.html
func deleteUserPool(c *call, in *poolInput) (any, error) {
	pool, err := c.poolByID(in.UserPoolId)
	switch {
	case err != nil:
		return nil, err
	case pool.Settings.DeletionProtection == "ACTIVE":
		return nil, invalid("The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.")
	case pool.Domain != "":
		return nil, invalid("User pool cannot be deleted. It has a domain configured that should be deleted first.")
	}
	return struct{}{}, c.store.DeletePool(pool.ID)
}

type listPoolsInput struct {
	MaxResults *int `v:"required"`
	NextToken  string
}

// listUserPools serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPools.html
func listUserPools(c *call, in *listPoolsInput) (any, error) {
	pools := slices.DeleteFunc(c.store.Pools(), func(p state.Pool) bool { return p.Seeded })
	page, next, err := paginate(pools, in.MaxResults, in.NextToken, func(p state.Pool) string { return p.ID })
	if err != nil {
		return nil, err
	}
	list := []map[string]any{}
	for _, p := range page {
		list = append(list, map[string]any{
			"Id": p.ID, "Name": p.Settings.PoolName, "CreationDate": seconds(p.Created), "LastModifiedDate": seconds(p.Modified),
			"LambdaConfig": lambdasOf(p),
		})
	}
	return paged(map[string]any{"UserPools": list}, "NextToken", next), nil
}

func lambdasOf(p state.Pool) cognito.LambdaConfig {
	if p.Settings.LambdaConfig == nil {
		return cognito.LambdaConfig{}
	}
	return *p.Settings.LambdaConfig
}

// tagsOf copies a pool's tags.
func tagsOf(p state.Pool) map[string]string {
	if p.Settings.UserPoolTags == nil {
		return map[string]string{}
	}
	return maps.Clone(p.Settings.UserPoolTags)
}
