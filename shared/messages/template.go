package messages

import (
	"fmt"
	"strings"
	"text/template/parse"
)

// Fields are the values that a template can use.
type Fields struct {
	Brand     string // the name of the product
	Support   string // e-mail address for questions; may be empty
	SignInURL string // sign-in page; may be empty
	Locale    string // BCP 47 tag of the template's folder
	Subject   string // for the layout's title

	GivenName, FamilyName, FullName string // cleaned; may be empty

	Time, Place, Device, Address string // of a sign-in; may be empty
	Refused                      string // "" unless the sign-in was refused
	WasMe, WasNotMe              string // pages at which the user says whose sign-in it was; may be empty

	Code, Username, Link string // placeholders that Cognito replaces, written unescaped; Link is empty if a code verifies
}

// get returns a field by its name in a template; raw reports that it must not be escaped.
func (f *Fields) get(name string) (value string, raw, ok bool) {
	switch name {
	case "Brand":
		return f.Brand, false, true
	case "Support":
		return f.Support, false, true
	case "SignInURL":
		return f.SignInURL, false, true
	case "Locale":
		return f.Locale, false, true
	case "Subject":
		return f.Subject, false, true
	case "GivenName":
		return f.GivenName, false, true
	case "FamilyName":
		return f.FamilyName, false, true
	case "FullName":
		return f.FullName, false, true
	case "Time":
		return f.Time, false, true
	case "Place":
		return f.Place, false, true
	case "Device":
		return f.Device, false, true
	case "Address":
		return f.Address, false, true
	case "Refused":
		return f.Refused, false, true
	case "WasMe":
		return f.WasMe, false, true
	case "WasNotMe":
		return f.WasNotMe, false, true
	case "Code":
		return f.Code, true, true
	case "Username":
		return f.Username, true, true
	case "Link":
		return f.Link, true, true
	}
	return "", false, false
}

// blocks are the parsed {{define}} blocks of one kind in one locale.
type blocks map[string]*parse.Tree

// add parses a file. Its blocks replace blocks of the same name in earlier files.
func (b blocks) add(name, text string) error {
	trees, err := parse.Parse(name, text, "", "")
	if err != nil {
		return err
	}
	for block, tree := range trees {
		if block == name {
			if !parse.IsEmptyTree(tree.Root) {
				return fmt.Errorf("template: %s: text outside of {{define}}", name)
			}
			continue
		}
		b[block] = tree
	}
	return nil
}

// operand reads a pipeline that is just a dot, a field (.Name or $.Name, returned as Name) or $ (returned as "$").
func operand(pipe *parse.PipeNode) (field string, dot bool) {
	if pipe == nil || len(pipe.Decl) > 0 || len(pipe.Cmds) != 1 || len(pipe.Cmds[0].Args) != 1 {
		return "", false
	}
	switch arg := pipe.Cmds[0].Args[0].(type) {
	case *parse.DotNode:
		return "", true
	case *parse.FieldNode:
		if len(arg.Ident) == 1 {
			return arg.Ident[0], false
		}
	case *parse.VariableNode:
		if len(arg.Ident) == 2 && arg.Ident[0] == "$" {
			return arg.Ident[1], false
		}
		if len(arg.Ident) == 1 && arg.Ident[0] == "$" {
			return "$", false
		}
	}
	return "", false
}

// text writes a block as plain text.
func (b blocks) text(block string, f *Fields) string { return b.write(block, f, false) }

// html writes a block as HTML.
func (b blocks) html(block string, f *Fields) string { return b.write(block, f, true) }

// usualMail is a size in bytes that most mails fit into.
const usualMail = 5 << 10

func (b blocks) write(block string, f *Fields, html bool) string {
	tree, ok := b[block]
	if !ok {
		return ""
	}
	w := evaluator{blocks: b, fields: f, html: html}
	if html {
		w.out.Grow(usualMail)
	}
	w.list(tree.Root, "", false)
	return w.out.String()
}

type evaluator struct {
	blocks blocks
	fields *Fields
	html   bool
	out    strings.Builder
}

// list writes nodes; dot and raw are the value of the dot inside {{with}}.
func (w *evaluator) list(list *parse.ListNode, dot string, raw bool) {
	if list == nil {
		return
	}
	for _, node := range list.Nodes {
		switch n := node.(type) {
		case *parse.TextNode:
			w.out.Write(n.Text)
		case *parse.ActionNode:
			value, raw := w.value(n.Pipe, dot, raw)
			if w.html && !raw {
				value = escape.Replace(value)
			}
			w.out.WriteString(value)
		case *parse.IfNode:
			if value, _ := w.value(n.Pipe, dot, raw); value != "" {
				w.list(n.List, dot, raw)
			} else {
				w.list(n.ElseList, dot, raw)
			}
		case *parse.WithNode:
			if value, isRaw := w.value(n.Pipe, dot, raw); value != "" {
				w.list(n.List, value, isRaw)
			} else {
				w.list(n.ElseList, dot, raw)
			}
		case *parse.TemplateNode:
			w.list(w.blocks[n.Name].Root, "", false)
		}
	}
}

func (w *evaluator) value(pipe *parse.PipeNode, dot string, raw bool) (string, bool) {
	name, isDot := operand(pipe)
	if isDot {
		return dot, raw
	}
	value, raw, _ := w.fields.get(name)
	return value, raw
}

// escape replaces the same characters as html/template in text and in quoted attributes.
var escape = strings.NewReplacer("\x00", "\uFFFD", `"`, "&#34;", "&", "&amp;", "'", "&#39;", "+", "&#43;", "<", "&lt;",
	">", "&gt;")
