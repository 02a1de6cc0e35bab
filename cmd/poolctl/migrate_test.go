package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/replay"
	"cognito-triggers/shared/tables"
)

// The dry run asks a table of the emulator and a pool, and changes neither.
func TestMigrateCheck(t *testing.T) {
	b := poolByHand(t)
	table := "old-users-" + strings.ToLower(rand.Text())
	if err := tables.Create(t.Context(), local.DynamoDB, table, "login"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tables.Delete(context.WithoutCancel(t.Context()), local.DynamoDB, table) })
	const hash = "$2a$04$7m6gTxhiHxmKECdqlS9TGOG5p.mNPICzneqIlzi8nVNhOt2eUrqq."
	store := replay.Tables{DB: local.DynamoDB}
	for _, item := range []string{
		`{"login":"ines","email":"ines@example.org","ok":true,"hash":"` + hash + `"}`,
		`{"login":"leon","email":"leon@example.org","ok":false,"hash":"` + hash + `"}`,
		`{"login":"maya","email":"maya@example.org","ok":true,"hash":"5f4dcc3b5aa765d61d8327deb882cf99"}`,
		`{"login":"there","email":"there@example.org","ok":true,"hash":"` + hash + `"}`,
	} {
		if err := store.Put(t.Context(), table, json.RawMessage(item)); err != nil {
			t.Fatal(err)
		}
	}
	name := "there"
	if _, err := b.pools.AdminCreateUser(t.Context(), &cip.AdminCreateUserInput{
		UserPoolId: &b.id, Username: &name, MessageAction: types.MessageActionTypeSuppress}); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_ENDPOINT_URL_DYNAMODB", local.Emulator.Endpoint)
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	check := func(stdin string, args ...string) ran {
		return poolctl(t, root, stdin, append([]string{
			"migrate", "check", "--user-pool-id", b.id, "--per-second", "25", "--set", "MIGRATION_SOURCE=table",
			"--set", "MIGRATION_TABLE_ARN=arn:aws:dynamodb:" + local.Region + ":111122223333:table/" + table,
			"--set", `MIGRATION_TABLE={"key":"login","password_hash":"hash","dummy_hash":"` + hash +
				`","verified":{"email":"ok"}}`,
		}, args...)...)
	}
	all := check("ines\nleon\nmaya\nthere\nnobody\n")
	all.wants(t, 0, "5 users: 1 migrates, 1 reset required, 1 unverified address, 1 conflict, 1 unknown\n", "")
	if strings.Contains(all.stdout, hash) || strings.Contains(all.stdout, "example.org") {
		t.Errorf("the output has more than was asked:\n%s", all.stdout)
	}
	file := filepath.Join(t.TempDir(), "users.csv")
	if err := os.WriteFile(file, []byte("id,username\n1,ines\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	check("", "--users", file, "--format", "csv").wants(t, 0, "user,becomes,why\nines,migrates,\n", "")
	check("", "--users", file, "--format", "json").wants(t, 0, `"migrates": 1`, "")
	check("ines\n", "--set", "MIGRATION_SOURCE=").wants(t, 1, "", "MIGRATION_SOURCE is not set")
	check("ines\n", "--set", "MIGRATION_SUORCE=table").wants(t, 1, "", "has no setting MIGRATION_SUORCE")
	check("ines\n", "--format", "yaml").wants(t, 1, "", "--format: use table, json, csv")
	check("\n").wants(t, 1, "", "there are none")
	missing := strings.Replace(table, "old", "new", 1)
	check("ines\n", "--set", "MIGRATION_TABLE_ARN=arn:aws:dynamodb:"+local.Region+":111122223333:table/"+missing).
		wants(t, 1, "1 not checked", "")
}
