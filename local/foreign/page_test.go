package foreign

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The page whose commands are run, and its section that leads from nothing to a fired trigger.
const (
	pagePath = "docs/your-repository.md"
	section  = "Ten minutes"
	most     = 10 // commands in that section
)

// A command is one line of an sh block, or several that end in a backslash.
type command struct {
	section string
	text    string
	file    string // written with text as its content, instead of run
	needs   string // a program without which it is left out
	wanted  bool   // the text must be in what the page prints; it is not run
}

var (
	heading = regexp.MustCompile(`^## (.+)$`)
	fence   = regexp.MustCompile("^```(.*)$")
	// named is the first line of a block that is a file: a comment with nothing but a path.
	named = regexp.MustCompile(`^(?:#|//) ([A-Za-z0-9_./-]+\.[a-z]+)$`)
	// filed is the fence of a block that is a file and has no comments.
	filed = regexp.MustCompile(`^[a-z]+ file=([A-Za-z0-9_./-]+)$`)
)

// commandsOf returns a page's commands and files in their order.
func commandsOf(page string) (all []command) {
	current, info, text := "", "", ""
	inside := false
	for line := range strings.Lines(page) {
		bare := strings.TrimSuffix(line, "\n")
		if mark := fence.FindStringSubmatch(bare); mark != nil {
			if inside {
				all = append(all, block(current, info, text)...)
			}
			inside, info, text = !inside, mark[1], ""
			continue
		}
		if title := heading.FindStringSubmatch(bare); title != nil && !inside {
			current = title[1]
		}
		text += line
	}
	return all
}

func block(section, info, text string) (all []command) {
	if match := filed.FindStringSubmatch(info); match != nil {
		return []command{{section: section, file: match[1], text: text}}
	}
	first, rest, _ := strings.Cut(text, "\n")
	if match := named.FindStringSubmatch(first); match != nil {
		return []command{{section: section, file: match[1], text: strings.TrimPrefix(rest, "\n")}}
	}
	if info == "text" {
		for line := range strings.Lines(text) {
			all = append(all, command{section: section, text: strings.TrimSpace(line), wanted: true})
		}
		return all
	}
	tool, runs := strings.CutPrefix(info, "sh")
	if !runs {
		return nil
	}
	joined := ""
	for line := range strings.Lines(text) {
		joined += line
		if trimmed := strings.TrimSpace(joined); !strings.HasSuffix(trimmed, `\`) {
			if trimmed != "" && !strings.HasPrefix(trimmed, "#") {
				all = append(all, command{section: section, text: trimmed, needs: strings.TrimSpace(tool)})
			}
			joined = ""
		}
	}
	return all
}

// readPage reads a page of the repository, or of a published copy.
func readPage(t *testing.T, root, path string) []command {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
	if err != nil {
		t.Fatal(err)
	}
	return commandsOf(string(page))
}

// further is in pages that go on in the repository that the first page makes.
const further = "\n<!-- repository: your own -->\n"

// furtherPages returns the paths of the recipes for a repository of one's own.
func furtherPages(t *testing.T, root string) (paths []string) {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(root, "docs", "recipes", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range all {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), further) {
			paths = append(paths, "docs/recipes/"+filepath.Base(path))
		}
	}
	if len(paths) == 0 {
		t.Fatal("no recipe is for a repository of one's own")
	}
	return paths
}

func TestCommandsOf(t *testing.T) {
	t.Parallel()
	got := commandsOf("# Title\n```sh\nzero\n```\n## One\ntext\n```sh\n# why\na \\\n  b\n\nc # d\n```\n" +
		"```go\n// x/main.go\n\npackage main\n```\n```text\nprinted\n## no heading\n```\n" +
		"## Two\n```sh terraform\ne\n```\n```json file=a/B.json\n{}\n```\n")
	want := []command{
		{section: "", text: "zero"}, {section: "One", text: "a \\\n  b"}, {section: "One", text: "c # d"},
		{section: "One", text: "package main\n", file: "x/main.go"}, {section: "One", text: "printed", wanted: true},
		{section: "One", text: "## no heading", wanted: true}, {section: "Two", text: "e", needs: "terraform"},
		{section: "Two", text: "{}\n", file: "a/B.json"},
	}
	if len(got) != len(want) {
		t.Fatalf("%d commands %+v, want %d", len(got), got, len(want))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("command %d: %+v, want %+v", i, got[i], want[i])
		}
	}
}

// From an empty folder to a fired trigger it takes few commands.
func TestThePageIsShort(t *testing.T) {
	t.Parallel()
	count := 0
	for _, c := range readPage(t, filepath.Join("..", ".."), pagePath) {
		if c.section == section && !c.wanted {
			count++
		}
	}
	if count == 0 || count > most {
		t.Errorf("%s has %d commands in the section %s, want 1 to %d", pagePath, count, section, most)
	}
}
