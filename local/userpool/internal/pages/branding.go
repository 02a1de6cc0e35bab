package pages

import (
	"context"
	"encoding/json"
	"slices"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

const (
	maxAssets = 40
	maxAsset  = 1_000_000 // bytes
)

// Asset is an image of a branding style.
type Asset struct {
	Category   string
	ColorMode  string
	Extension  string
	Bytes      []byte `json:",omitempty"`
	ResourceId string `json:",omitempty"`
}

var assetCategories = []string{
	"FAVICON_ICO", "FAVICON_SVG", "EMAIL_GRAPHIC", "SMS_GRAPHIC", "AUTH_APP_GRAPHIC", "PASSWORD_GRAPHIC",
	"PASSKEY_GRAPHIC", "PAGE_HEADER_LOGO", "PAGE_HEADER_BACKGROUND", "PAGE_FOOTER_LOGO", "PAGE_FOOTER_BACKGROUND",
	"PAGE_BACKGROUND", "FORM_BACKGROUND", "FORM_LOGO", "IDP_BUTTON_ICON",
}

// branding is the style of an app client's pages.
type branding struct {
	ClientId                 string
	UseCognitoProvidedValues bool
	Settings                 json.RawMessage
	Assets                   []Asset
}

// StyleInput is what the operations on branding styles set.
type StyleInput struct {
	UseCognitoProvidedValues *bool
	Settings                 json.RawMessage
	Assets                   []Asset
}

// hasSettings reports whether the request has settings: null is none.
func (in StyleInput) hasSettings() bool { return len(in.Settings) > 0 && string(in.Settings) != "null" }

func (in StyleInput) check() error {
	var settings map[string]json.RawMessage
	own := in.UseCognitoProvidedValues != nil && *in.UseCognitoProvidedValues
	switch {
	case in.hasSettings() && json.Unmarshal(in.Settings, &settings) != nil:
		return fault.New(fault.Malformed, "Settings has the wrong type")
	case own && (in.hasSettings() || len(in.Assets) > 0):
		return fault.New(fault.Invalid,
			"Settings and Assets cannot be specified when UseCognitoProvidedValues is true.")
	case len(in.Assets) > maxAssets:
		return tooManyAssets()
	}
	for _, a := range in.Assets {
		for _, rule := range []struct {
			member, value string
			values        []string
		}{
			{"category", a.Category, assetCategories},
			{"colorMode", a.ColorMode, []string{"LIGHT", "DARK", "DYNAMIC"}},
			{"extension", a.Extension, []string{"ICO", "JPEG", "PNG", "SVG", "WEBP"}},
		} {
			if !slices.Contains(rule.values, rule.value) {
				return fault.Constrain("assets."+rule.member, fault.OneOf(rule.values...))
			}
		}
		if len(a.Bytes) > maxAsset {
			return fault.Constrain("assets.bytes", "Member must have length less than or equal to 1000000")
		}
	}
	return nil
}

func tooManyAssets() error {
	return fault.Constrain("assets", "Member must have length less than or equal to 40")
}

// lay sets what the request has. An asset replaces the one of the same category and color mode.
func (in StyleInput) lay(b branding) branding {
	if in.UseCognitoProvidedValues != nil {
		b.UseCognitoProvidedValues = *in.UseCognitoProvidedValues
		if b.UseCognitoProvidedValues {
			b.Settings, b.Assets = nil, nil
		}
	}
	if in.hasSettings() {
		b.Settings, b.UseCognitoProvidedValues = in.Settings, false
	}
	for _, a := range in.Assets {
		b.UseCognitoProvidedValues = false
		b.Assets = slices.DeleteFunc(slices.Clone(b.Assets), func(old Asset) bool {
			return old.Category == a.Category && old.ColorMode == a.ColorMode
		})
		b.Assets = append(b.Assets, a)
	}
	return b
}

// BrandingType is AWS's ManagedLoginBrandingType.
type BrandingType struct {
	ManagedLoginBrandingId         string
	UserPoolId                     string
	UseCognitoProvidedValues       bool
	Settings                       json.RawMessage `json:",omitempty"`
	Assets                         []Asset         `json:",omitempty"`
	CreationDate, LastModifiedDate wire.Seconds
}

// BrandingOutput is the output of the operations that return a branding style.
type BrandingOutput struct{ ManagedLoginBranding BrandingType }

func brandingOutput(poolID string, page pageOf[branding], err error) (*BrandingOutput, error) {
	if err != nil {
		return nil, err
	}
	return &BrandingOutput{BrandingType{
		ManagedLoginBrandingId: page.Name, UserPoolId: poolID, Settings: page.Data.Settings, Assets: page.Data.Assets,
		UseCognitoProvidedValues: page.Data.UseCognitoProvidedValues, CreationDate: wire.Seconds(page.Created),
		LastModifiedDate: wire.Seconds(page.Modified),
	}}, nil
}

// CreateBrandingInput is the input of CreateManagedLoginBranding.
type CreateBrandingInput struct {
	UserPoolId string `v:"required,max=55"`
	ClientId   string `v:"required,max=128"`
	StyleInput
}

// CreateBranding serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateManagedLoginBranding.html
func (r *Room) CreateBranding(_ context.Context, in *CreateBrandingInput) (*BrandingOutput, error) {
	client, _, err := r.directory.ClientOf(in.UserPoolId, in.ClientId)
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	same := func(b branding) bool { return b.ClientId == client.ID }
	page, err := createPage(r, in.UserPoolId, brandingKind, in.lay(branding{ClientId: client.ID}), same,
		fault.New(fault.BrandingExists, client.ID))
	return brandingOutput(in.UserPoolId, page, err)
}

// UpdateBrandingInput is the input of UpdateManagedLoginBranding. What it omits stays.
type UpdateBrandingInput struct {
	UserPoolId             string `v:"required,max=55"`
	ManagedLoginBrandingId string `v:"required,max=36"`
	StyleInput
}

// UpdateBranding serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateManagedLoginBranding.html
func (r *Room) UpdateBranding(_ context.Context, in *UpdateBrandingInput) (*BrandingOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	page, err := putPage(r, in.UserPoolId, brandingKind, in.ManagedLoginBrandingId,
		func(_ *state.Pool, old branding, there bool) (branding, error) {
			if !there {
				return old, fault.New(fault.ResourceNotFound, brandingKind, in.ManagedLoginBrandingId)
			}
			made := in.lay(old)
			if len(made.Assets) > maxAssets {
				return old, tooManyAssets()
			}
			return made, nil
		})
	return brandingOutput(in.UserPoolId, page, err)
}

// BrandingInput identifies a branding style. ReturnMergedResources asks for Cognito's own values besides, which the
// local pool does not have.
type BrandingInput struct {
	UserPoolId             string `v:"required,max=55"`
	ManagedLoginBrandingId string `v:"required,max=36"`
	ReturnMergedResources  bool
}

// DescribeBranding serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeManagedLoginBranding.html
func (r *Room) DescribeBranding(_ context.Context, in *BrandingInput) (*BrandingOutput, error) {
	pool, err := r.directory.Pool(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	page, err := findPage[branding](pool, brandingKind, in.ManagedLoginBrandingId)
	return brandingOutput(pool.ID, page, err)
}

// ClientBrandingInput is the input of DescribeManagedLoginBrandingByClient.
type ClientBrandingInput struct {
	UserPoolId            string `v:"required,max=55"`
	ClientId              string `v:"required,max=128"`
	ReturnMergedResources bool
}

// DescribeClientBranding serves the operation DescribeManagedLoginBrandingByClient:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/
func (r *Room) DescribeClientBranding(_ context.Context, in *ClientBrandingInput) (*BrandingOutput, error) {
	client, pool, err := r.directory.ClientOf(in.UserPoolId, in.ClientId)
	if err != nil {
		return nil, err
	}
	list, err := pagesOf[branding](pool, brandingKind)
	if err != nil {
		return nil, err
	}
	for _, page := range list {
		if page.Data.ClientId == client.ID {
			return brandingOutput(pool.ID, page, nil)
		}
	}
	return nil, fault.New(fault.ResourceNotFound, brandingKind, client.ID)
}

// DeleteBrandingInput is the input of DeleteManagedLoginBranding.
type DeleteBrandingInput struct {
	UserPoolId             string `v:"required,max=55"`
	ManagedLoginBrandingId string `v:"required,max=36"`
}

// DeleteBranding serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteManagedLoginBranding.html
func (r *Room) DeleteBranding(_ context.Context, in *DeleteBrandingInput) (*wire.Empty, error) {
	return r.deletePage(in.UserPoolId, brandingKind, in.ManagedLoginBrandingId)
}

// Styled reports whether an app client has a branding style. Without one, managed login shows no pages to its users.
func Styled(pool state.Pool, client string) bool {
	list, err := pagesOf[branding](pool, brandingKind)
	return err == nil && slices.ContainsFunc(list, func(p pageOf[branding]) bool { return p.Data.ClientId == client })
}
