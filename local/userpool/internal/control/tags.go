package control

import (
	"context"
	"maps"
	"slices"
	"strings"

	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

// TagsInput is the input of the operations on tags.
type TagsInput struct {
	ResourceArn string `v:"required"`
	Tags        map[string]string
	TagKeys     []string
}

// poolID returns the ID of the pool in the ARN.
func (in *TagsInput) poolID() string {
	return in.ResourceArn[strings.LastIndex(in.ResourceArn, "/")+1:]
}

// TagsOutput is the output of ListTagsForResource.
type TagsOutput struct{ Tags map[string]string }

func (r *Room) changeTags(in *TagsInput, change func(map[string]string)) (*wire.Empty, error) {
	_, err := r.change(in.poolID(), func(p *state.Pool) error {
		settings := *p.Settings
		settings.UserPoolTags = tagsOf(*p)
		change(settings.UserPoolTags)
		p.Settings = &settings
		return nil
	})
	return &wire.Empty{}, err
}

// Tag serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_TagResource.html
func (r *Room) Tag(_ context.Context, in *TagsInput) (*wire.Empty, error) {
	return r.changeTags(in, func(tags map[string]string) { maps.Copy(tags, in.Tags) })
}

// Untag serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UntagResource.html
func (r *Room) Untag(_ context.Context, in *TagsInput) (*wire.Empty, error) {
	return r.changeTags(in, func(tags map[string]string) {
		maps.DeleteFunc(tags, func(name, _ string) bool { return slices.Contains(in.TagKeys, name) })
	})
}

// ListTags serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListTagsForResource.html
func (r *Room) ListTags(_ context.Context, in *TagsInput) (*TagsOutput, error) {
	pool, err := r.directory.Pool(in.poolID())
	if err != nil {
		return nil, err
	}
	return &TagsOutput{tagsOf(pool)}, nil
}

// tagsOf returns a copy of a pool's tags.
func tagsOf(p state.Pool) map[string]string {
	if p.Settings.UserPoolTags == nil {
		return map[string]string{}
	}
	return maps.Clone(p.Settings.UserPoolTags)
}
