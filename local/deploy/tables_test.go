package deploy

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// ownTables is the example minimal with the trigger of local/stack/testdata/foreign instead of the repository's: it has
// a table and statements of its own.
type ownTables struct {
	example
	triggers, zips string
}

func (c ownTables) prepare(_ context.Context, tf *terraform, _ Options) error {
	return tf.write("local_override.tf.json", map[string]any{"module": map[string]any{
		"triggers": map[string]any{
			"triggers_path": c.triggers, "only_triggers": []string{"limit-domains"}, "zips_path": c.zips,
			"architecture": architecture(), "environment": everywhere(c.s), "tables_deletion_protection": false,
		},
		"profiles":   map[string]any{"deletion_protection": false},
		"user_pool":  map[string]any{"deletion_protection": false},
		"protection": map[string]any{"protected": false},
	}})
}

// use signs users up: the trigger refuses the third of a domain, which it counts in its table's index.
func (c ownTables) use(ctx context.Context, tf *terraform, _ Options) error {
	text, err := tf.output(ctx, "output", "-json", "client_ids")
	if err != nil {
		return err
	}
	var clients map[string]string
	if err := json.Unmarshal(text, &clients); err != nil {
		return err
	}
	client, password, name := clients["web"], "Correct-horse-battery-7", "email"
	for i, email := range []string{"a@example.org", "b@example.org", "c@example.com", "d@example.org"} {
		_, err := c.s.Cognito.SignUp(ctx, &cip.SignUpInput{
			ClientId: &client, Username: &email, Password: &password,
			UserAttributes: []types.AttributeType{{Name: &name, Value: &email}},
		})
		if refused := err != nil && strings.Contains(err.Error(), "too many sign-ups"); refused != (i == 3) {
			return fmt.Errorf("%s: error %w", email, errors.Join(err))
		}
	}
	return nil
}

// A trigger's own table, its statements and the setting that names the table are applied, planned again without a
// change and destroyed.
func TestOwnTablesAreApplied(t *testing.T) {
	o := options(t)
	foreign := filepath.Join(o.Root, "local", "stack", "testdata", "foreign", "triggers")
	c := ownTables{example: example{name: "minimal"}, triggers: foreign, zips: t.TempDir()}
	if err := zipTrigger(t.Context(), foreign, "limit-domains", c.zips); err != nil {
		t.Fatal(err)
	}
	s, err := startStack(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	c.s = s.Stack
	if err := errors.Join(run(t.Context(), s.Stack, c, o, time.Now()), s.Close()); err != nil {
		t.Fatal(err)
	}
}

// zipTrigger compiles a trigger and writes its zip as `make build` would.
func zipTrigger(ctx context.Context, triggers, name, into string) error {
	binary := filepath.Join(into, "bootstrap")
	build := exec.CommandContext(ctx, "go", "build", "-o", binary, ".")
	build.Dir = filepath.Join(triggers, name)
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	source, err := os.Open(binary)
	if err != nil {
		return err
	}
	defer source.Close()
	file, err := os.Create(filepath.Join(into, name+".zip"))
	if err != nil {
		return err
	}
	archive := zip.NewWriter(file)
	header := &zip.FileHeader{Name: "bootstrap", Method: zip.Deflate}
	header.SetMode(0o755)
	entry, err := archive.CreateHeader(header)
	if err == nil {
		_, err = io.Copy(entry, source)
	}
	return errors.Join(err, archive.Close(), file.Close())
}
