// Package sample provides an ordinary event for each trigger source, as Cognito sends it, for trying out a handler and
// for writing its first test event.
package sample

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"cognito-triggers/shared/cognito"
)

//go:embed *.json
var files embed.FS

// Event returns an ordinary event of a trigger source as JSON. version is an event version of the hook, for example
// "V2_0"; "" means the first one. An unknown source or version is an error that lists the known ones.
func Event(source, version string) ([]byte, error) {
	hook := cognito.HookOf(source)
	if hook == "" || !slices.Contains(hook.Sources(), source) {
		return nil, fmt.Errorf("no trigger source is named %q; Cognito has %s", source, strings.Join(allSources(), ", "))
	}
	versions := cognito.VersionsOf(source)
	switch {
	case version == "" && len(versions) > 0:
		version = versions[0]
	case version != "" && !slices.Contains(versions, version):
		return nil, fmt.Errorf("%s has no event version %q; it has %s", source, version, orOnlyOne(versions))
	}
	data, err := files.ReadFile(fileOf(hook, source, version))
	if err != nil {
		return nil, err
	}
	return fill(string(data), source, version), nil
}

func fileOf(hook cognito.Hook, source, version string) string {
	switch {
	case source == cognito.TokenGenerationClientCredentials:
		return "client_credentials.json"
	case hook == cognito.PreTokenGeneration && version == "V1_0":
		return "pre_token_generation_v1.json"
	case source == cognito.UserMigrationForgotPassword:
		return "user_migration_forgot_password.json"
	case source == cognito.PreSignUpExternalProvider:
		return "pre_sign_up_external_provider.json"
	case source == cognito.CustomMessageAdminCreateUser:
		return "custom_message_admin_create_user.json"
	}
	return string(hook) + ".json"
}

// fill inserts the source and the version number into a sample.
func fill(text, source, version string) []byte {
	number := "1"
	if cognito.PreTokenGeneration.Accepts(source) && version != "" {
		number = cognito.Number(version)
	}
	text = strings.Replace(text, "SOURCE", source, 1)
	return []byte(strings.TrimSpace(strings.Replace(text, "VERSION", number, 1)))
}

func allSources() []string {
	var sources []string
	for _, hook := range cognito.Hooks() {
		sources = append(sources, hook.Sources()...)
	}
	return sources
}

func orOnlyOne(versions []string) string {
	switch len(versions) {
	case 0:
		return "only one, so leave the version out"
	case 1:
		return versions[0] + " only"
	}
	return strings.Join(versions, ", ")
}

// Indent returns the event indented by two spaces, or unchanged if it is not valid JSON.
func Indent(event []byte) []byte {
	var value json.RawMessage = event
	out, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return event
	}
	return out
}
