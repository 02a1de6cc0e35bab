package migrationcheck

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/pooltest"
	"cognito-triggers/shared/migration"
)

// directory is a source by name.
type directory map[string]migration.Account

func (d directory) LookUp(_ context.Context, name string) (migration.Account, error) {
	account, there := d[name]
	switch {
	case name == "broken":
		return account, errors.New("the table is locked")
	case !there:
		return account, migration.ErrUnknown
	}
	return account, nil
}

func account(email string, change func(*migration.Account)) migration.Account {
	a := migration.Account{
		Attributes: map[string]string{"mail": email, "id": "u-" + email}, Verified: map[string]bool{"mail": true},
	}
	if change != nil {
		change(&a)
	}
	return a
}

func unverified(a *migration.Account) { a.Verified = nil }

func TestBecomes(t *testing.T) {
	source := directory{
		"good":     account("good@example.org", nil),
		"open":     account("open@example.org", unverified),
		"stale":    account("stale@example.org", func(a *migration.Account) { a.ResetRequired = true }),
		"stuck":    account("stuck@example.org", func(a *migration.Account) { a.ResetRequired, a.Verified = true, nil }),
		"blocked":  account("blocked@example.org", func(a *migration.Account) { a.Disabled = true }),
		"totp":     account("totp@example.org", func(a *migration.Account) { a.SecondFactor = true }),
		"junk":     account("junk", nil),
		"there":    account("there@example.org", nil),
		"squatted": account("squatted@example.org", nil),
		"claimed":  account("claimed@example.org", nil),
		"renamed":  account("renamed@example.org", nil),
	}
	users := []pooltest.User{
		{Name: "there", Password: "Sunny100%"},
		{Name: "mallory", Password: "Sunny100%", Attributes: map[string]string{"email": "squatted@example.org"}},
		{Name: "eve", Password: "Sunny100%", Attributes: map[string]string{"email": "claimed@example.org"}},
		{Name: "u-renamed@example.org", Password: "Sunny100%"},
	}
	for name, c := range map[string]struct {
		aliases []types.AliasAttributeType
		want    map[string]Becomes // where it differs
	}{
		"user names": {},
		"aliases": {
			aliases: []types.AliasAttributeType{types.AliasAttributeTypeEmail},
			// eve's address is not verified, so it is nobody's alias yet
			want: map[string]Becomes{"squatted": Conflict, "renamed": Conflict},
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := pooltest.Start(t, pooltest.WithPool(func(in *cip.CreateUserPoolInput) { in.AliasAttributes = c.aliases }))
			for _, u := range users {
				if u.Name == "u-renamed@example.org" && c.aliases != nil {
					u.Name = "u-renamed" // a pool with this alias takes no address as a name
					source["renamed"].Attributes["id"] = "u-renamed"
				}
				err := p.SignUp(u)
				if err == nil && u.Name == "mallory" {
					err = p.Confirm(u.Name)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			check := &Check{
				Source: source, Pools: p.Client, PoolID: p.ID,
				Rules: migration.Rules{Mapping: migration.Mapping{"email": "mail", "username": "id"}},
			}
			want := map[string]Becomes{
				"good": Migrates, "open": Unverified, "stale": ResetRequired, "stuck": Refused, "blocked": Refused,
				"totp": Refused, "junk": Refused, "there": Conflict, "squatted": Migrates, "claimed": Migrates,
				"renamed": Migrates, "nobody": Unknown, "broken": Failed,
			}
			var names []string
			for name := range want {
				names = append(names, name)
			}
			for name, becomes := range c.want {
				want[name] = becomes
			}
			slices.Sort(names)
			before := usersOf(t, p)
			got := map[string]Becomes{}
			if err := check.Run(t.Context(), names, func(r Result) {
				got[r.User] = r.Becomes
				if (r.Why == "") != (r.Becomes == Migrates) || strings.Contains(r.Why, "example.org") {
					t.Errorf("%s: %q", r.User, r.Why)
				}
			}); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got  %v\nwant %v", got, want)
			}
			if after := usersOf(t, p); after != before || len(p.Fired()) != 0 {
				t.Errorf("%d users before, %d after, %d triggers fired", before, after, len(p.Fired()))
			}
		})
	}
}

func usersOf(t *testing.T, p *pooltest.Pool) int {
	t.Helper()
	out, err := p.Client.ListUsers(t.Context(), &cip.ListUsersInput{UserPoolId: &p.ID})
	if err != nil {
		t.Fatal(err)
	}
	return len(out.Users)
}

func TestReadNames(t *testing.T) {
	for name, c := range map[string]struct {
		text, column string
		want         []string
		problem      string
	}{
		"lines":              {text: "ines\n\n leon \r\nines\n", want: []string{"ines", "leon"}},
		"no last line break": {text: "ines", want: []string{"ines"}},
		"byte order mark":    {text: "\ufeffines\nleon", want: []string{"ines", "leon"}},
		"CSV": {
			text: "id,Email,name\n1,a@example.org,\"A, B\"\n2,b@example.org,x\n",
			want: []string{"a@example.org", "b@example.org"},
		},
		"CSV, several": {text: "email,username\na@example.org,ines\n", want: []string{"ines"}},
		"CSV, column": {
			text: "email,username\na@example.org,ines\n", column: "EMAIL", want: []string{"a@example.org"},
		},
		"CSV of one column":   {text: "login\nines\n", column: "login", want: []string{"ines"}},
		"CSV, no such column": {text: "a,b\n1,2\n", problem: "--column"},
		"CSV, uneven":         {text: "username,b\nines\n", problem: "wrong number of fields"},
		"nothing":             {text: "\n\n", problem: "there are none"},
		"CSV without rows":    {text: "username,b\n", problem: "there are none"},
		"too long":            {text: strings.Repeat("x", 2049), problem: "longer than"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ReadNames(strings.NewReader(c.text), c.column)
			if (err == nil) != (c.problem == "") || err != nil && !strings.Contains(err.Error(), c.problem) {
				t.Fatalf("error %v, want %q", err, c.problem)
			}
			if err == nil && !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func FuzzReadNames(f *testing.F) {
	f.Add("ines\nleon", "")
	f.Add("email,username\na@example.org,ines", "email")
	f.Fuzz(func(t *testing.T, text, column string) {
		names, err := ReadNames(strings.NewReader(text), column)
		if err == nil && len(names) == 0 {
			t.Error("neither names nor error")
		}
		for _, name := range names {
			if name == "" || name != strings.TrimSpace(name) {
				t.Errorf("name %q", name)
			}
		}
	})
}

func TestWrite(t *testing.T) {
	results := []Result{
		{User: "ines@example.org", Becomes: Migrates},
		{User: "a\tb\x1b[2J", Becomes: Refused, Why: "the account is disabled in the source"},
		{User: `x,"y"`, Becomes: Migrates},
	}
	var table, list, object bytes.Buffer
	for format, out := range map[string]*bytes.Buffer{"table": &table, "csv": &list, "json": &object} {
		if err := Write(out, format, results); err != nil {
			t.Fatal(err)
		}
	}
	if text := table.String(); !strings.HasPrefix(text, "USER ") || strings.Contains(text, "\x1b") ||
		!strings.HasSuffix(text, "\n3 users: 2 migrates, 1 refused\n") {
		t.Errorf("table:\n%s", text)
	}
	rows, err := csv.NewReader(&list).ReadAll()
	if err != nil || len(rows) != 4 || rows[3][0] != `x,"y"` || rows[2][2] == "" {
		t.Errorf("CSV %q, error %v", rows, err)
	}
	var got struct {
		Results []Result
		Summary map[Becomes]int
	}
	if err := json.Unmarshal(object.Bytes(), &got); err != nil || !reflect.DeepEqual(got.Results, results) ||
		got.Summary[Migrates] != 2 {
		t.Errorf("JSON %+v, error %v", got, err)
	}
	if err := Write(&table, "yaml", results); err == nil {
		t.Error("yaml is accepted")
	}
}
