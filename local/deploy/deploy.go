// Package deploy applies the repository's Terraform for real on this machine: user pool operations go to the local user
// pool, everything else to the emulator, which runs the functions from their zips. It shows that the applied system works,
// that a second plan changes nothing, and that destroy leaves nothing behind.
package deploy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"cognito-triggers/local/stack"
)

// services are those of AWS that the configurations need beside the user pool.
var services = []string{"lambda", "iam", "sts", "logs", "cloudwatch", "dynamodb", "ses", "sns", "sqs", "kms", "cognito-identity", "apigateway"}

// Options say what is deployed.
type Options struct {
	Root      string    // the repository; functions and zips for this machine must be built
	Logs      io.Writer // what functions, emulator and Terraform print
	Out       io.Writer // what a person reads
	PluginDir string    // folder of Terraform's providers; empty: the registry
	Example   string    // one of Examples; empty: the root module
}

// configuration is something to apply.
type configuration interface {
	module() string // its directory
	// prepare writes the settings that only hold on this machine, and makes what must be there before.
	prepare(context.Context, *terraform, Options) error
	use(context.Context, *terraform, Options) error // shows that what was applied works
	destroyed(context.Context, Options) error       // looks at what must be left
}

// Run applies, uses what that made, plans again and destroys.
func Run(ctx context.Context, o Options) error {
	began := time.Now()
	s, err := startStack(ctx, o)
	if err != nil {
		return err
	}
	var c configuration = root{s}
	if o.Example != "" {
		c, err = exampleNamed(s, o.Example)
	}
	if err == nil {
		err = run(ctx, s, c, o, began)
	}
	return errors.Join(err, s.Close())
}

func startStack(ctx context.Context, o Options) (*stack.Stack, error) {
	return stack.Start(ctx, stack.Options{Root: o.Root, Logs: o.Logs, Services: services, Lambda: stack.EmulatorsLambda, NoProfiles: true})
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
		fmt.Fprintf(o.Out, "Applied after %.0f s.\n", time.Since(began).Seconds())
		err = errors.Join(c.use(ctx, tf, o), ctx.Err())
	}
	if err == nil {
		err = tf.again(ctx, o)
	}
	made, listed := resources(ctx, s)
	if err == nil {
		err = errors.Join(listed, checkSeen(added(before, made), c.module()))
	}
	// What half an apply has made goes as well. Somebody else's emulator may outlive this program.
	if destroyed := tf.destroy(context.WithoutCancel(ctx)); destroyed != nil || err != nil {
		return errors.Join(err, destroyed)
	}
	after, err := resources(ctx, s)
	if err != nil {
		return err
	}
	if left := added(before, after); len(left) > 0 {
		return fmt.Errorf("destroy left behind: %s", strings.Join(left, ", "))
	}
	if err := c.destroyed(ctx, o); err != nil {
		return err
	}
	fmt.Fprintf(o.Out, "Destroyed: the emulator and the user pool hold nothing of it. All in %.0f s.\n", time.Since(began).Seconds())
	return nil
}

// again plans once more, and wants no change.
func (tf *terraform) again(ctx context.Context, o Options) error {
	excused, err := tf.checkUnchanged(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(o.Out, "A second plan changes nothing.")
	if len(excused) > 0 {
		fmt.Fprintf(o.Out, "(Not counted, since the emulator does not give back what it keeps: %s)\n", strings.Join(excused, ", "))
	}
	return nil
}

// architecture is Lambda's name of this machine's.
func architecture() string {
	if runtime.GOARCH == "arm64" {
		return "arm64"
	}
	return "x86_64"
}

// zips is where the functions' zips for this machine are.
func zips(root string) string { return filepath.Dir(filepath.Dir(stack.Bootstrap(root, "any"))) }
