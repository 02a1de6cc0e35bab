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

// Config is the function's settings; README.md describes each.
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
		env.Fail(groupSetting, "is not a valid group name: use one without white space")
	}
	return config
}

// newStore returns the store in the configured table. Its client is created by the first request that needs it.
func newStore(env *settings.Env, config Config) posts.Store {
	aws := awsenv.Config(env, "DYNAMODB")
	client := sync.OnceValue(func() dynamo.API { return dynamodb.NewFromConfig(aws) })
	return dynamo.New(client, config.Table)
}

// plan is a plan's name with its limit.
type plan struct {
	name  string
	limit int // characters of a post's contents
}

// plans are the plans of the settings in their order, at least one.
type plans []plan

// of returns the plan that a claim names, or the first plan if there is no claim or no such plan.
func (p plans) of(name string) plan {
	for _, known := range p {
		if known.name == name {
			return known
		}
	}
	return p[0]
}

// largest returns the plan with the highest limit.
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
				"has the invalid entry %q: use a plan and its number of characters, 1 to %d, as in free:2000,gold:20000", part,
				api.MaxBody)
		case len(all) > 0 && all.of(name).name == name:
			env.Fail(limitsSetting, "lists the plan %s twice", name)
		default:
			all = append(all, plan{name, limit})
		}
	}
	if len(all) == 0 {
		env.Fail(limitsSetting, "has no plan: name at least the default plan, as in free:2000")
		return plans{{limit: math.MaxInt}}
	}
	return all
}
