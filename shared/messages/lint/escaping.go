package lint

import (
	"fmt"
	htmltemplate "html/template"
	"io/fs"
	"slices"
	"strings"
	texttemplate "text/template"
	"text/template/parse"

	"cognito-triggers/shared/messages"
)

// escaping compares every block with the output of html/template, or of text/template for plain text.
func escaping(set *messages.Set, locale string, kind messages.Kind) error {
	asHTML, asText := htmltemplate.New(""), texttemplate.New("")
	for _, name := range messages.Files(locale, kind) {
		text, err := fs.ReadFile(set.FS(), name)
		if err != nil {
			return err
		}
		if _, err := asHTML.Parse(string(text)); err != nil {
			return err
		}
		if _, err := asText.Parse(string(text)); err != nil {
			return err
		}
	}
	for _, fields := range variants(locale, hostile) {
		for _, block := range kind.HTMLBlocks() {
			if err := compare(set, locale, kind, block, fields, true, func(w *strings.Builder) error {
				return asHTML.ExecuteTemplate(w, block, values(fields))
			}); err != nil {
				return err
			}
		}
		for _, block := range kind.TextBlocks() {
			if err := compare(set, locale, kind, block, fields, false, func(w *strings.Builder) error {
				return asText.ExecuteTemplate(w, block, values(fields))
			}); err != nil {
				return err
			}
		}
	}
	for _, t := range asHTML.Templates() {
		if err := places(t.Tree); err != nil {
			return err
		}
	}
	return nil
}

func compare(set *messages.Set, locale string, kind messages.Kind, block string, fields messages.Fields, html bool,
	execute func(*strings.Builder) error) error {
	var want strings.Builder
	if err := execute(&want); err != nil {
		return err
	}
	got, err := set.Block(locale, kind, block, fields, html)
	if err != nil {
		return err
	}
	if got != want.String() {
		return fmt.Errorf("block %q: html/template writes it differently: leave out comments and scripts, and use "+
			"values in text only", block)
	}
	return nil
}

// values are the fields for html/template; placeholders are written unescaped.
func values(f messages.Fields) map[string]any {
	return map[string]any{
		"Brand": f.Brand, "Support": f.Support, "SignInURL": f.SignInURL, "Locale": f.Locale, "Subject": f.Subject,
		"GivenName": f.GivenName, "FamilyName": f.FamilyName, "FullName": f.FullName,
		"Time": f.Time, "Place": f.Place, "Device": f.Device, "Address": f.Address, "Refused": f.Refused,
		"WasMe": f.WasMe, "WasNotMe": f.WasNotMe,
		"Code": htmltemplate.HTML(f.Code), "Username": htmltemplate.HTML(f.Username), "Link": htmltemplate.HTML(f.Link),
	}
}

// places reports a value at a place where html/template needs more than plain escaping, as its rewritten tree shows.
// Links may contain the settings that are checked to be plain addresses.
func places(tree *parse.Tree) error {
	if tree == nil || tree.Root == nil {
		return nil
	}
	var problem error
	walk(tree.Root, func(action *parse.ActionNode) {
		value, escapers := action.Pipe.Cmds[0].String(), escapersOf(action.Pipe)
		placeholder := slices.Contains([]string{".Code", ".Username", ".Link", "$.Code", "$.Username", "$.Link"}, value)
		address := slices.Contains([]string{".Support", ".SignInURL", ".WasMe", ".WasNotMe"}, strings.TrimPrefix(value, "$"))
		var allowed bool
		switch strings.Join(escapers, " ") {
		case "", "htmlescaper": // no escaper: the block is not part of any mail
			allowed = true
		case "rcdataescaper", "attrescaper":
			allowed = !placeholder
		case "urlfilter urlnormalizer attrescaper", "urlnormalizer attrescaper":
			allowed = address
		}
		if !allowed && problem == nil {
			problem = fmt.Errorf("block %q: {{%s}} is not safe there: use values in text, not in scripts, styles or "+
				"attributes", tree.Name, value)
		}
	})
	return problem
}

func escapersOf(pipe *parse.PipeNode) []string {
	var names []string
	for _, command := range pipe.Cmds[1:] {
		names = append(names, strings.TrimPrefix(command.String(), "_html_template_"))
	}
	return names
}

func walk(list *parse.ListNode, visit func(*parse.ActionNode)) {
	if list == nil {
		return
	}
	for _, node := range list.Nodes {
		switch n := node.(type) {
		case *parse.ActionNode:
			visit(n)
		case *parse.IfNode:
			walk(n.List, visit)
			walk(n.ElseList, visit)
		case *parse.WithNode:
			walk(n.List, visit)
			walk(n.ElseList, visit)
		}
	}
}
