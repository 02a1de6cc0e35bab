package pages

import (
	"cmp"
	"context"
	"unicode/utf8"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

const (
	allClients      = "ALL"
	maxCSS          = 131_072 // characters
	maxImage        = 131_072 // bytes
	cssVersionStyle = "20060102150405"
)

// customization is the look of the classic hosted UI, of one app client or of all.
type customization struct {
	ClientId, CSS string
	Image         []byte
}

// CustomizationType is AWS's UICustomizationType. There is no ImageUrl: nothing serves the image.
type CustomizationType struct {
	UserPoolId       string        `json:",omitempty"`
	ClientId         string        `json:",omitempty"`
	CSS              string        `json:",omitempty"`
	CSSVersion       string        `json:",omitempty"`
	CreationDate     *wire.Seconds `json:",omitempty"`
	LastModifiedDate *wire.Seconds `json:",omitempty"`
}

// CustomizationOutput is the output of the operations on UI customizations.
type CustomizationOutput struct{ UICustomization CustomizationType }

func customizationOutput(poolID string, page pageOf[customization]) *CustomizationOutput {
	created, modified := wire.Seconds(page.Created), wire.Seconds(page.Modified)
	return &CustomizationOutput{CustomizationType{
		UserPoolId: poolID, ClientId: page.Name, CSS: page.Data.CSS, CSSVersion: page.Modified.UTC().Format(cssVersionStyle),
		CreationDate: &created, LastModifiedDate: &modified,
	}}
}

// CustomizationInput identifies a UI customization. Without ClientId it is that of all app clients.
type CustomizationInput struct {
	UserPoolId string `v:"required,max=55"`
	ClientId   string `v:"max=128"`
}

// customized returns the pool, which must have a domain, and the app client or ALL.
func (r *Room) customized(in CustomizationInput) (state.Pool, string, error) {
	pool, err := r.directory.Pool(in.UserPoolId)
	if err != nil {
		return pool, "", err
	}
	id := cmp.Or(in.ClientId, allClients)
	if id != allClients {
		if _, _, err := r.directory.ClientOf(pool.ID, id); err != nil {
			return pool, "", err
		}
	}
	if len(pool.Domains()) == 0 {
		return pool, "", fault.New(fault.Invalid, "There has to be an existing domain associated with this user pool")
	}
	return pool, id, nil
}

// GetCustomization serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUICustomization.html
func (r *Room) GetCustomization(_ context.Context, in *CustomizationInput) (*CustomizationOutput, error) {
	pool, client, err := r.customized(*in)
	if err != nil {
		return nil, err
	}
	for _, id := range []string{client, allClients} {
		page, err := findPage[customization](pool, customizationKind, id)
		switch {
		case err == nil:
			return customizationOutput(pool.ID, page), nil
		case !fault.Is(err, fault.ResourceNotFound):
			return nil, err
		}
	}
	return &CustomizationOutput{}, nil
}

// SetCustomizationInput is the input of SetUICustomization. Without CSS and image, it removes the customization.
type SetCustomizationInput struct {
	CustomizationInput
	CSS       string
	ImageFile []byte
}

// SetCustomization serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUICustomization.html
func (r *Room) SetCustomization(_ context.Context, in *SetCustomizationInput) (*CustomizationOutput, error) {
	pool, client, err := r.customized(in.CustomizationInput)
	switch {
	case err != nil:
		return nil, err
	case utf8.RuneCountInString(in.CSS) > maxCSS:
		return nil, fault.Constrain("cSS", "Member must have length less than or equal to 131072")
	case len(in.ImageFile) > maxImage:
		return nil, fault.Constrain("imageFile", "Member must have length less than or equal to 131072")
	}
	page, err := putPage(r, pool.ID, customizationKind, client,
		func(*state.Pool, customization, bool) (customization, error) {
			return customization{ClientId: client, CSS: in.CSS, Image: in.ImageFile}, nil
		})
	if err == nil && in.CSS == "" && len(in.ImageFile) == 0 {
		_, err = r.deletePage(pool.ID, customizationKind, client)
	}
	if err != nil {
		return nil, err
	}
	return customizationOutput(pool.ID, page), nil
}
