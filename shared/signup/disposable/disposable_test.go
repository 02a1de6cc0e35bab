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
		{name: "first line", domain: lines[0], want: true},
		{name: "last line", domain: lines[len(lines)-1], want: true},
		{name: "well-known", domain: "mailinator.com", want: true},
		{name: "below a listed domain", domain: "inbox.mailinator.com", want: true},
		{name: "far below a listed domain", domain: "a.b.c.mailinator.com", want: true},
		{name: "listed domain as suffix of a label", domain: "nothinglikemailinator.com", want: false},
		{name: "listed domain as prefix", domain: "mailinator.com.example.org", want: false},
		{name: "mail provider", domain: "gmail.com", want: false},
		{name: "Korean mail provider", domain: "naver.com", want: false},
		{name: "documentation domain", domain: "example.com", want: false},
		{name: "top-level domain", domain: "com", want: false},
		{name: "empty", want: false},
		{name: "before all lines", domain: "\x01.a", want: false},
		{name: "after all lines", domain: "~.~", want: false},
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
