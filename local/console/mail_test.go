package console

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"cognito-triggers/local/userpool"
)

const evilMail = `<script>top.document.title = 'run'</script><img src="https://evil.example/a.png">` +
	`<form action="https://evil.example/"><button>Go</button></form>` +
	`<meta http-equiv="refresh" content="0;url=https://e.example/">` +
	`<a href="https://shop.example/?a=1&amp;b=2">Shop</a><a href="javascript:alert(1)">No</a>`

func (p *place) sends(m userpool.Sent) { p.pool.Inbox().AddSent(m) }

// The frame of a message has its text alone, and a policy under which nothing in it runs, loads or is sent.
func TestMailFrame(t *testing.T) {
	t.Parallel()
	p := open(t, nil, nil, nil)
	p.sends(userpool.Sent{To: ines, Subject: "Hello", Body: "In words: https://example.org/words", HTML: evilMail})
	w := p.serve(request(http.MethodGet, api+"messages/1", nil))
	policy := w.Header().Get("Content-Security-Policy")
	if w.Code != http.StatusOK || w.Body.String() != evilMail || w.Header().Get("X-Content-Type-Options") != "nosniff" ||
		w.Header().Get("Referrer-Policy") != "no-referrer" || w.Header().Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	directives := strings.Split(policy, "; ")
	for _, want := range []string{"sandbox", "default-src 'none'", "frame-ancestors 'self'"} {
		if !slices.Contains(directives, want) {
			t.Errorf("the policy %q lacks %q", policy, want)
		}
	}
	for _, word := range []string{"allow-", "http", "script-src", "*"} {
		if strings.Contains(policy, word) {
			t.Errorf("the policy is %q", policy)
		}
	}
	for _, number := range []string{"0", "2", "-3", "x"} {
		if w := p.serve(request(http.MethodGet, api+"messages/"+number, nil)); w.Code != http.StatusNotFound {
			t.Errorf("message %s: %d", number, w.Code)
		}
	}
}

// The list has the newest messages first, without the HTML of mails, and links that lead to web pages alone.
func TestMessages(t *testing.T) {
	t.Parallel()
	p := open(t, nil, nil, nil)
	p.sends(userpool.Sent{To: ines, Subject: "Hello", Body: "In words: https://example.org/words", HTML: evilMail})
	p.sends(userpool.Sent{To: "+821012345678", SMS: true, Body: "인증 번호 123456"})
	list := get[messagesAnswer](p, "messages")
	if len(list.Messages) != 2 || list.Total != 2 || list.Before != 0 || list.Messages[0].Body != "인증 번호 123456" {
		t.Fatalf("%+v", list)
	}
	mail := list.Messages[1]
	for _, want := range []string{"https://example.org/words", "https://shop.example/?a=1&b=2"} {
		if !slices.Contains(mail.Links, want) {
			t.Errorf("the links are %v, without %s", mail.Links, want)
		}
	}
	if mail.Body != "" || mail.HTML != "" || strings.Contains(strings.Join(mail.Links, " "), "javascript") {
		t.Errorf("%+v", mail)
	}
	for i := range 150 {
		p.sends(userpool.Sent{To: fmt.Sprint("user-", i, "@example.org"), Subject: "Number", Body: "."})
	}
	first := get[messagesAnswer](p, "messages?search=number")
	next := get[messagesAnswer](p, fmt.Sprint("messages?search=NUMBER&before=", first.Before))
	if len(first.Messages) != pageDefault || first.Total != 150 || len(next.Messages) != 50 || next.Before != 0 ||
		next.Messages[0].Number != first.Before-1 {
		t.Errorf("%d of %d, then %d", len(first.Messages), first.Total, len(next.Messages))
	}
}
