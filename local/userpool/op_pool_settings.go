package userpool

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"cognito-triggers/local/userpool/state"
)

type addAttributesInput struct {
	UserPoolId       string                  `v:"required,max=55"`
	CustomAttributes []state.SchemaAttribute `v:"required"`
}

const maxCustomAttributes = 50

// addCustomAttributes serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AddCustomAttributes.html
func addCustomAttributes(c *call, in *addAttributesInput) (any, error) {
	pool, err := c.poolByID(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	_, err = c.store.UpdatePool(pool.ID, func(p *state.Pool) error {
		all := slices.Clone(p.Schema)
		for _, a := range in.CustomAttributes {
			custom, err := customAttribute(a)
			if err != nil {
				return err
			}
			if slices.ContainsFunc(all, func(have state.SchemaAttribute) bool { return have.Name == custom.Name }) {
				return invalid(custom.Name + ": Existing attribute already has name " + custom.Name + ".")
			}
			all = append(all, custom)
		}
		if len(all) > len(standardAttributes)+maxCustomAttributes {
			return &apiError{"LimitExceededException", "A user pool has at most 50 custom attributes."}
		}
		p.Schema, p.Modified = all, c.options.Now()
		return nil
	})
	return struct{}{}, err
}

type mfaConfigInput struct {
	UserPoolId                    string `v:"required,max=55"`
	SmsMfaConfiguration           json.RawMessage
	EmailMfaConfiguration         json.RawMessage
	WebAuthnConfiguration         json.RawMessage
	SoftwareTokenMfaConfiguration *struct{ Enabled bool }
	MfaConfiguration              string
}

// setUserPoolMfaConfig serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserPoolMfaConfig.html
func setUserPoolMfaConfig(c *call, in *mfaConfigInput) (any, error) {
	pool, err := c.poolByID(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	if !slices.Contains([]string{"", "OFF", "ON", "OPTIONAL"}, in.MfaConfiguration) {
		return nil, invalid("1 validation error detected: Value at 'mfaConfiguration' failed to satisfy constraint: Member must satisfy enum value set: [OFF, ON, OPTIONAL]")
	}
	rest := document{}
	for name, value := range (document{"SmsMfaConfiguration": in.SmsMfaConfiguration, "EmailMfaConfiguration": in.EmailMfaConfiguration, "WebAuthnConfiguration": in.WebAuthnConfiguration}) {
		if value != nil {
			rest[name] = value
		}
	}
	kept, err := json.Marshal(rest)
	if err != nil {
		return nil, err
	}
	pool, err = c.store.UpdatePool(pool.ID, func(p *state.Pool) error {
		settings := *p.Settings
		settings.MfaConfiguration = in.MfaConfiguration
		if settings.MfaConfiguration == "" {
			settings.MfaConfiguration = "OFF"
		}
		p.Settings, p.MFA, p.Modified = &settings, kept, c.options.Now()
		p.TOTP = in.SoftwareTokenMfaConfiguration != nil && in.SoftwareTokenMfaConfiguration.Enabled
		return nil
	})
	return mfaConfigOf(pool), err
}

// getUserPoolMfaConfig serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserPoolMfaConfig.html
func getUserPoolMfaConfig(c *call, in *poolInput) (any, error) {
	pool, err := c.poolByID(in.UserPoolId)
	return mfaConfigOf(pool), err
}

func mfaConfigOf(p state.Pool) any {
	out := map[string]any{}
	if p.Settings == nil {
		return out
	}
	var rest document
	_ = json.Unmarshal(p.MFA, &rest) // empty before the first SetUserPoolMfaConfig
	for name, value := range rest {
		out[name] = value
	}
	out["MfaConfiguration"] = p.Settings.MfaConfiguration
	if p.TOTP {
		out["SoftwareTokenMfaConfiguration"] = map[string]bool{"Enabled": true}
	}
	return out
}

type tagsInput struct {
	ResourceArn string `v:"required"`
	Tags        map[string]string
	TagKeys     []string
}

func (c *call) changeTags(in *tagsInput, change func(map[string]string)) (any, error) {
	pool, err := c.poolByID(in.ResourceArn[strings.LastIndex(in.ResourceArn, "/")+1:])
	if err != nil {
		return nil, err
	}
	_, err = c.store.UpdatePool(pool.ID, func(p *state.Pool) error {
		settings := *p.Settings
		settings.UserPoolTags = tagsOf(*p)
		change(settings.UserPoolTags)
		p.Settings = &settings
		return nil
	})
	return struct{}{}, err
}

// tagResource serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_TagResource.html
func tagResource(c *call, in *tagsInput) (any, error) {
	return c.changeTags(in, func(tags map[string]string) { maps.Copy(tags, in.Tags) })
}

// untagResource serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UntagResource.html
func untagResource(c *call, in *tagsInput) (any, error) {
	return c.changeTags(in, func(tags map[string]string) {
		maps.DeleteFunc(tags, func(name, _ string) bool { return slices.Contains(in.TagKeys, name) })
	})
}

// listTagsForResource serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListTagsForResource.html
func listTagsForResource(c *call, in *tagsInput) (any, error) {
	pool, err := c.poolByID(in.ResourceArn[strings.LastIndex(in.ResourceArn, "/")+1:])
	if err != nil {
		return nil, err
	}
	return map[string]any{"Tags": tagsOf(pool)}, nil
}

type disableProviderInput struct {
	UserPoolId string `v:"required,max=55"`
	User       providerUser
}

// adminDisableProviderForUser serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDisableProviderForUser.html
func adminDisableProviderForUser(c *call, in *disableProviderInput) (any, error) {
	pool, err := c.poolByID(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	linked := func(id identity) bool {
		return id.ProviderName == in.User.ProviderName && id.UserID == in.User.ProviderAttributeValue
	}
	for _, u := range c.store.Users(pool.ID) {
		if !slices.ContainsFunc(identities(u), linked) {
			continue
		}
		_, err := c.store.UpdateUser(pool.ID, u.Username, false, func(u *state.User) error {
			return setIdentities(u, slices.DeleteFunc(identities(*u), linked))
		})
		return struct{}{}, gone(err)
	}
	return nil, userNotFound()
}
