package soak

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/settings"
)

// profilesOf returns the keys of all stored profiles.
func profilesOf(ctx context.Context, at addresses) ([]string, error) {
	env := settings.FromMap(map[string]string{
		"AWS_ENDPOINT_URL": at.AWSEndpoint, "AWS_REGION": at.Region, "AWS_ACCESS_KEY_ID": "test",
		"AWS_SECRET_ACCESS_KEY": "test",
	})
	client := dynamodb.NewFromConfig(awsenv.Config(env, "DYNAMODB"))
	if err := env.Err(); err != nil {
		return nil, err
	}
	projection := "pk"
	pages := dynamodb.NewScanPaginator(client,
		&dynamodb.ScanInput{TableName: &at.ProfileTable, ProjectionExpression: &projection})
	var keys []string
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list the stored profiles: %w", err)
		}
		for _, item := range page.Items {
			if key, ok := item["pk"].(*types.AttributeValueMemberS); ok {
				keys = append(keys, key.Value)
			}
		}
	}
	return keys, nil
}

// compare checks that each user who signed in has one profile, and nobody else has any.
func (d *driver) compare(keys []string) {
	stored := map[string]int{}
	for _, key := range keys {
		pool, sub, _ := strings.Cut(key, "#")
		if pool != d.at.UserPoolID || d.subs[sub] == "" {
			d.fail(key, errors.New("this profile belongs to nobody who signed in"))
		}
		stored[sub]++
	}
	for sub, who := range d.subs {
		if stored[sub] != 1 {
			d.fail(who, fmt.Errorf("%d profiles, want 1", stored[sub]))
		}
	}
}
