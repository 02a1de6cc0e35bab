package control

import (
	"context"
	"regexp"
	"slices"
	"time"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

// maxSecrets is how many secrets an app client may have at a time.
const maxSecrets = 2

var secretPattern = regexp.MustCompile(`^[\w+]{24,64}$`)

// SecretDescriptor is AWS's ClientSecretDescriptorType.
type SecretDescriptor struct {
	ClientSecretId         string
	ClientSecretValue      string `json:",omitempty"` // only of one that was just generated
	ClientSecretCreateDate wire.Seconds
}

func descriptorOf(s state.ClientSecret) SecretDescriptor {
	return SecretDescriptor{ClientSecretId: s.ID, ClientSecretCreateDate: wire.Seconds(s.Created)}
}

// AddSecretInput is the input of AddUserPoolClientSecret.
type AddSecretInput struct {
	UserPoolId   string `v:"required,max=55"`
	ClientId     string `v:"required,max=128"`
	ClientSecret *string
}

// AddSecretOutput is the output of AddUserPoolClientSecret.
type AddSecretOutput struct{ ClientSecretDescriptor SecretDescriptor }

// AddSecret serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AddUserPoolClientSecret.html
// A generated secret is random also where the IDs of pools and clients are not: one that was deleted must not return.
func (r *Room) AddSecret(_ context.Context, in *AddSecretInput) (*AddSecretOutput, error) {
	client, _, err := r.directory.ClientOf(in.UserPoolId, in.ClientId)
	if err != nil {
		return nil, err
	}
	value := directory.RandomText(directory.LowerAlphanumeric, secretLength)
	if in.ClientSecret != nil {
		if value = *in.ClientSecret; !secretPattern.MatchString(value) {
			return nil, fault.Constrain("clientSecret", `Member must satisfy regular expression pattern: [\w+]{24,64}`)
		}
	}
	added := state.NewClientSecret(client.ID, value, r.now())
	_, err = r.store.UpdateClient(client.ID, func(c *state.Client) error {
		switch {
		case !c.Confidential():
			return fault.New(fault.Invalid, "The app client "+c.ID+" has no client secret.")
		case len(c.Secrets) >= maxSecrets:
			return fault.New(fault.TooManySecrets)
		case slices.ContainsFunc(c.Secrets, func(s state.ClientSecret) bool { return s.Value == value }):
			return fault.New(fault.Invalid, "The app client has this client secret already.")
		}
		for slices.ContainsFunc(c.Secrets, func(s state.ClientSecret) bool { return s.ID == added.ID }) {
			added = state.NewClientSecret(client.ID, value, added.Created.Add(time.Second))
		}
		c.Secrets = append(slices.Clone(c.Secrets), added)
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := &AddSecretOutput{descriptorOf(added)}
	if in.ClientSecret == nil {
		out.ClientSecretDescriptor.ClientSecretValue = value
	}
	return out, nil
}

// DeleteSecretInput is the input of DeleteUserPoolClientSecret.
type DeleteSecretInput struct {
	UserPoolId     string `v:"required,max=55"`
	ClientId       string `v:"required,max=128"`
	ClientSecretId string `v:"required,max=128"`
}

// DeleteSecret serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPoolClientSecret.html
func (r *Room) DeleteSecret(_ context.Context, in *DeleteSecretInput) (*wire.Empty, error) {
	client, _, err := r.directory.ClientOf(in.UserPoolId, in.ClientId)
	if err != nil {
		return nil, err
	}
	_, err = r.store.UpdateClient(client.ID, func(c *state.Client) error {
		left := slices.DeleteFunc(slices.Clone(c.Secrets),
			func(s state.ClientSecret) bool { return s.ID == in.ClientSecretId })
		switch len(left) {
		case len(c.Secrets):
			return fault.New(fault.ResourceNotFound, "Client secret", in.ClientSecretId)
		case 0:
			return fault.New(fault.Invalid, "The last client secret of an app client cannot be deleted.")
		}
		c.Secrets = left
		return nil
	})
	return &wire.Empty{}, err
}

// ListSecretsInput is the input of ListUserPoolClientSecrets. There is only ever one page.
type ListSecretsInput struct {
	UserPoolId string `v:"required,max=55"`
	ClientId   string `v:"required,max=128"`
	NextToken  string
}

// SecretList is the output of ListUserPoolClientSecrets.
type SecretList struct{ ClientSecrets []SecretDescriptor }

// ListSecrets serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPoolClientSecrets.html
func (r *Room) ListSecrets(_ context.Context, in *ListSecretsInput) (*SecretList, error) {
	client, _, err := r.directory.ClientOf(in.UserPoolId, in.ClientId)
	switch {
	case err != nil:
		return nil, err
	case in.NextToken != "":
		return nil, fault.New(fault.Invalid, "Invalid pagination token.")
	}
	out := &SecretList{ClientSecrets: []SecretDescriptor{}}
	for _, s := range client.Secrets {
		out.ClientSecrets = append(out.ClientSecrets, descriptorOf(s))
	}
	return out, nil
}
