package model

import (
	"bytes"
	"compress/gzip"
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cognito-triggers/local/emulator"
	"cognito-triggers/shared/repository"
)

var update = flag.Bool("update", false, "write operations.json from botocore's model")

// installTime bounds the first installation of botocore.
const installTime = 5 * time.Minute

// operations.json is botocore's model. Source: botocore 1.44.8, data/cognito-idp/2016-04-18/service-2.json.gz.
func TestExtract(t *testing.T) {
	all, err := Parse(botocore(t))
	if err != nil {
		t.Fatal(err)
	}
	want, err := Encode(all)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("operations.json", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(extract, want) {
		t.Error("operations.json is not botocore's model: run go test ./local/userpool/internal/model -update")
	}
}

// botocore installs the pinned package and returns its model of the API.
func botocore(t *testing.T) []byte {
	t.Helper()
	root, err := repository.Root()
	if err != nil {
		t.Fatal(err)
	}
	requirements, err := os.ReadFile("requirements.txt")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), installTime)
	defer cancel()
	interpreter, err := emulator.Python(ctx,
		emulator.Options{BuildDir: filepath.Join(root, "build"), Logs: t.Output()}, requirements)
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skipf("SKIP: operations.json is not compared with botocore's model, since botocore cannot be installed: %v", err)
	}
	found, err := filepath.Glob(filepath.Join(filepath.Dir(interpreter), "..", "lib", "python*", "site-packages",
		"botocore", "data", "cognito-idp", "2016-04-18", "service-2.json*"))
	if err != nil || len(found) != 1 {
		t.Fatalf("botocore has the models %v of cognito-idp, error %v", found, err)
	}
	file, err := os.Open(found[0])
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	var in io.Reader = file
	if strings.HasSuffix(found[0], ".gz") {
		if in, err = gzip.NewReader(file); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestMember(t *testing.T) {
	t.Parallel()
	all, err := Operations()
	if err != nil {
		t.Fatal(err)
	}
	pool := all["CreateUserPool"].Input
	for path, want := range map[string]string{
		"PoolName": "string", "Schema": "list", "Schema.Name": "string", "AcrConfiguration": "map",
		"Policies.PasswordPolicy.MinimumLength": "integer", "Nothing": "", "PoolName.Nothing": "", "Policies.Nothing": "",
	} {
		got := ""
		if member := pool.Member(path); member != nil {
			got = member.Type
		}
		if got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
	if got := pool.Member("MfaConfiguration").Sample(); got != "OPTIONAL" {
		t.Errorf("a sample is %v, want the last value of the enum", got)
	}
}

// A model that a later botocore writes in another form is an error, not an empty table.
func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]string{
		"no JSON":         `{`,
		"a missing shape": `{"operations":{"A":{"input":{"shape":"B"}}},"shapes":{}}`,
		"a shape in itself": `{"operations":{"A":{"output":{"shape":"B"}}},` +
			`"shapes":{"B":{"type":"list","member":{"shape":"B"}}}}`,
	} {
		if _, err := Parse([]byte(raw)); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}
