package poolspec_test

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"cognito-triggers/local/poolspec"
)

// Local runs lay local.tfvars.json over the settings, variable by variable; what is deployed does not have it.
func TestLocalSettings(t *testing.T) {
	t.Parallel()
	const deployed = `{"name":"shop","app_clients":{"app":{"auth_flows":["USER_SRP_AUTH"]},"tv":{}},"api":null}`
	for name, c := range map[string]struct {
		deployed, local string // local "" for no file
		clients         []string
		off             bool
		err             string
	}{
		"no file": {deployed: deployed, clients: []string{"app", "tv"}, off: true},
		"whole variables": {
			deployed: deployed, clients: []string{"app", "tv", "web"},
			local: `{"app_clients":{"app":{"auth_flows":["USER_PASSWORD_AUTH"]},"tv":{},"web":{}},"api":{}}`,
		},
		"a forgotten client": {
			deployed: deployed, local: `{"app_clients":{"app":{}}}`, err: "local.tfvars.json: app_clients lacks tv: a variable",
		},
		"an unknown variable": {deployed: deployed, local: `{"app_client":{}}`, err: "local.tfvars.json: unknown field"},
		"not an object":       {deployed: deployed, local: `[]`, err: "local.tfvars.json: "},
		"mistakes of the other file": {
			deployed: `{"app_client":{}}`, local: `{}`, err: "pool.auto.tfvars.json: unknown field",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			dir := filepath.Join(root, "terraform")
			if err := os.Mkdir(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			for file, text := range map[string]string{"pool.auto.tfvars.json": c.deployed, "local.tfvars.json": c.local} {
				if text == "" {
					continue
				}
				if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			spec, err := poolspec.Read(root)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Fatalf("error %v, want %q", err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var clients []string
			for client := range spec.AppClients {
				clients = append(clients, client)
			}
			slices.Sort(clients)
			if !slices.Equal(clients, c.clients) || spec.API.Off != c.off || spec.Name != "shop" {
				t.Errorf("clients %v, API off %t, name %s", clients, spec.API.Off, spec.Name)
			}
			plain, err := poolspec.Deployed(root)
			if err != nil {
				t.Fatal(err)
			}
			if len(plain.AppClients) != 2 || !plain.API.Off {
				t.Errorf("deployed: clients %v, API off %t", plain.AppClients, plain.API.Off)
			}
		})
	}
}

// What the demo needs on this machine, password flows and the API, is not in what an apply deploys. The rest of the app
// client is the same.
func TestTheDemoIsNotDeployed(t *testing.T) {
	t.Parallel()
	deployed, err := poolspec.Deployed("../..")
	if err != nil {
		t.Fatal(err)
	}
	local, err := poolspec.Read("../..")
	if err != nil {
		t.Fatal(err)
	}
	app, demo := deployed.AppClients["app"], local.AppClients["app"]
	if want := []string{"USER_SRP_AUTH", "REFRESH_TOKEN_AUTH"}; !slices.Equal(app.AuthFlows, want) {
		t.Errorf("flows of the deployed client: %v, want %v", app.AuthFlows, want)
	}
	for _, flow := range []string{"USER_PASSWORD_AUTH", "CUSTOM_AUTH"} {
		if !slices.Contains(demo.AuthFlows, flow) {
			t.Errorf("flows of the demo's client: %v, want %s among them", demo.AuthFlows, flow)
		}
	}
	if demo.AuthFlows = app.AuthFlows; !reflect.DeepEqual(demo, app) {
		t.Errorf("the demo's client is %+v, want %+v but for the flows", demo, app)
	}
	text, err := os.ReadFile(filepath.Join("..", "..", "terraform", "pool.auto.tfvars.json"))
	if err != nil || strings.Contains(string(text), `"api"`) {
		t.Errorf("pool.auto.tfvars.json has the API, or error %v", err)
	}
}
