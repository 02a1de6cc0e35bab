package clients

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"cognito-triggers/local/browser"
	"cognito-triggers/local/console"
	"cognito-triggers/local/inspect"
	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/userpool"
	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/shared/functionlog"
	"cognito-triggers/shared/repository"
)

// consoleShots is the variable with a folder in which the test leaves what the console showed.
const consoleShots = "CONSOLE_SCREENSHOTS"

const goodPassword = "Correct-horse-7"

// answering stands for the functions of a pool.
type answering struct{ calls atomic.Int64 }

// Invoke implements fire.Invoker.
func (a *answering) Invoke(ctx context.Context, arn string, event []byte) ([]byte, error) {
	result, err := a.Attempt(ctx, arn, event)
	return result.Payload, err
}

// Attempt implements fire.Attempter.
func (a *answering) Attempt(_ context.Context, arn string, event []byte) (lambdaruntime.Result, error) {
	var e struct {
		UserName string         `json:"userName"`
		Request  map[string]any `json:"request"`
	}
	var all map[string]any
	if err := errors.Join(json.Unmarshal(event, &e), json.Unmarshal(event, &all)); err != nil {
		return lambdaruntime.Result{}, err
	}
	n := a.calls.Add(1)
	result := lambdaruntime.Result{RequestID: fmt.Sprint("request-", n), Cold: n == 1}
	name, err := fire.FunctionName(arn)
	if err != nil {
		return result, err
	}
	result.Log = []functionlog.Line{{Text: `{"level":"INFO","msg":"` + name + ` has the event","source":"` +
		all["triggerSource"].(string) + `"}`}}
	response := all["response"].(map[string]any)
	switch {
	case strings.Contains(e.UserName, "mailinator\"") && name == "pre-sign-up":
		return result, &lambdaruntime.FunctionError{Type: "errorString", Message: "Not you, " + e.UserName}
	case strings.Contains(e.UserName, "mailinator") && name == "pre-sign-up":
		return result, &lambdaruntime.FunctionError{Type: "errorString",
			Message: "Please use an e-mail address that you keep. 계속 쓰는 이메일 주소를 입력해 주세요."}
	case strings.Contains(e.UserName, "slow") && name == "pre-sign-up" && n%3 != 0:
		return result, fmt.Errorf("pre-sign-up: %w", lambdaruntime.ErrTimeout)
	case name == "custom-message":
		response["emailSubject"] = "Atelier 인증 번호"
		response["emailMessage"] = koreanMail
	case name == "pre-token-generation":
		response["claimsAndScopeOverrideDetails"] = map[string]any{
			"idTokenGeneration": map[string]any{"claimsToAddOrOverride": map[string]any{"tenant": "atelier-seoul"},
				"claimsToSuppress": []string{"email_verified"}},
			"accessTokenGeneration": map[string]any{"scopesToAdd": []string{"orders/read"}},
		}
	default:
		result.Payload = event // unchanged, byte for byte
		return result, nil
	}
	result.Payload, err = json.Marshal(all)
	return result, err
}

const koreanMail = `<div style="font:16px/1.6 system-ui,'Noto Sans KR',sans-serif;max-width:34rem;margin:0 auto;` +
	`padding:2rem 1.5rem;color:#1b1f2a"><p style="font-weight:700;color:#4338ca;margin:0 0 1.5rem">Atelier</p>` +
	`<h1 style="font-size:1.4rem;line-height:1.3;margin:0 0 1rem">이메일 주소를 확인해 주세요</h1>` +
	`<p>안녕하세요. 아래 번호를 앱에 입력하면 가입이 끝납니다.</p>` +
	`<p style="font:600 2rem/1.2 monospace;letter-spacing:.15em;background:#f4f5f8;border-radius:.6rem;padding:1rem;` +
	`text-align:center">{####}</p><p style="color:#565d6d">직접 요청하지 않았다면 이 메일은 무시하셔도 됩니다.</p></div>`

// theConsole is a pool with its console in a browser.
type theConsole struct {
	person
	pool       *userpool.Server
	url        string // of the console
	id, client string
	functions  *answering
	axe        string
	golden     string // folder of the golden events that the test saves
	browser    *browser.Browser
}

func newConsole(t *testing.T) *theConsole {
	t.Helper()
	w, path := forPages(t, "axe-core")
	axe, err := os.ReadFile(filepath.Join(w.nodeModules, "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	c := &theConsole{functions: &answering{}, axe: string(axe), golden: t.TempDir(), person: person{t: t}}
	c.pool = userpool.Open(userpool.Options{Invoker: c.functions})
	t.Cleanup(c.pool.Close)
	repo, err := repository.Open(w.root)
	if err != nil {
		t.Fatal(err)
	}
	repo.Events = c.golden
	page := console.Handler(c.pool, console.Options{
		Command: "build/poolctl", Functions: c.shown,
		Save: func(recorded fire.Record, name string) ([]string, error) {
			saved, err := inspect.Save(repo, recorded, name)
			for i, file := range saved.Files {
				saved.Files[i] = filepath.Base(file)
			}
			return saved.Files, err
		},
	})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, console.Path) {
			page.ServeHTTP(w, r)
		} else {
			c.pool.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.CloseClientConnections) // streams last as long as their pages
	c.url = server.URL + console.Path
	if c.browser, err = browser.Start(path, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.browser.Close() })
	c.makePool("atelier-users")
	return c
}

func (c *theConsole) shown() []console.Function {
	all := []console.Function{}
	for _, name := range []string{"pre-sign-up", "custom-message", "pre-token-generation"} {
		all = append(all, console.Function{Name: name, ARN: lambdaARN(name), Hook: strings.ReplaceAll(name, "-", "_"),
			Manifest: "triggers/" + name + "/function.json", TimeoutSeconds: 5, MemoryMB: 128, Enabled: true})
	}
	return all
}

func lambdaARN(name string) string { return "arn:aws:lambda:eu-west-1:000000000000:function:" + name }

type input = map[string]any

// call calls an operation of the pool; the error is the client's.
func (c *theConsole) call(operation string, in input) (out input, err error) {
	return out, c.pool.Call(context.Background(), operation, in, &out)
}

func (c *theConsole) must(operation string, in input) input {
	c.t.Helper()
	out, err := c.call(operation, in)
	if err != nil {
		c.t.Fatalf("%s: %v", operation, err)
	}
	return out
}

func (c *theConsole) makePool(name string) {
	c.t.Helper()
	pool := c.must("CreateUserPool", input{"PoolName": name, "AutoVerifiedAttributes": []string{"email"},
		"EmailConfiguration": input{"EmailSendingAccount": "DEVELOPER",
			"SourceArn": "arn:aws:ses:eu-west-1:000000000000:identity/atelier.example"},
		"Schema": []input{{"Name": "tenant", "AttributeDataType": "String", "Mutable": true}},
		"LambdaConfig": input{"PreSignUp": lambdaARN("pre-sign-up"), "CustomMessage": lambdaARN("custom-message"),
			"PreTokenGenerationConfig": input{"LambdaArn": lambdaARN("pre-token-generation"), "LambdaVersion": "V2_0"}}})
	c.id = pool["UserPool"].(input)["Id"].(string)
	client := c.must("CreateUserPoolClient", input{"UserPoolId": c.id, "ClientName": "web",
		"ExplicitAuthFlows": []string{"ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}})
	c.client = client["UserPoolClient"].(input)["ClientId"].(string)
	c.must("CreateGroup", input{"UserPoolId": c.id, "GroupName": "editors", "Description": "편집자"})
}

func (c *theConsole) signsUp(name string) error {
	_, err := c.call("SignUp", input{"ClientId": c.client, "Username": name, "Password": goodPassword,
		"UserAttributes": []input{{"Name": "email", "Value": name}}})
	return err
}

// eval returns what JavaScript gives on the page.
func (c *theConsole) eval(script string) string {
	c.t.Helper()
	out := ""
	c.do(func(ctx context.Context) (err error) {
		out, err = c.page.Eval(ctx, script)
		return err
	})
	return out
}

// clicks scrolls to an element, as a person does, and clicks it.
func (c *theConsole) clicks(selector string) {
	c.t.Helper()
	c.sees(selector)
	c.eval("document.querySelector(`" + selector + "`).scrollIntoView({block: 'center'})")
	c.person.clicks(selector)
}

// fills types a text in place of what a field has.
func (c *theConsole) fills(selector, text string) {
	c.t.Helper()
	c.sees(selector)
	c.eval("document.querySelector(`" + selector + "`).value = ''; " +
		"document.querySelector(`" + selector + "`).scrollIntoView({block: 'center'})")
	c.types(selector, text)
}

// follows clicks the link with this text.
func (c *theConsole) follows(place, text string) {
	c.t.Helper()
	find := "[...document.querySelectorAll(`" + place + "`)].find(e => e.textContent.includes(`" + text + "`))"
	c.do(func(ctx context.Context) error { return c.page.Wait(ctx, find) })
	c.eval("document.querySelectorAll('[data-next]').forEach(e => e.removeAttribute('data-next')); " +
		find + ".setAttribute('data-next', '')")
	c.clicks("[data-next]")
}

// goes opens a part of the console by its address.
func (c *theConsole) goes(hash string) {
	c.t.Helper()
	c.eval("location.hash = " + strconv.Quote(hash))
}

type look struct {
	name          string
	width, height int
	scheme        string
}

// looks checks what the page shows with axe: on a narrow phone in the dark and on a desktop in light colours, or in all
// sizes and colours if screenshots are wanted.
func (c *theConsole) looks(name string) {
	c.t.Helper()
	folder := os.Getenv(consoleShots)
	looks := []look{{"320", 320, 640, "dark"}, {"desktop", 1280, 860, "light"}}
	if folder != "" {
		looks = []look{{"320", 320, 640, "light"}, {"phone", 390, 844, "dark"}, {"phone", 390, 844, "light"},
			{"desktop", 1280, 860, "dark"}, {"320", 320, 640, "dark"}, {"desktop", 1280, 860, "light"}}
	}
	c.eval("scrollTo(0, 0); document.getElementById('said').textContent = ''")
	for _, l := range looks {
		c.do(func(ctx context.Context) error {
			return errors.Join(c.page.Resize(ctx, l.width, l.height), c.page.PrefersColorScheme(ctx, l.scheme))
		})
		if wide := c.eval("document.documentElement.scrollWidth > innerWidth"); wide == "true" {
			c.t.Errorf("%s is wider than %d px", name, l.width)
		}
		if found := c.eval(consoleViolations); found != "" {
			c.t.Errorf("%s, %s, %s:\n%s", name, l.name, l.scheme, found)
		}
		if folder != "" {
			file := filepath.Join(folder, fmt.Sprintf("%s-%s-%s.png", name, l.name, l.scheme))
			c.do(func(ctx context.Context) error { return c.page.Screenshot(ctx, file) })
		}
	}
}

// consoleViolations runs axe with the rules of WCAG 2.2 AA and its best practices, and returns what it finds. Frames
// with mails are left out: they have no scripts, so axe cannot look into them.
const consoleViolations = `(async () => {
	const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
	const found = await axe.run({exclude: ['iframe']}, {runOnly: tags, resultTypes: ['violations'], iframes: false});
	const nodes = v => v.nodes.map(n => n.html + ' ' + n.failureSummary).join('; ');
	return found.violations.map(v => v.id + ': ' + nodes(v)).join('\n');
})()`

// opens opens the console.
func (c *theConsole) opens(width, height int) {
	c.t.Helper()
	page, err := c.browser.Open(c.t.Context(), c.url)
	if err != nil {
		c.t.Fatal(err)
	}
	c.page = page
	c.do(func(ctx context.Context) error {
		return errors.Join(page.Resize(ctx, width, height), page.Wait(ctx, "performance.getEntriesByName('ready').length"))
	})
	c.eval("(() => {" + c.axe + "\n})()")
}

// People find out in the console what happened to a user, what a trigger took and answered, and try things again.
func TestConsole(t *testing.T) {
	c := newConsole(t)
	for _, name := range []string{"noor@example.org", "mira@example.org"} {
		if err := c.signsUp(name); err != nil {
			t.Fatal(err)
		}
	}
	c.opens(1280, 860)
	c.refusedSignUp()
	c.slowTrigger()
	c.goldenCase()
	c.injectedFault()
	c.mailOnAPhone()
	c.tokenExplained()
	c.usersAndGroups()
	c.rest()
	t.Run("attacks", c.attacks)
	t.Run("many events", c.manyEvents)
}

func (c *theConsole) refusedSignUp() {
	c.reads("noor@example.org")
	if err := c.signsUp("ana@mailinator.example"); err == nil {
		c.t.Fatal("the sign-up is not refused")
	}
	c.reads("ana@mailinator.example") // by itself
	c.looks("timeline")
	c.follows(".choice button", "With problems") // first click
	c.do(func(ctx context.Context) error {
		return c.page.Wait(ctx, "document.querySelectorAll('.call').length === 1")
	})
	c.clicks(".trigger.failed") // second click
	c.reads("What the client reads")
	c.reads("PreSignUp failed with error Please use an e-mail address that you keep.")
	c.looks("refused")
	c.goes("#/")
	c.follows(".choice button", "All")
}

func (c *theConsole) slowTrigger() {
	for i := range 3 { // one of three calls is not late
		_ = c.signsUp(fmt.Sprintf("slow-%d@example.org", i))
	}
	c.reads("attempts")
	c.clicks(".trigger.odd, .trigger.failed")
	c.reads("Attempt 2")
	c.reads("timed out")
	c.looks("slow")
}

func (c *theConsole) goldenCase() {
	c.goes("#/")
	c.fills("[role=search] input", "mira")
	c.do(func(ctx context.Context) error {
		return c.page.Wait(ctx, "document.querySelectorAll('.call').length === 1")
	})
	c.follows(".trigger", "CustomMessage_SignUp")
	c.reads("What the function changed")
	c.looks("event")
	c.clicks("#replay")
	c.reads("The present code answers as it did then")
	c.goes("#/")
	c.follows(".trigger", "PreSignUp_SignUp")
	c.fills("#save input", "pre-sign-up/PreSignUp_SignUp-mira")
	c.clicks("#save button")
	c.reads("Saved PreSignUp_SignUp-mira.json")
	if files, _ := filepath.Glob(filepath.Join(c.golden, "pre-sign-up", "*")); len(files) != 2 {
		c.t.Errorf("the saved files are %v", files)
	}
}

func (c *theConsole) injectedFault() {
	c.clicks("#fault button")
	c.reads("fail for 1 more")
	c.goes("#/try")
	c.fills("#sign-up-form [name=name]", "ben@example.org")
	c.fills("#sign-up-form [name=password]", goodPassword)
	c.fills("#sign-up-form [name='attribute.email']", "ben@example.org")
	c.clicks("#sign-up-form button")
	c.reads("UserLambdaValidationException")
	c.looks("try")
	c.clicks("#sign-up-form button")
	c.reads("a code is in the inbox")
}

func (c *theConsole) mailOnAPhone() {
	c.do(func(ctx context.Context) error { return c.page.Resize(ctx, 390, 844) })
	c.goes("#/inbox")
	c.reads("Atelier 인증 번호")
	c.follows(".choice button", "Phone")
	if width := c.eval("document.querySelector('iframe').getBoundingClientRect().right <= innerWidth"); width != "true" {
		c.t.Error("the mail is wider than a phone")
	}
	if text := c.eval("fetch(document.querySelector('iframe').src).then(r => r.text())"); !strings.Contains(text, "번호를") {
		c.t.Errorf("the frame has %s", text)
	}
	code := c.eval("document.querySelector('.mailcode output').textContent")
	c.looks("inbox")
	c.goes("#/try")
	c.fills("#confirm-form input", code)
	c.clicks("#confirm-form button")
	c.reads("Confirmed")
}

func (c *theConsole) tokenExplained() {
	c.fills("#sign-in-form [name=name]", "ben@example.org")
	c.fills("#sign-in-form [name=password]", goodPassword)
	c.clicks("#sign-in-form button")
	c.reads("ben@example.org is signed in")
	c.clicks("[aria-label='Explain IdToken']")
	c.reads("atelier-seoul")
	c.reads("set by pre token generation")
	c.reads("left out by pre token generation")
	c.reads("minutes left")
	c.looks("token")
	c.follows("a", "the event of pre token generation")
	c.reads("TokenGeneration_Authentication")
}

func (c *theConsole) usersAndGroups() {
	c.goes("#/users")
	c.follows("table a", "ben@example.org")
	c.reads("CONFIRMED")
	c.follows("button", "Add")
	c.sees("[aria-label='Remove from editors']")
	c.looks("user")
	c.goes("#/groups/editors")
	c.reads("ben@example.org")
	c.looks("groups")
}

func (c *theConsole) rest() {
	c.goes("#/pool")
	c.reads("pre-token-generation")
	c.clicks(".client summary")
	c.looks("pool")
	c.goes("#/nowhere")
	c.reads("Timeline")
}
