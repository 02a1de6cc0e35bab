package userpool

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"cognito-triggers/local/userpool/internal/wire"
)

var update = flag.Bool("update", false, "write the support tables into local/README.md")

const readme = "../README.md"

// The tables in local/README.md match the registry.
func TestSupportTables(t *testing.T) {
	raw, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	text := string(raw)
	for name, rows := range map[string]string{"operations": operationsTable(), "settings": settingsTable()} {
		begin, end := "<!-- "+name+": begin -->\n", "<!-- "+name+": end -->"
		before, rest, opened := strings.Cut(text, begin)
		_, after, closed := strings.Cut(rest, end)
		if !opened || !closed {
			t.Fatalf("%s has no %q before %q", readme, begin, end)
		}
		text = before + begin + rows + end + after
	}
	if text == string(raw) {
		return
	}
	if !*update {
		t.Fatalf("the tables in %s are out of date: run go test ./local/userpool -run TestSupportTables -update", readme)
	}
	if err := os.WriteFile(readme, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// tableOf puts the names with the same support and note into one row and groups the members of nested objects.
func tableOf(head string, rows [][3]string) string {
	var text strings.Builder
	fmt.Fprintf(&text, "| %s | Support | Note |\n|---|---|---|\n", head)
	var order []string
	names := map[string][]string{}
	for _, row := range rows {
		around, name := "", row[0]
		if i := strings.LastIndex(row[0], "."); i >= 0 {
			around, name = "`"+row[0][:i]+"`: ", row[0][i+1:]
		}
		key := around + "\x00" + row[1] + " | " + row[2]
		if names[key] == nil {
			order = append(order, key)
		}
		names[key] = append(names[key], "`"+name+"`")
	}
	for _, key := range order {
		around, rest, _ := strings.Cut(key, "\x00")
		fmt.Fprintf(&text, "| %s%s | %s |\n", around, strings.Join(names[key], ", "), rest)
	}
	return text.String()
}

func operationsTable() string {
	var rows [][3]string
	for _, support := range []Support{Enforced, Stored, Refused} {
		for _, op := range Registry() {
			if op.Support == support {
				rows = append(rows, [3]string{op.Name, string(support), op.Note})
			}
		}
	}
	return tableOf("Operation", rows)
}

func settingsTable() string {
	var text strings.Builder
	for _, of := range wire.Owners() {
		var rows [][3]string
		for _, support := range []Support{Enforced, Stored, Refused} {
			for _, row := range Settings() {
				if row.Of == of && row.Support == support {
					name := row.Name
					if row.Value != "" {
						name += "=" + row.Value
					}
					rows = append(rows, [3]string{name, string(support), row.Note})
				}
			}
		}
		title := "Of a " + of
		if of == wire.AnyRequest {
			title = "Of other requests; what is not named is enforced"
		}
		fmt.Fprintf(&text, "\n%s:\n\n%s", strings.NewReplacer("a app", "an app", "a identity", "an identity", "a MFA",
			"an MFA").Replace(title), tableOf("Setting", rows))
	}
	return text.String() + "\n"
}
