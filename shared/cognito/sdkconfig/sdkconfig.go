// Package sdkconfig converts between cognito.LambdaConfig and the AWS SDK's type. It is a package of its own so that
// Lambda functions do not link the SDK's Cognito client.
package sdkconfig

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/shared/cognito"
)

// To converts config to the SDK's type. It returns an error that names the member if this version of the SDK does not
// have one of the members.
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

// fill sets the fields of a struct by name. They have string types, or are structs, or pointers to either.
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

// From converts the SDK's type to a LambdaConfig; nil gives an empty one.
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
