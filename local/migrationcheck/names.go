package migrationcheck

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Limits of a list.
const (
	maxList = 256 << 20 // bytes
	maxName = 2048
)

// columns are the headers that ReadNames knows, in the order in which it looks for them.
func columns() []string {
	return []string{"cognito:username", "username", "user_name", "login", "email", "phone_number"}
}

// ReadNames reads user names: one per line, or from a CSV file with a header, which is one whose first line has a
// comma. column names the header; "" looks for username, user_name, login, email or phone_number. Empty lines are left
// out, and each name comes once.
func ReadNames(r io.Reader, column string) ([]string, error) {
	in := bufio.NewReader(io.LimitReader(r, maxList))
	if start, _ := in.Peek(3); string(start) == "\ufeff" {
		_, _ = in.Discard(3)
	}
	first, _ := in.Peek(4096)
	line, _, _ := strings.Cut(string(first), "\n")
	read := readLines
	if column != "" || strings.Contains(line, ",") {
		read = func(in io.Reader, add func(string) error) error { return readCSV(in, column, add) }
	}
	var names []string
	seen := map[string]bool{}
	err := read(in, func(name string) error {
		name = strings.TrimSpace(name)
		if len(name) > maxName {
			return fmt.Errorf("user names: number %d is longer than %d bytes", len(names)+1, maxName)
		}
		if name != "" && !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
		return nil
	})
	if err == nil && len(names) == 0 {
		err = errors.New("user names: there are none: write one per line, or CSV with a header")
	}
	return names, err
}

func readLines(in io.Reader, add func(string) error) error {
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		if err := add(lines.Text()); err != nil {
			return err
		}
	}
	return lines.Err()
}

func readCSV(in io.Reader, column string, add func(string) error) error {
	rows := csv.NewReader(in)
	rows.TrimLeadingSpace = true
	header, err := rows.Read()
	if err != nil {
		return fmt.Errorf("user names: the header of the CSV file: %w", err)
	}
	for i := range header {
		header[i] = strings.ToLower(strings.TrimSpace(header[i]))
	}
	wanted := columns()
	if column != "" {
		wanted = []string{strings.ToLower(column)}
	}
	at := -1
	for _, name := range wanted {
		if at = slices.Index(header, name); at >= 0 {
			break
		}
	}
	if at < 0 {
		return fmt.Errorf("user names: the CSV file has no column %s: name one with --column", strings.Join(wanted, ", "))
	}
	for {
		row, err := rows.Read()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("user names: %w", err)
		}
		if err := add(row[at]); err != nil {
			return err
		}
	}
}
