package deploy

import (
	"context"
	"path/filepath"
)

// another is the example of a repository with triggers of its own, which calls the root module.
type another struct{ example }

// prepare gives the repository's trigger the code of a ready one.
func (a another) prepare(ctx context.Context, tf *terraform, o Options) error {
	a.variables = map[string]any{"code": map[string]any{
		"sign-up-rules": map[string]string{"zip": filepath.Join(zips(o.Root), "pre-sign-up.zip")},
	}}
	return a.example.prepare(ctx, tf, o)
}

func (a another) use(ctx context.Context, tf *terraform, o Options) error {
	out, err := tf.outputs(ctx)
	if err != nil {
		return err
	}
	return refused(ctx, a.s, out.Clients.Value["web"], o)
}
