package clients

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"cognito-triggers/local/userpool"
)

// evil is a site of an attacker. All names below .test are this machine in the browser.
type evil struct {
	url  string
	mu   sync.Mutex
	hits []string // paths of requests, but for the site's own page
}

func newEvil(t *testing.T) *evil {
	t.Helper()
	e := &evil{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		if r.URL.Path == "/" {
			_, _ = w.Write([]byte("<!DOCTYPE html><title>Evil</title><p>A page."))
			return
		}
		e.mu.Lock()
		defer e.mu.Unlock()
		if !strings.HasPrefix(r.URL.Path, "/favicon") {
			e.hits = append(e.hits, r.Method+" "+r.URL.Path)
		}
	}))
	t.Cleanup(server.Close)
	e.url = strings.Replace(server.URL, "127.0.0.1", "evil.test", 1)
	return e
}

func (e *evil) seen() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.hits
}

// markup is text that runs, loads or breaks out of attributes where it is taken for HTML.
func (e *evil) markup(n int) string {
	return fmt.Sprintf(`"'><script>window.ran=%d</script><img src=%s/image-%d onerror="window.ran=%d">${window.ran=%d}`,
		n, e.url, n, n, n)
}

// Whatever a user, a client or a mail brings is shown as text: nothing in it runs, and nothing is requested for it.
func (c *theConsole) attacks(t *testing.T) {
	c.t = t
	e := newEvil(t)
	group, clientName := "<b>group</b>"+"<img/src=x/onerror=ran=1>", "<img src=x onerror=ran=2>"
	c.must("CreateGroup", input{"UserPoolId": c.id, "GroupName": group, "Description": e.markup(3)})
	_, named := c.call("CreateUserPoolClient", input{"UserPoolId": c.id, "ClientName": clientName})
	name := `"><svg/onload=ran=4>`
	c.must("AdminCreateUser", input{"UserPoolId": c.id, "Username": name, "MessageAction": "SUPPRESS",
		"UserAttributes": []input{{"Name": "custom:tenant", "Value": e.markup(5)}, {"Name": "name", "Value": e.markup(6)},
			{"Name": "picture", "Value": "javascript:window.ran=7"}, {"Name": "website", "Value": e.url + "/website"}}})
	c.must("AdminAddUserToGroup", input{"UserPoolId": c.id, "Username": name, "GroupName": group})
	_, refused := c.call("SignUp", input{"ClientId": c.client, "Username": "mailinator" + name, "Password": goodPassword,
		"UserAttributes": []input{{"Name": "email", "Value": "a@example.org"}, {"Name": "name", "Value": e.markup(8)}}})
	if refused == nil {
		t.Fatal("the sign-up is not refused")
	}
	t.Log(named, refused)
	c.pool.Inbox().AddSent(userpool.Sent{At: time.Now(), To: e.markup(9), Subject: e.markup(10), Body: "text",
		HTML: `<script>top.window.ran=11;fetch('` + e.url + `/fetched')</script><img src="` + e.url + `/mail.png">` +
			`<link rel=stylesheet href="` + e.url + `/mail.css"><style>@import url(` + e.url + `/import.css);` +
			`body{background:url(` + e.url + `/background.png)}</style><iframe src="` + e.url + `/frame"></iframe>` +
			`<form action="` + e.url + `/form" id=f><button id=b>Go</button></form>` +
			`<meta http-equiv=refresh content="0;url=` + e.url + `/refresh"><video src="` + e.url + `/video"></video>` +
			`<object data="` + e.url + `/object"></object><a target=_top href="` + e.url + `/top">Out</a>` +
			`<base href="` + e.url + `/"><svg onload="top.window.ran=12"><a href="javascript:top.window.ran=13">x</a></svg>`})
	number := c.pool.Events().Records(0)
	c.eval("window.ran = undefined; window.addEventListener('securitypolicyviolation', e => (window.broke ??= []).push(" +
		"e.violatedDirective + ' ' + e.blockedURI))")
	for _, place := range []string{"#/", "#/users", "#/users/" + name, "#/groups", "#/groups/" + group, "#/pool", "#/try",
		"#/inbox", "#/event/" + strconv.Itoa(number[len(number)-1].Number), "#/token", "#/__proto__", "#/constructor/x",
		"#/event/%E0%A4%A", "#/event/<img src=x onerror=ran=14>"} {
		c.goes(place)
		c.eval("new Promise(done => setTimeout(done, 150))")
		if ran := c.eval("String(window.ran)"); ran != "undefined" {
			t.Errorf("%s: markup %s ran", place, ran)
		}
	}
	c.goes("#/inbox")
	c.sees("iframe")
	c.eval("document.querySelector('iframe').scrollIntoView({block: 'center'})")
	c.person.clicks("iframe") // the form or a link of the mail, wherever they are
	c.eval("new Promise(done => setTimeout(done, 400))")
	if ran := c.eval("String(window.ran)"); ran != "undefined" || len(e.seen()) > 0 {
		t.Errorf("of the mail ran %s, and it requested %v", ran, e.seen())
	}
	if at := c.eval("location.href"); !strings.HasPrefix(at, c.url) {
		t.Errorf("the mail led the page to %s", at)
	}
	c.foreignPages(t, e)
}

// reads are what a page of another origin tries to read or do. Each resolves to what it got, "" for nothing.
const foreignReads = `(async () => {
	const base = %q, got = [];
	const attempt = async (name, run) => {
		try { const text = await run(); if (text) got.push(name + ': ' + String(text).slice(0, 60)); } catch {}
	};
	for (const path of ['/console/', '/console/api/stack', '/console/api/timeline', '/console/api/messages',
		'/console/api/events/1', '/console/api/messages/1', '/local/stream', '/local/messages', '/local/calls']) {
		await attempt('fetch ' + path, async () => {
			const stop = new AbortController();
			setTimeout(() => stop.abort(), 300);
			return (await fetch(base + path, {signal: stop.signal})).status;
		});
		await attempt('script ' + path, () => new Promise((done, fail) => {
			const s = document.createElement('script');
			Object.assign(s, {src: base + path, onload: () => done('ran'), onerror: fail});
			document.head.append(s);
			setTimeout(fail, 300);
		}));
	}
	await attempt('stream', () => new Promise((done, fail) => {
		const s = new EventSource(base + '/local/stream');
		s.onopen = () => done('open');
		s.onerror = () => { s.close(); fail(); };
		setTimeout(() => { s.close(); fail(); }, 300);
	}));
	await attempt('socket', () => new Promise((done, fail) => {
		const s = new WebSocket(base.replace('http', 'ws') + '/local/stream');
		s.onopen = () => done('open');
		s.onerror = fail;
	}));
	for (const [method, path] of [['POST', '/console/api/events/1/replay'], ['PUT', '/console/api/faults/%s'],
		['POST', '/console/api/events/1/save'], ['POST', '/console/api/token']]) {
		for (const mode of ['cors', 'no-cors']) {
			await attempt(method + ' ' + path, async () => {
				const body = '{"kind":"fail","calls":5,"name":"pre-sign-up/evil"}';
				return (await fetch(base + path, {method, mode, body})).status;
			});
		}
	}
	await attempt('frame', () => new Promise((done, fail) => {
		const f = Object.assign(document.createElement('iframe'), {src: base + '/console/'});
		f.onload = () => { try { done(f.contentDocument && f.contentDocument.title); } catch { fail(); } };
		document.body.append(f);
		setTimeout(fail, 500);
	}));
	return got.join('\n');
})()`

// No page of another origin, and no name that an attacker makes resolve to this machine, reads or changes anything.
func (c *theConsole) foreignPages(t *testing.T, e *evil) {
	origin := strings.TrimSuffix(c.url, "/console/")
	local := strings.Replace(e.url, "evil.test", "127.0.0.1", 1) // an app of this machine on another port
	for _, from := range []string{e.url, local} {
		page, err := c.browser.Open(t.Context(), from+"/")
		if err != nil {
			t.Fatal(err)
		}
		foreign := person{t, page}
		foreign.reads("A page.")
		script := fmt.Sprintf(foreignReads, origin, lambdaARN("pre-sign-up"))
		foreign.do(func(ctx context.Context) error {
			got, err := page.Eval(ctx, script)
			if got != "" {
				t.Errorf("a page at %s got:\n%s", from, got)
			}
			return err
		})
	}
	if faults := c.pool.Faults().All(); len(faults) > 0 {
		t.Errorf("a page of another origin set the faults %v", faults)
	}
	for _, path := range []string{"/console/", "/console/api/stack", "/local/stream"} {
		page, err := c.browser.Open(t.Context(), strings.Replace(origin, "127.0.0.1", "rebound.test", 1)+path)
		if err != nil {
			t.Fatal(err)
		}
		person{t, page}.reads("127.0.0.1") // the refusal says which name works
		text, err := page.Eval(t.Context(), "document.body.innerText")
		if err != nil || strings.Contains(text, "atelier") || strings.Contains(text, "Timeline") {
			t.Errorf("%s at a rebound name: %s, %v", path, text, err)
		}
	}
}

// largeConsole is the variable with the number of events of the proof; by default the test has a tenth.
const largeConsole = "CONSOLE_EVENTS"

// With many events the page is there at once, shows a new event at once, and stays small.
func (c *theConsole) manyEvents(t *testing.T) {
	c.t = t
	events, users := 1000, 120
	if n, err := strconv.Atoi(os.Getenv(largeConsole)); err == nil {
		events, users = n, 5000
	}
	for i := range users {
		c.must("AdminCreateUser", input{"UserPoolId": c.id, "Username": fmt.Sprintf("user-%04d", i),
			"MessageAction": "SUPPRESS"})
	}
	for len(c.pool.Events().Records(0)) < events {
		_, _ = c.call("SignUp", input{"ClientId": c.client, "Username": "x@mailinator.example", "Password": goodPassword,
			"UserAttributes": []input{{"Name": "email", "Value": "x@mailinator.example"}}})
	}
	began := time.Now()
	const calls = 20
	for range calls {
		_ = c.signsUp("x@mailinator.example")
	}
	latency := time.Since(began) / calls
	c.opens(1280, 860)
	paint := c.number("performance.getEntriesByName('first-contentful-paint')[0].startTime")
	ready := c.number("performance.getEntriesByName('ready')[0].startTime")
	c.sees(".state.on")
	c.eval(`(() => { window.at = {}; new MutationObserver(() => {
		const user = document.querySelector('.call .user')?.textContent;
		if (user && !window.at[user]) window.at[user] = Date.now();
	}).observe(document.getElementById('page'), {subtree: true, childList: true, characterData: true}); })()`)
	var slowest time.Duration
	for i := range 10 {
		name := fmt.Sprintf("new-%d-mailinator@example.org", i)
		began := time.Now()
		_ = c.signsUp(name)
		c.reads(name)
		shown := time.UnixMilli(int64(c.number("window.at[" + strconv.Quote(name) + "]")))
		slowest = max(slowest, shown.Sub(began))
	}
	heap := c.number("performance.memory.usedJSHeapSize / 1048576")
	rows := c.number("document.querySelectorAll('.call').length")
	t.Logf("%d events: first paint after %.0f ms, rows after %.0f ms (%.0f calls of the API); a new event after at "+
		"most %v (%.1f calls); %.0f rows, heap %.1f MiB", events, paint, ready, ready/ms(latency),
		slowest.Round(time.Millisecond),
		ms(slowest)/ms(latency), rows, heap)
	const most = 5 // times the limits, for machines that run other tests at the same time
	if paint > 1000*most || slowest > 200*time.Millisecond*most || heap > 100 || rows > 1100 {
		t.Error("the console is too slow or too large")
	}
	c.goes("#/users")
	c.do(func(ctx context.Context) error {
		return c.page.Wait(ctx, "document.querySelectorAll('table tbody tr').length === 60")
	})
	c.clicks("main > .more")
	c.do(func(ctx context.Context) error {
		return c.page.Wait(ctx, "document.querySelectorAll('table tbody tr').length === 120")
	})
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// number returns a number that JavaScript gives.
func (c *theConsole) number(script string) float64 {
	c.t.Helper()
	n, err := strconv.ParseFloat(c.eval(script), 64)
	if err != nil {
		c.t.Fatal(errors.Join(err, errors.New(script)))
	}
	return n
}
