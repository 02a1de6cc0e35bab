package pooltest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// descriptions is an existing pool as the AWS CLI prints it.
type descriptions struct {
	poolFile string
	pool     *cip.CreateUserPoolInput
	clients  []describedClient
	mfaFile  string
	mfa      *cip.SetUserPoolMfaConfigInput
}

type describedClient struct {
	file  string
	input *cip.CreateUserPoolClientInput
}

// What a description has beyond the settings that made the pool or the client.
var (
	outputsOfPool = []string{
		"Id", "Arn", "CreationDate", "LastModifiedDate", "Status", "EstimatedNumberOfUsers", "Domain", "CustomDomain",
		"LambdaConfig", "SmsConfigurationFailure", "EmailConfigurationFailure",
	}
	outputsOfClient = []string{"UserPoolId", "ClientId", "ClientSecret", "CreationDate", "LastModifiedDate"}
)

// add reads a description, whose kind its first member shows.
func (d *descriptions) add(file string, text []byte) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	var err error
	switch {
	case members["UserPool"] != nil:
		d.poolFile = file
		d.pool, err = poolOf(members["UserPool"])
	case members["UserPoolClient"] != nil:
		var client *cip.CreateUserPoolClientInput
		client, err = clientOf(members["UserPoolClient"])
		d.clients = append(d.clients, describedClient{file, client})
	case members["MfaConfiguration"] != nil:
		d.mfaFile, d.mfa = file, &cip.SetUserPoolMfaConfigInput{}
		err = into(members, d.mfa)
	default:
		return fmt.Errorf("%s: is none of UserPool, UserPoolClient and MfaConfiguration: save the output of "+
			"`aws cognito-idp describe-user-pool --user-pool-id ID --output json`, describe-user-pool-client or "+
			"get-user-pool-mfa-config", file)
	}
	if err != nil {
		return fmt.Errorf("%s: %w; take out what is no setting", file, err)
	}
	return nil
}

func (d *descriptions) check() error {
	switch {
	case d.pool == nil:
		return errors.New("FromDescriptions: no file has a UserPool; add the output of describe-user-pool")
	case len(d.clients) == 0:
		return errors.New("FromDescriptions: no file has a UserPoolClient; add the output of describe-user-pool-client")
	}
	return nil
}

// poolOf returns the input that makes a pool as it is described.
func poolOf(text []byte) (*cip.CreateUserPoolInput, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil {
		return nil, fmt.Errorf("UserPool: %w", err)
	}
	for _, name := range outputsOfPool {
		delete(members, name)
	}
	rename(members, "Name", "PoolName")
	rename(members, "SchemaAttributes", "Schema")
	in := &cip.CreateUserPoolInput{}
	if err := into(members, in); err != nil {
		return nil, fmt.Errorf("UserPool: %w", err)
	}
	in.Schema = slices.DeleteFunc(in.Schema, isOrdinary)
	for i := range in.Schema {
		name := aws.ToString(in.Schema[i].Name)
		in.Schema[i].Name = aws.String(strings.TrimPrefix(strings.TrimPrefix(name, "dev:"), "custom:"))
	}
	if p := in.Policies; p != nil && p.PasswordPolicy != nil && p.PasswordPolicy.TemporaryPasswordValidityDays != 0 &&
		in.AdminCreateUserConfig != nil {
		in.AdminCreateUserConfig.UnusedAccountValidityDays = 0 // a description has the same value under its old name, too
	}
	return in, nil
}

// isOrdinary reports whether a standard attribute is as in every pool. Cognito describes them all, and its API sets
// only those that differ.
func isOrdinary(a types.SchemaAttributeType) bool {
	name := aws.ToString(a.Name)
	return name == "sub" || !strings.Contains(name, ":") && !aws.ToBool(a.Required) && aws.ToBool(a.Mutable)
}

// clientOf returns the input that makes an app client as it is described.
func clientOf(text []byte) (*cip.CreateUserPoolClientInput, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil {
		return nil, fmt.Errorf("UserPoolClient: %w", err)
	}
	hasSecret := members["ClientSecret"] != nil
	for _, name := range outputsOfClient {
		delete(members, name)
	}
	in := &cip.CreateUserPoolClientInput{GenerateSecret: hasSecret}
	if err := into(members, in); err != nil {
		return nil, fmt.Errorf("UserPoolClient: %w", err)
	}
	return in, nil
}

func rename(members map[string]json.RawMessage, from, to string) {
	if value, there := members[from]; there {
		members[to] = value
		delete(members, from)
	}
}

// into decodes members into an input of the SDK. A member that the input does not have is an error that names it.
func into(members map[string]json.RawMessage, input any) error {
	text, err := json.Marshal(members)
	if err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	return dec.Decode(input)
}

// create is a source.
func (d *descriptions) create(ctx context.Context, c *creator) (string, error) {
	pool := *d.pool
	mfaFile, mfa := d.mfaFile, d.mfa
	if pool.MfaConfiguration != "" && pool.MfaConfiguration != types.UserPoolMfaTypeOff && mfa == nil {
		mfaFile, mfa = d.poolFile, &cip.SetUserPoolMfaConfigInput{
			MfaConfiguration:              pool.MfaConfiguration,
			SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true},
		}
	}
	pool.MfaConfiguration = "" // set below, with the factors
	made, err := c.CreateUserPool(ctx, &pool)
	if err != nil {
		return "", refused(d.poolFile, "WithPool", err)
	}
	id := *made.UserPool.Id
	if mfa != nil {
		mfa := *mfa
		mfa.UserPoolId = &id
		if _, err := c.SetUserPoolMfaConfig(ctx, &mfa); err != nil {
			return "", fmt.Errorf("%s: %w; take the setting out of the file", mfaFile, err)
		}
	}
	for _, client := range d.clients {
		in := *client.input
		in.UserPoolId = &id
		if _, err := c.CreateUserPoolClient(ctx, &in); err != nil {
			return "", refused(client.file, "WithClient", err)
		}
	}
	if names := slices.Sorted(maps.Keys(c.clients)); len(names) < len(d.clients) {
		return "", fmt.Errorf("two of the app clients have the same name; there are %s", strings.Join(names, ", "))
	}
	return id, nil
}

func refused(file, option string, err error) error {
	return fmt.Errorf("%s: %w; take the setting out of the file or change it with %s", file, err, option)
}
