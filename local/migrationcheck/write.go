package migrationcheck

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Formats lists the formats of Write.
func Formats() []string { return []string{"table", "json", "csv"} }

// Count counts results by what users become.
func Count(results []Result) map[Becomes]int {
	counts := map[Becomes]int{}
	for _, r := range results {
		counts[r.Becomes]++
	}
	return counts
}

// Write prints results: a table with a summary, JSON with results and summary, or CSV with a header.
func Write(w io.Writer, format string, results []Result) error {
	switch format {
	case "table":
		return writeTable(w, results)
	case "json":
		out := json.NewEncoder(w)
		out.SetIndent("", "  ")
		out.SetEscapeHTML(false)
		if results == nil {
			results = []Result{}
		}
		return out.Encode(map[string]any{"results": results, "summary": Count(results)})
	case "csv":
		out := csv.NewWriter(w)
		rows := [][]string{{"user", "becomes", "why"}}
		for _, r := range results {
			rows = append(rows, []string{r.User, string(r.Becomes), r.Why})
		}
		return out.WriteAll(rows)
	}
	return fmt.Errorf("the format %q is unknown: use one of %s", format, strings.Join(Formats(), ", "))
}

func writeTable(w io.Writer, results []Result) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "USER\tBECOMES\tWHY")
	for _, r := range results {
		fmt.Fprintf(table, "%s\t%s\t%s\n", printable(r.User), r.Becomes, r.Why)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	counts := Count(results)
	var parts []string
	for _, becomes := range All() {
		if counts[becomes] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[becomes], becomes))
		}
	}
	_, err := fmt.Fprintf(w, "%d users: %s\n", len(results), strings.Join(parts, ", "))
	return err
}

// printable keeps control characters of a list from the terminal and the table's columns.
func printable(name string) string {
	quoted := fmt.Sprintf("%q", name)
	if quoted == `"`+name+`"` {
		return name
	}
	return quoted
}
