// Package deploy applies the repository's Terraform on this machine: user pool operations go to the local user pool,
// everything else to the emulator, which runs the functions from their zips. It checks that the applied system works,
// that a second plan is empty, and that destroy leaves nothing behind.
package deploy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"cognito-triggers/local/build"
	"cognito-triggers/local/stack"
)

// services are the AWS services that the configurations need besides the user pool.
var services = []string{"lambda", "iam", "sts", "logs", "cloudwatch", "dynamodb", "ses", "sns", "sqs", "kms",
	"apigateway", "s3"}

// Options configure Run.
type Options struct {
	Root      string    // the repository; functions and zips for this machine must be built
	Logs      io.Writer // output of functions, emulator and Terraform
	Out       io.Writer // progress for people
	PluginDir string    // folder of Terraform providers; empty: the registry
	Example   string    // one of Examples; empty: the root module
	Region    string    // of the emulator and the pool; empty: that of the environment
}

// configuration is a Terraform configuration to apply.
type configuration interface {
	module() string // its directory
	// prepare writes the settings for this machine and creates what must exist before apply.
	prepare(context.Context, *terraform, Options) error
	use(context.Context, *terraform, Options) error // checks that the applied system works
	destroyed(context.Context, Options) error       // checks what destroy must leave
}

// Run applies a configuration, uses it, plans again and destroys it.
func Run(ctx context.Context, o Options) error {
	began := time.Now()
	s, err := startStack(ctx, o)
	if err != nil {
		return err
	}
	var c configuration = root{s.Stack}
	if o.Example != "" {
		c, err = exampleNamed(s.Stack, o.Example)
	}
	if err == nil {
		err = run(ctx, s.Stack, c, o, began)
	}
	return errors.Join(err, s.Close())
}

// system is a running stack whose pool invokes functions through a gate.
type system struct {
	*stack.Stack
	gate *gate
}

// Close stops the stack and the gate.
func (s *system) Close() error { return errors.Join(s.Stack.Close(), s.gate.close()) }

func startStack(ctx context.Context, o Options) (*system, error) {
	g, err := openGate()
	if err != nil {
		return nil, err
	}
	s, err := stack.Start(ctx, stack.Options{
		Root:       o.Root,
		Logs:       o.Logs,
		Services:   services,
		Lambda:     g.endpoint,
		NoProfiles: true,
		Region:     o.Region,
	})
	if err != nil {
		return nil, errors.Join(err, g.close())
	}
	if err := g.leadTo(s); err != nil {
		return nil, errors.Join(err, s.Close(), g.close())
	}
	return &system{Stack: s, gate: g}, nil
}

func run(ctx context.Context, s *stack.Stack, c configuration, o Options, began time.Time) (err error) {
	tf, err := newTerraform(s, o, c.module())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, tf.remove()) }()
	if err := c.prepare(ctx, tf, o); err != nil {
		return err
	}
	before, err := resources(ctx, s)
	if err != nil {
		return err
	}
	err = tf.apply(ctx)
	if err == nil {
		fmt.Fprintf(o.Out, "Applied in %.0f s.\n", time.Since(began).Seconds())
		err = errors.Join(c.use(ctx, tf, o), ctx.Err())
	}
	if err == nil {
		err = tf.again(ctx, o)
	}
	made, listed := resources(ctx, s)
	if err == nil {
		err = errors.Join(listed, checkSeen(added(before, made), c.module()))
	}
	// Destroy after a failed apply, too: an external emulator would keep the resources.
	if destroyed := tf.destroy(context.WithoutCancel(ctx)); destroyed != nil || err != nil {
		return errors.Join(err, destroyed)
	}
	after, err := resources(ctx, s)
	if err != nil {
		return err
	}
	if left := added(before, after); len(left) > 0 {
		return fmt.Errorf("destroy left these resources behind: %s", strings.Join(left, ", "))
	}
	if err := c.destroyed(ctx, o); err != nil {
		return err
	}
	fmt.Fprintf(o.Out, "Destroyed: nothing is left in the emulator or the user pool. Total time: %.0f s.\n",
		time.Since(began).Seconds())
	return nil
}

// again plans once more and expects no changes.
func (tf *terraform) again(ctx context.Context, o Options) error {
	excused, err := tf.checkUnchanged(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(o.Out, "A second plan changes nothing.")
	if len(excused) > 0 {
		fmt.Fprintf(o.Out, "(Ignoring attributes that the emulator stores but does not return: %s)\n",
			strings.Join(excused, ", "))
	}
	return nil
}

// architecture is Lambda's name for this machine's architecture.
func architecture() string { return build.Host().Architecture() }

// zips returns the folder of the functions' zips for this machine.
func zips(root string) string {
	return filepath.Dir(filepath.Dir(stack.Bootstrap(filepath.Join(root, "build"), "any")))
}
