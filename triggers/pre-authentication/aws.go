package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cognito-triggers/shared/admission/gate"
	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/awsjson"
	"cognito-triggers/shared/profile/dynamo"
	"cognito-triggers/shared/settings"
)

// newGate checks the environment at cold start. A client is made at its first use, and only one that a rule may use.
func newGate(env *settings.Env, config Config) *gate.Gate {
	g := &gate.Gate{Rules: config.Rules, Now: time.Now}
	needs := config.Rules.Needs()
	if config.ProfileTable != "" && (needs.Profile || needs.Groups && !config.PoolGroups) {
		aws := awsenv.Config(env, "DYNAMODB")
		client := sync.OnceValue(func() dynamo.API { return dynamodb.NewFromConfig(aws) })
		g.Profiles = dynamo.New(client, config.ProfileTable)
	}
	if config.PoolGroups && needs.Groups {
		g.Groups = pool{awsjson.New(env, awsjson.CognitoIdentityProvider())}
	}
	return g
}

// pool lists groups through the user pools API.
type pool struct{ client *awsjson.Client }

// maxPages bounds the calls per event. A user can be in 100 groups.
const maxPages = 5

// GroupsOf implements gate.Groups. See
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminListGroupsForUser.html
func (p pool) GroupsOf(ctx context.Context, userPoolID, userName string) ([]string, error) {
	in := struct {
		UserPoolId, Username string
		Limit                int
		NextToken            string `json:",omitempty"`
	}{UserPoolId: userPoolID, Username: userName, Limit: 60}
	var names []string
	for range maxPages {
		var page struct {
			Groups    []struct{ GroupName string }
			NextToken string
		}
		err := p.client.Call(ctx, awsjson.Request{Operation: "AdminListGroupsForUser", Body: in}, &page)
		var coded interface{ ErrorCode() string }
		if errors.As(err, &coded) && coded.ErrorCode() == "UserNotFoundException" {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		for _, group := range page.Groups {
			names = append(names, group.GroupName)
		}
		if in.NextToken = page.NextToken; in.NextToken == "" {
			return names, nil
		}
	}
	return nil, errors.New("the user is in more groups than a user can be in")
}
