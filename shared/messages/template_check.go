package messages

import (
	"errors"
	"fmt"
	"text/template/parse"
)

// check returns an error for syntax that the evaluator does not support, so that evaluating never fails.
func (b blocks) check() error {
	var problems []error
	for name, tree := range b {
		c := checker{blocks: b, block: name, calls: map[string]bool{}}
		c.list(tree.Root, true)
		problems = append(problems, c.problems...)
	}
	if len(problems) > 0 {
		return errors.Join(problems...)
	}
	return b.checkLoops()
}

type checker struct {
	blocks   blocks
	block    string
	calls    map[string]bool // the blocks that this block calls
	problems []error
}

func (c *checker) fail(node parse.Node, problem string) {
	c.problems = append(c.problems, fmt.Errorf("block %q: %s: %s", c.block, node, problem))
}

// list checks nodes; root means that the dot is the fields, as it is outside {{with}}.
func (c *checker) list(list *parse.ListNode, root bool) {
	if list == nil {
		return
	}
	for _, node := range list.Nodes {
		switch n := node.(type) {
		case *parse.TextNode:
		case *parse.ActionNode:
			c.value(n.Pipe, root)
		case *parse.IfNode:
			c.value(n.Pipe, root)
			c.list(n.List, root)
			c.list(n.ElseList, root)
		case *parse.WithNode:
			c.value(n.Pipe, root)
			c.list(n.List, false)
			c.list(n.ElseList, root)
		case *parse.TemplateNode:
			c.call(n, root)
		default:
			c.fail(node, "use only define, template, if, with and fields")
		}
	}
}

func (c *checker) value(pipe *parse.PipeNode, root bool) {
	field, dot := operand(pipe)
	if dot && !root {
		return
	}
	if _, _, ok := (&Fields{}).get(field); !ok {
		c.fail(pipe, "use one field, such as .Brand")
	} else if !root && ofDot(pipe) {
		c.fail(pipe, "the dot is a text here: write $.Brand inside of {{with}}")
	}
}

// ofDot reports whether a pipeline is a field of the dot, such as .Brand, and not of the root, such as $.Brand.
func ofDot(pipe *parse.PipeNode) bool {
	_, is := pipe.Cmds[0].Args[0].(*parse.FieldNode)
	return is
}

func (c *checker) call(n *parse.TemplateNode, root bool) {
	if field, dot := operand(n.Pipe); field != "$" && (!dot || !root) {
		c.fail(n, "pass all fields: a dot, or $ inside of {{with}}")
	}
	if _, ok := c.blocks[n.Name]; !ok {
		c.fail(n, "the block is not defined")
	}
	c.calls[n.Name] = true
}

// checkLoops returns an error for a block that calls itself, directly or through others.
func (b blocks) checkLoops() error {
	done, open := map[string]bool{}, map[string]bool{}
	var visit func(name string) error
	visit = func(name string) error {
		if open[name] {
			return fmt.Errorf("block %q calls itself", name)
		}
		if done[name] {
			return nil
		}
		open[name] = true
		c := checker{blocks: b, block: name, calls: map[string]bool{}}
		c.list(b[name].Root, true)
		for called := range c.calls {
			if err := visit(called); err != nil {
				return err
			}
		}
		open[name], done[name] = false, true
		return nil
	}
	for name := range b {
		if err := visit(name); err != nil {
			return err
		}
	}
	return nil
}
