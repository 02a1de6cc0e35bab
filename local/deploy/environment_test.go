package deploy

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestQuiet(t *testing.T) {
	there := filepath.Join(t.TempDir(), "terraform.rc")
	if err := os.WriteFile(there, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	always := []string{"CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_INPUT=0"}
	for name, c := range map[string]struct {
		entry string
		kept  bool
	}{
		"a search path":                              {entry: "PATH=/bin", kept: true},
		"a value with an equals sign":                {entry: "LESS=-x=4", kept: true},
		"the user's AWS profile":                     {entry: "AWS_PROFILE=production"},
		"the user's credentials":                     {entry: "AWS_SECRET_ACCESS_KEY=secret"},
		"an endpoint of the user's":                  {entry: "AWS_ENDPOINT_URL_IAM=http://127.0.0.1:1"},
		"a variable of the configuration":            {entry: "TF_VAR_deletion_protection=true"},
		"arguments of every command":                 {entry: "TF_CLI_ARGS_apply=-target=module.profiles"},
		"a configuration file that is there":         {entry: "TF_CLI_CONFIG_FILE=" + there, kept: true},
		"a configuration file that is not there":     {entry: "TF_CLI_CONFIG_FILE=" + there + ".gone"},
		"a name that begins like a provider's by AW": {entry: "AWK=gawk", kept: true},
	} {
		t.Run(name, func(t *testing.T) {
			want := always
			if c.kept {
				want = append([]string{c.entry}, always...)
			}
			if got := quiet([]string{c.entry}); !slices.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestMissing(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	t.Run("no terraform", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		reason, err := Missing(t.Context(), Options{Root: root, Logs: io.Discard})
		if err != nil || reason != "terraform is not installed" {
			t.Errorf("reason %q, error %v", reason, err)
		}
	})
	t.Run("no provider", func(t *testing.T) {
		withTerraform(t, "echo no such provider; exit 1")
		var logs strings.Builder
		reason, err := Missing(t.Context(), Options{Root: root, Logs: &logs})
		if err != nil || !strings.Contains(reason, "TF_PLUGIN_DIR") || !strings.Contains(logs.String(), "no such provider") {
			t.Errorf("reason %q, error %v, logs %q", reason, err, logs.String())
		}
	})
	t.Run("a provider that Terraform finds by itself", func(t *testing.T) {
		withTerraform(t, "test -s versions.tf")
		if reason, err := Missing(t.Context(), Options{Root: root, Logs: io.Discard}); err != nil || reason != "" {
			t.Errorf("reason %q, error %v", reason, err)
		}
	})
	t.Run("a folder of providers", func(t *testing.T) {
		withTerraform(t, "exit 1")
		if reason, err := Missing(t.Context(), Options{Root: root, Logs: io.Discard, PluginDir: "/providers"}); err != nil ||
			reason != "" {
			t.Errorf("reason %q, error %v", reason, err)
		}
	})
	t.Run("an interrupt is an error, not a reason", func(t *testing.T) {
		withTerraform(t, "exit 1")
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := Missing(ctx, Options{Root: root, Logs: io.Discard}); err == nil {
			t.Error("no error")
		}
	})
}

// withTerraform puts a fake terraform first on the search path.
func withTerraform(t *testing.T, script string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "terraform"), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
}
