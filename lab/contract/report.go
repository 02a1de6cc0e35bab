package contract

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// counts are the numbers of responses by operation and status.
type counts map[string]map[int]int

// read counts the responses in a Schemathesis report, which has one event per line.
func read(events io.Reader) (counts, error) {
	all := counts{}
	lines := bufio.NewReader(events)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			if err := all.add(line); err != nil {
				return nil, err
			}
		}
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// add counts the responses in an event.
func (c counts) add(line []byte) error {
	var event struct {
		ScenarioFinished struct {
			Recorder struct {
				Label        string
				Interactions map[string]struct {
					Response *struct {
						StatusCode int `json:"status_code"`
					}
				}
			}
		}
	}
	if err := json.Unmarshal(line, &event); err != nil {
		return fmt.Errorf("the report of Schemathesis: %w", err)
	}
	recorder := event.ScenarioFinished.Recorder
	for _, i := range recorder.Interactions {
		if i.Response == nil {
			continue
		}
		if c[recorder.Label] == nil {
			c[recorder.Label] = map[int]int{}
		}
		c[recorder.Label][i.Response.StatusCode]++
	}
	return nil
}

func (c counts) total() (sum int) {
	for _, statuses := range c {
		for _, n := range statuses {
			sum += n
		}
	}
	return sum
}

func (c counts) write(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, operation := range slices.Sorted(maps.Keys(c)) {
		var cells []string
		for _, status := range slices.Sorted(maps.Keys(c[operation])) {
			cells = append(cells, fmt.Sprintf("%d: %d", status, c[operation][status]))
		}
		fmt.Fprintf(table, "  %s\t%s\n", operation, strings.Join(cells, ", "))
	}
	return table.Flush()
}

// report prints the counts. Too few requests are an error, whatever their outcome.
func report(w io.Writer, path string, took time.Duration, good bool) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	all, err := read(file)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "Responses by operation and status:")
	if err := all.write(w); err != nil {
		return err
	}
	verdict := "every response conforms to api/openapi.json"
	switch {
	case all.total() < fewest:
		return fmt.Errorf("only %d requests were answered, want at least %d: raise --examples", all.total(), fewest)
	case !good:
		verdict = "NOT every response conforms to api/openapi.json"
	}
	fmt.Fprintf(w, "contract: %d requests to %d operations in %.0f s: %s\n", all.total(), len(all), took.Seconds(),
		verdict)
	return nil
}
