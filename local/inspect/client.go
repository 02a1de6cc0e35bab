// Package inspect reads the messages, trigger events and function logs of a running local user pool, from GET
// /local/messages, /local/events and /local/logs, prints them as text or JSON, and saves an event as a golden case.
package inspect

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"cognito-triggers/local/hint"
)

const answerLimit = 10 * time.Second

// Client reads from one local user pool.
type Client struct{ endpoint string }

// FileName is the name of the file with the addresses of a running pool, in the repository's build folder.
const FileName = "local.json"

// Open returns a client for the pool at endpoint. If endpoint is empty, it uses local.json in the folder build, which a
// running pool writes.
func Open(endpoint, build string) (*Client, error) {
	if endpoint == "" {
		var err error
		if endpoint, err = running(filepath.Join(build, FileName)); err != nil {
			return nil, err
		}
	}
	endpoint, err := checked(endpoint)
	if err != nil {
		return nil, err
	}
	return &Client{endpoint: endpoint}, nil
}

// checked returns a pool's URL without a slash at its end.
func checked(endpoint string) (string, error) {
	u, err := url.Parse(endpoint)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return "", fmt.Errorf("%q is not the URL of a local pool: use one like http://127.0.0.1:9229", endpoint)
	}
	return strings.TrimSuffix(endpoint, "/"), nil
}

// running returns the endpoint in a running pool's build/local.json.
func running(path string) (string, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "",
			fmt.Errorf("no local pool is running (%s does not exist): start one with `%s`, or pass --endpoint", path, hint.Run())
	}
	if err != nil {
		return "", err
	}
	var local struct{ Endpoint string }
	if err := json.Unmarshal(text, &local); err != nil || local.Endpoint == "" {
		return "",
			fmt.Errorf("%s has no endpoint: restart the pool with `%s`, or pass --endpoint", path, hint.Run())
	}
	return local.Endpoint, nil
}

// A Source is one of the pool's lists.
type Source struct {
	path, member string
	header       string
	line         func(raw json.RawMessage) (string, error)
}

// Query selects entries of a source; empty and zero fields match everything.
type Query struct {
	User   string // user name, sub or address
	Source string // trigger source; for Events only
	// Function is the name of a function; for Logs only.
	Function string
	After    int // number of the last entry already read
}

// Entry is a message or an event.
type Entry struct {
	Number int
	Raw    json.RawMessage
}

// plain bypasses proxies: the pool is on this machine.
var plain = &http.Client{Transport: &http.Transport{}, Timeout: answerLimit}

// List returns the selected entries of a source, oldest first.
func (c *Client) List(ctx context.Context, from Source, q Query) ([]Entry, error) {
	values := url.Values{"after": {strconv.Itoa(q.After)}}
	for name, value := range map[string]string{"user": q.User, "source": q.Source, "function": q.Function} {
		if value != "" {
			values.Set(name, value)
		}
	}
	body, err := c.get(ctx, from.path+"?"+values.Encode())
	if err != nil {
		return nil, err
	}
	var lists map[string][]json.RawMessage
	if err := json.Unmarshal(body, &lists); err != nil || lists[from.member] == nil {
		return nil, fmt.Errorf("%s%s is not a local pool's response: is another program using that port?", c.endpoint,
			from.path)
	}
	return entries(lists[from.member])
}

func entries(list []json.RawMessage) ([]Entry, error) {
	var all []Entry
	for _, raw := range list {
		var entry struct{ Number int }
		if err := json.Unmarshal(raw, &entry); err != nil {
			return nil, fmt.Errorf("an entry of the local pool: %w", err)
		}
		all = append(all, Entry{entry.Number, raw})
	}
	return all, nil
}

func (c *Client) get(ctx context.Context, path string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.endpoint+path, nil)
	if err != nil {
		return nil, err
	}
	response, err := plain.Do(request)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("no local pool answers at %s: start one with `%s`, or pass --endpoint (%w)",
			c.endpoint, hint.Run(), err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.endpoint, err)
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s%s: %s", c.endpoint, strings.SplitN(path, "?", 2)[0], response.Status)
	}
	return body, nil
}
