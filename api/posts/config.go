package main

import (
	"math"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cognito-triggers/shared/api"
	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/posts"
	"cognito-triggers/shared/posts/dynamo"
	"cognito-triggers/shared/settings"
)

// Config is what the function's settings say; README.md describes each.
type Config struct {
	Table      string
	AdminGroup string
	Plans      plans
}

const (
	groupSetting  = "ADMIN_GROUP"
	limitsSetting = "CONTENTS_LIMITS"
)

// readConfig reads the settings and records every problem in env.
func readConfig(env *settings.Env) Config {
	config := Config{
		Table:      env.Required("POSTS_TABLE", "name the DynamoDB table of the posts"),
		AdminGroup: env.String(groupSetting, "admins"),
		Plans:      readPlans(env),
	}
	if strings.ContainsFunc(config.AdminGroup, unicode.IsSpace) {
		env.Fail(groupSetting, "is no group's name: use one without white space")
	}
	return config
}

// newStore is the store in the configured table. Its client is made at the first request that needs it.
func newStore(env *settings.Env, config Config) posts.Store {
	aws := awsenv.Config(env, "DYNAMODB")
	client := sync.OnceValue(func() dynamo.API { return dynamodb.NewFromConfig(aws) })
	return dynamo.New(client, config.Table)
}

// plan is what a user may write.
type plan struct {
	name  string
	limit int // characters of a post's contents
}

// plans are those of the settings, in their order. There is at least one.
type plans []plan

// of finds a plan by the claim's value. A token without the claim, or with one that no plan is for, has the first.
func (p plans) of(name string) plan {
	for _, known := range p {
		if known.name == name {
			return known
		}
	}
	return p[0]
}

// largest is the plan with the highest limit.
func (p plans) largest() plan {
	best := p[0]
	for _, known := range p {
		if known.limit > best.limit {
			best = known
		}
	}
	return best
}

// readPlans reads "free:2000,gold:20000".
func readPlans(env *settings.Env) plans {
	var all plans
	for _, part := range env.List(limitsSetting) {
		name, number, _ := strings.Cut(part, ":")
		name = strings.TrimSpace(name)
		limit, err := strconv.Atoi(strings.TrimSpace(number))
		switch {
		case name == "" || err != nil || limit < 1 || limit > api.MaxBody:
			env.Fail(limitsSetting,
				"is wrong at %q: write a plan and its number of characters, 1 to %d, as in free:2000,gold:20000", part, api.MaxBody)
		case len(all) > 0 && all.of(name).name == name:
			env.Fail(limitsSetting, "names the plan %s twice", name)
		default:
			all = append(all, plan{name, limit})
		}
	}
	if len(all) == 0 {
		env.Fail(limitsSetting, "has no plan: name at least the one that everybody has, as in free:2000")
		return plans{{limit: math.MaxInt}}
	}
	return all
}
