package disposable

import (
	"bufio"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestContains(t *testing.T) {
	lines := strings.Split(strings.TrimSuffix(domains, "\n"), "\n")
	cases := []struct {
		name, domain string
		want         bool
	}{
		{"first line", lines[0], true},
		{"last line", lines[len(lines)-1], true},
		{"well-known", "mailinator.com", true},
		{"below a listed domain", "inbox.mailinator.com", true},
		{"far below a listed domain", "a.b.c.mailinator.com", true},
		{"listed domain as suffix of a label", "nothinglikemailinator.com", false},
		{"listed domain as prefix", "mailinator.com.example.org", false},
		{"mail provider", "gmail.com", false},
		{"Korean mail provider", "naver.com", false},
		{"documentation domain", "example.com", false},
		{"top-level domain", "com", false},
		{"empty", "", false},
		{"before all lines", "\x01.a", false},
		{"after all lines", "~.~", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := Contains(c.domain); got != c.want {
				t.Errorf("Contains(%q) = %v", c.domain, got)
			}
		})
	}
}

func TestEveryLineIsFound(t *testing.T) {
	lines := strings.Split(strings.TrimSuffix(domains, "\n"), "\n")
	if len(lines) < 5000 {
		t.Fatalf("%d domains: the list lost most of its entries", len(lines))
	}
	if !slices.IsSorted(lines) {
		t.Fatal("the list is not sorted")
	}
	for _, line := range lines {
		if !listed(domains, line) {
			t.Errorf("%q is not found", line)
		}
		if listed(domains, line+"~") || listed(domains, line[:len(line)-1]+"~") {
			t.Errorf("a neighbour of %q is found", line)
		}
	}
}

func TestListedInSmallLists(t *testing.T) {
	for _, lines := range []string{"", "b\n", "b\nd\n", "b\nd\nf\n", "b\nbb\nd\nf\n"} {
		for _, line := range []string{"a", "b", "bb", "c", "d", "e", "f", "g", ""} {
			want := slices.Contains(strings.Split(lines, "\n"), line) && line != ""
			if got := listed(lines, line); got != want {
				t.Errorf("listed(%q, %q) = %v", lines, line, got)
			}
		}
	}
}

func TestSourceDescribesTheList(t *testing.T) {
	file, err := os.Open("SOURCE")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	members := map[string]string{}
	for scanner := bufio.NewScanner(file); scanner.Scan(); {
		name, value, _ := strings.Cut(scanner.Text(), ": ")
		members[name] = value
	}
	for _, name := range []string{"Package", "Version", "Released", "Licence", "Domains"} {
		if members[name] == "" {
			t.Errorf("SOURCE does not say %s", name)
		}
	}
	if got, want := members["Domains"], strings.Count(domains, "\n"); got != strconv.Itoa(want) {
		t.Errorf("SOURCE says %s domains, the list has %d", got, want)
	}
}
