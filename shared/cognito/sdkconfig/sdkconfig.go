// Package sdkconfig turns a LambdaConfig into the type that the AWS SDK has for it, and back. Which member belongs to
// which hook says shared/cognito. No Lambda function links this package.
package sdkconfig

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/shared/cognito"
)

// To gives the SDK's form. The error is for a member that this version of the SDK does not have.
func To(config cognito.LambdaConfig) (*types.LambdaConfigType, error) {
	text, err := json.Marshal(config)
	if err != nil {
		return nil, err
	}
	var members map[string]any
	if err := json.Unmarshal(text, &members); err != nil {
		return nil, err
	}
	out := &types.LambdaConfigType{}
	if err := fill(reflect.ValueOf(out).Elem(), members); err != nil {
		return nil, fmt.Errorf("LambdaConfig: %w", err)
	}
	return out, nil
}

// fill sets the fields of a struct by their names. They are strings, kinds of string, pointers to both, and structs.
func fill(into reflect.Value, members map[string]any) error {
	for name, value := range members {
		field := into.FieldByName(name)
		if !field.IsValid() {
			return fmt.Errorf("the AWS SDK has no member %s", name)
		}
		if field.Kind() == reflect.Pointer {
			field.Set(reflect.New(field.Type().Elem()))
			field = field.Elem()
		}
		nested, isObject := value.(map[string]any)
		text, isText := value.(string)
		switch {
		case isObject && field.Kind() == reflect.Struct:
			if err := fill(field, nested); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		case isText && field.Kind() == reflect.String:
			field.SetString(text)
		default:
			return fmt.Errorf("the AWS SDK's member %s has another type", name)
		}
	}
	return nil
}

// From reads the SDK's form; nil is empty.
func From(config *types.LambdaConfigType) (cognito.LambdaConfig, error) {
	var out cognito.LambdaConfig
	if config == nil {
		return out, nil
	}
	text, err := json.Marshal(config)
	if err != nil {
		return out, err
	}
	err = json.Unmarshal(text, &out)
	return out, err
}
