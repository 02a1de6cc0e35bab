// Package browser finds a Chromium and drives it, for tests of web pages: real clicks and keys, by the protocol of
// Chromium's developer tools over a pipe, so that no port is open.
//
// See https://chromedevtools.github.io/devtools-protocol/
package browser

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"cognito-triggers/local/lambdaruntime/process"
)

// ErrNone is the error of Find on a machine without a Chromium. The text says why.
var ErrNone = errors.New("there is no browser")

// Find returns the path of a Chromium, by .ci/browser/find of the repository, which may install one.
func Find(ctx context.Context, root string) (string, error) {
	cmd := exec.CommandContext(ctx, filepath.Join(root, ".ci", "browser", "find"))
	var problem bytes.Buffer
	cmd.Stderr = &problem
	path, err := cmd.Output()
	if err != nil || len(path) == 0 {
		return "", fmt.Errorf("%w: %v %s", ErrNone, err, problem.String())
	}
	return strings.TrimSpace(string(path)), nil
}

// Arguments are what every start of a Chromium needs here. All names below .test resolve to this machine.
func Arguments(folder string) []string {
	return []string{"--headless=shell", "--no-sandbox", "--disable-gpu", "--no-proxy-server", "--no-first-run",
		"--disable-dev-shm-usage", "--user-data-dir=" + folder, "--host-resolver-rules=MAP *.test 127.0.0.1"}
}

// Browser is a running Chromium; stop it with Close.
type Browser struct {
	process *process.Process
	to      *os.File

	mu      sync.Mutex
	last    int
	answers map[int]chan answer
}

type answer struct {
	Result json.RawMessage
	Error  *struct{ Message string }
}

// Start starts the Chromium at path with its data in a folder, and with more arguments than all have.
func Start(path, folder string, more ...string) (*Browser, error) {
	in, to, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	from, out, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, in.Close(), to.Close())
	}
	last := []string{"--remote-debugging-pipe", "about:blank"}
	cmd := exec.Command(path, slices.Concat(Arguments(folder), more, last)...)
	cmd.ExtraFiles = []*os.File{in, out} // descriptors 3 and 4
	running, err := process.Start(cmd, nil)
	if err := errors.Join(err, in.Close(), out.Close()); err != nil {
		return nil, errors.Join(err, to.Close(), from.Close())
	}
	b := &Browser{process: running, to: to, answers: map[int]chan answer{}}
	go b.read(from)
	return b, nil
}

// Close ends the Chromium.
func (b *Browser) Close() error {
	b.process.Kill()
	<-b.process.Done()
	return b.to.Close()
}

// Tail returns the last lines that the Chromium printed.
func (b *Browser) Tail() []string { return b.process.Tail() }

// read hands answers to their callers until the browser ends. Each message ends with a zero byte.
func (b *Browser) read(from *os.File) {
	defer from.Close()
	reader := bufio.NewReader(from)
	for {
		text, err := reader.ReadBytes(0)
		if err != nil {
			return
		}
		var message struct {
			ID int
			answer
		}
		if json.Unmarshal(bytes.TrimRight(text, "\x00"), &message) != nil || message.ID == 0 {
			continue // an event
		}
		b.mu.Lock()
		waiting := b.answers[message.ID]
		delete(b.answers, message.ID)
		b.mu.Unlock()
		if waiting != nil {
			waiting <- message.answer
		}
	}
}

// call calls a method of the protocol, in a page's session or, without one, in the browser's, and decodes its result.
func (b *Browser) call(ctx context.Context, session, method string, params, into any) error {
	b.mu.Lock()
	b.last++
	id, got := b.last, make(chan answer, 1)
	b.answers[id] = got
	message := map[string]any{"id": id, "method": method, "params": params}
	if session != "" {
		message["sessionId"] = session
	}
	text, err := json.Marshal(message)
	if err == nil {
		_, err = b.to.Write(append(text, 0))
	}
	b.mu.Unlock()
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	select {
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", method, ctx.Err())
	case <-b.process.Done():
		return fmt.Errorf("%s: the browser has ended", method)
	case a := <-got:
		if a.Error != nil {
			return fmt.Errorf("%s: %s", method, a.Error.Message)
		}
		if into == nil {
			return nil
		}
		return json.Unmarshal(a.Result, into)
	}
}

// Page is an open page.
type Page struct {
	browser *Browser
	session string
}

// Open opens a page at an address. Pages share the browser's storage.
func (b *Browser) Open(ctx context.Context, address string) (*Page, error) {
	var target struct{ TargetID string }
	if err := b.call(ctx, "", "Target.createTarget", map[string]any{"url": address}, &target); err != nil {
		return nil, err
	}
	var attached struct{ SessionID string }
	to := map[string]any{"targetId": target.TargetID, "flatten": true}
	if err := b.call(ctx, "", "Target.attachToTarget", to, &attached); err != nil {
		return nil, err
	}
	p := &Page{b, attached.SessionID}
	return p, p.Resize(ctx, 480, 640)
}

// Resize gives the page this size, in CSS pixels.
func (p *Page) Resize(ctx context.Context, width, height int) error {
	size := map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false}
	return p.call(ctx, "Emulation.setDeviceMetricsOverride", size, nil)
}

// PrefersColorScheme lets the person prefer "light" or "dark" pages.
func (p *Page) PrefersColorScheme(ctx context.Context, scheme string) error {
	features := []map[string]string{{"name": "prefers-color-scheme", "value": scheme}}
	return p.call(ctx, "Emulation.setEmulatedMedia", map[string]any{"features": features}, nil)
}

// Go opens another address in the page.
func (p *Page) Go(ctx context.Context, address string) error {
	return p.call(ctx, "Page.navigate", map[string]any{"url": address}, nil)
}

func (p *Page) call(ctx context.Context, method string, params, into any) error {
	return p.browser.call(ctx, p.session, method, params, into)
}

// AddAuthenticator gives the page an authenticator in software, like the one in a laptop: it makes passkeys, knows its
// user, and asks nobody.
func (p *Page) AddAuthenticator(ctx context.Context) error {
	if err := p.call(ctx, "WebAuthn.enable", map[string]any{}, nil); err != nil {
		return err
	}
	options := map[string]any{"protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
		"hasUserVerification": true, "isUserVerified": true, "automaticPresenceSimulation": true}
	return p.call(ctx, "WebAuthn.addVirtualAuthenticator", map[string]any{"options": options}, nil)
}

// Eval evaluates JavaScript and returns its value as text. A promise is waited for.
func (p *Page) Eval(ctx context.Context, script string) (string, error) {
	var out struct {
		Result           struct{ Value any }
		ExceptionDetails *struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	params := map[string]any{"expression": script, "returnByValue": true, "awaitPromise": true}
	if err := p.call(ctx, "Runtime.evaluate", params, &out); err != nil {
		return "", err
	}
	if out.ExceptionDetails != nil {
		return "", fmt.Errorf("%s: %s", out.ExceptionDetails.Text, out.ExceptionDetails.Exception.Description)
	}
	return fmt.Sprint(out.Result.Value), nil
}

// Wait waits until JavaScript is true.
func (p *Page) Wait(ctx context.Context, condition string) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		got, err := p.Eval(ctx, "Boolean("+condition+")")
		if err == nil && got == "true" {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s does not become true: %w", condition, errors.Join(err, ctx.Err()))
		case <-tick.C:
		}
	}
}

// Click clicks the middle of an element as a person does, with the mouse.
func (p *Page) Click(ctx context.Context, selector string) error {
	place, err := p.Eval(ctx, `(() => { const e = document.querySelector(`+strconv.Quote(selector)+
		`); e.scrollIntoView({ block: "nearest" });
		const r = e.getBoundingClientRect();
		return JSON.stringify([r.x + r.width / 2, r.y + r.height / 2, r.width]) })()`)
	if err != nil {
		return err
	}
	var at [3]float64
	if err := json.Unmarshal([]byte(place), &at); err != nil || at[2] == 0 {
		return fmt.Errorf("%s cannot be seen: %w", selector, err)
	}
	for _, kind := range []string{"mouseMoved", "mousePressed", "mouseReleased"} {
		event := map[string]any{"type": kind, "x": at[0], "y": at[1], "button": "left", "clickCount": 1}
		if err := p.call(ctx, "Input.dispatchMouseEvent", event, nil); err != nil {
			return err
		}
	}
	return nil
}

// Type types text into an element.
func (p *Page) Type(ctx context.Context, selector, text string) error {
	if err := p.Click(ctx, selector); err != nil {
		return err
	}
	return p.call(ctx, "Input.insertText", map[string]any{"text": text}, nil)
}

// Screenshot writes what the page shows to a PNG file.
func (p *Page) Screenshot(ctx context.Context, file string) error {
	var out struct{ Data string }
	if err := p.call(ctx, "Page.captureScreenshot", map[string]any{"format": "png"}, &out); err != nil {
		return err
	}
	image, err := base64.StdEncoding.DecodeString(out.Data)
	if err != nil {
		return err
	}
	return os.WriteFile(file, image, 0o600)
}
