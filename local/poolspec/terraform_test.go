package poolspec_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cognito-triggers/local/poolspec"
)

var (
	variableBlock = regexp.MustCompile(`(?ms)^variable "(\w+)" \{$(.*?)^\}$`)
	member        = regexp.MustCompile(`(?m)^    (\w+) +=`)
	withDefault   = regexp.MustCompile(`(?m)^    (\w+) += optional\([\w()]+, (.+)\)$`)
)

func blocks(t *testing.T, path string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "terraform", filepath.FromSlash(path)))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, m := range variableBlock.FindAllStringSubmatch(string(text), -1) {
		found[m[1]] = m[2]
	}
	if len(found) < 10 {
		t.Fatalf("%s has %d variables", path, len(found))
	}
	return found
}

// wrap puts an object where the variable's type, in its block, has one.
func wrap(variable, block, object string) []byte {
	if !strings.Contains(block, "type = map(") {
		return []byte(`{"` + variable + `":` + object + `}`)
	}
	return []byte(`{"` + variable + `":{"x":` + object + `}}`)
}

// Parse accepts whatever Terraform accepts in the shared file; null means the default to both.
func TestTerraformsVariablesAreKnown(t *testing.T) {
	for name, block := range blocks(t, "variables.tf") {
		if _, err := poolspec.Parse([]byte(`{"` + name + `":null}`)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if name == "identity_providers" || name == "ses_identity" {
			continue // only for Terraform, whatever the content
		}
		for _, m := range member.FindAllStringSubmatch(block, -1) {
			if m[1] == "condition" || m[1] == "error_message" {
				continue
			}
			object := `{"` + m[1] + `":null}`
			if name == "domain" { // Terraform, too, wants one of its names
				object = `{"` + strings.Replace(m[1], "prefix", "custom", 1) + `":null,"prefix":"people"}`
			}
			if _, err := poolspec.Parse(wrap(name, block, object)); err != nil {
				t.Errorf("%s.%s: %v", name, m[1], err)
			}
		}
	}
}

// The root module hands every setting of the pool on to the user-pool module.
func TestRootHandsInputsOn(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "terraform", "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	_, call, _ := strings.Cut(string(text), "\nmodule \"user_pool\" {\n")
	call, _, _ = strings.Cut(call, "\n}\n")
	for name := range blocks(t, "modules/user-pool/variables.tf") {
		handed := regexp.MustCompile(`(?m)^  ` + name + ` += (?:var\.` + name + `$|coalesce\(|module\.)`).MatchString(call)
		if !handed && name != "tags" { // the provider's default_tags has them
			t.Errorf("the root module does not hand %s on", name)
		}
	}
}

// Defaults must be the same as Terraform's, or the pools would differ.
func TestDefaultsAreTerraforms(t *testing.T) {
	module := blocks(t, "modules/user-pool/variables.tf")
	for variable, least := range map[string]int{
		"password_policy": 7, "custom_attributes": 6, "app_clients": 10, "sign_in": 1, "passkeys": 1,
		"device_configuration": 2,
	} {
		for _, given := range []string{`{}`, ``} {
			defaults := withDefault.FindAllStringSubmatch(module[variable], -1)
			if len(defaults) < least {
				t.Fatalf("%s has %d defaults", variable, len(defaults))
			}
			object := given
			if given == "" { // null for each member
				nulls := map[string]any{}
				for _, m := range defaults {
					nulls[m[1]] = nil
				}
				text, err := json.Marshal(nulls)
				if err != nil {
					t.Fatal(err)
				}
				object = string(text)
			}
			spec, err := poolspec.Parse(wrap(variable, module[variable], object))
			if err != nil {
				t.Fatal(err)
			}
			value := map[string]any{
				"password_policy": spec.PasswordPolicy, "custom_attributes": spec.CustomAttributes["x"],
				"app_clients": spec.AppClients["x"], "sign_in": spec.SignIn, "passkeys": spec.Passkeys,
				"device_configuration": spec.Devices,
			}[variable]
			got := asJSON(t, value).(map[string]any)
			for _, m := range defaults {
				if slices.Contains([]string{"imported", "alias_attributes"}, m[1]) {
					continue // only for Terraform, or empty in another form
				}
				var want any
				if err := json.Unmarshal([]byte(m[2]), &want); err != nil {
					t.Fatalf("%s.%s = %s: %v", variable, m[1], m[2], err)
				}
				if !reflect.DeepEqual(got[m[1]], want) {
					t.Errorf("%s.%s is %v for %s, but %v in Terraform", variable, m[1], got[m[1]], object, want)
				}
			}
		}
	}
	root := blocks(t, "variables.tf")
	spec, err := poolspec.Parse([]byte(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"name": spec.Name, "feature_plan": spec.FeaturePlan, "mfa": spec.MFA,
		"issuer_type": spec.IssuerType} {
		if !regexp.MustCompile(`default += "` + value + `"`).MatchString(root[name]) {
			t.Errorf("%s defaults to %q, but not in Terraform", name, value)
		}
	}
}

func asJSON(t *testing.T, value any) (decoded any) {
	t.Helper()
	text, err := json.Marshal(value)
	if err == nil {
		err = json.Unmarshal(text, &decoded)
	}
	if err != nil {
		t.Fatal(err)
	}
	return decoded
}
