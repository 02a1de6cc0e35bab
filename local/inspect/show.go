package inspect

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// pollInterval is the default for Options.Poll.
const pollInterval = 300 * time.Millisecond

// Options configure Show.
type Options struct {
	Query
	JSON   bool          // print one line of JSON per entry, as the pool returns it
	Follow bool          // keep printing new entries until ctx ends, which is then not an error
	Poll   time.Duration // interval between requests; 0 means a fraction of a second
}

// Show prints the entries of a source.
func (c *Client) Show(ctx context.Context, w io.Writer, from Source, o Options) error {
	if o.Poll == 0 {
		o.Poll = pollInterval
	}
	if !o.JSON {
		if _, err := fmt.Fprintln(w, from.header); err != nil {
			return err
		}
	}
	for {
		list, err := c.List(ctx, from, o.Query)
		if err == nil {
			err = write(w, from, list, o.JSON)
		}
		if err != nil || !o.Follow {
			return unlessEnded(ctx, o, err)
		}
		if len(list) > 0 {
			o.After = list[len(list)-1].Number
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(o.Poll):
		}
	}
}

func unlessEnded(ctx context.Context, o Options, err error) error {
	if o.Follow && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}

func write(w io.Writer, from Source, list []Entry, asJSON bool) error {
	var text bytes.Buffer
	for _, entry := range list {
		if asJSON {
			if err := json.Compact(&text, entry.Raw); err != nil {
				return err
			}
			text.WriteByte('\n')
			continue
		}
		line, err := from.line(entry.Raw)
		if err != nil {
			return fmt.Errorf("entry %d of the local pool: %w", entry.Number, err)
		}
		text.WriteString(line)
	}
	_, err := w.Write(text.Bytes())
	return err
}
