package console

import (
	"fmt"
	"slices"
	"testing"

	"cognito-triggers/local/lambdaruntime"
)

// A call has the triggers that it fired and the messages that it sent beneath it, whatever happens at the same time.
func TestTimeline(t *testing.T) {
	t.Parallel()
	p := open(t, map[string]string{"PreSignUp": "pre-sign-up", "CustomMessage": "custom-message"},
		functions{"pre-sign-up": refuses, "custom-message": func(_, _ object) error { return nil }}, nil)
	if err := p.signsUp(ines); err != nil {
		t.Fatal(err)
	}
	p.fails(p.signsUp("x@mailinator.example"), "Please use a lasting address.")
	list := get[timelineAnswer](p, "timeline")
	if len(list.Rows) < 2 || list.Total != len(list.Rows) || list.Before != 0 || list.After == "" {
		t.Fatalf("%+v", list)
	}
	refused, signedUp := list.Rows[0], list.Rows[1]
	if refused.Operation != "SignUp" || refused.UserName != "x@mailinator.example" || len(refused.Events) != 1 ||
		refused.Events[0].Source != "PreSignUp_SignUp" || refused.Events[0].Outcome != refused.Outcome ||
		refused.Outcome != "UserLambdaValidationException: PreSignUp failed with error Please use a lasting address.." {
		t.Errorf("the refused sign-up is %+v", refused)
	}
	sources := []string{}
	for _, e := range signedUp.Events {
		sources = append(sources, e.Source)
	}
	if want := []string{"PreSignUp_SignUp", "CustomMessage_SignUp"}; !slices.Equal(sources, want) ||
		signedUp.Outcome != "ok" || len(signedUp.Messages) != 1 || signedUp.Milliseconds <= 0 {
		t.Errorf("the sign-up is %+v", signedUp)
	}
	if last := list.Rows[len(list.Rows)-1]; last.Operation != "CreateUserPool" || len(last.Events) != 0 {
		t.Errorf("the first call is %+v", last)
	}
}

// The filters of the timeline select by user, trigger and outcome; user names fold.
func TestTimelineFilters(t *testing.T) {
	t.Parallel()
	late := 0
	p := open(t, map[string]string{"PreSignUp": "pre-sign-up"}, functions{"pre-sign-up": func(request, r object) error {
		if late++; late == 1 {
			return lambdaruntime.ErrTimeout
		}
		return refuses(request, r)
	}}, nil)
	for _, name := range []string{"slow@example.org", ines, "x@mailinator.example"} {
		_ = p.signsUp(name) // the last one is refused
	}
	for query, want := range map[string][]string{
		"user=INES":                     {ines},
		"user=example.org":              {ines, "slow@example.org"},
		"trigger=PreSignUp":             {"x@mailinator.example", ines, "slow@example.org"},
		"trigger=PreSignUp&outcome=ok":  {ines},
		"outcome=failed":                {"x@mailinator.example", "slow@example.org"},
		"trigger=TokenGeneration":       {},
		"user=nobody":                   {},
		"user=INES&outcome=failed":      {},
		"trigger=PreSignUp&limit=1":     {"x@mailinator.example"},
		"trigger=PreSignUp&limit=-7":    {"x@mailinator.example", ines, "slow@example.org"},
		"trigger=PreSignUp&before=nine": {"x@mailinator.example", ines, "slow@example.org"},
	} {
		names := []string{}
		for _, r := range get[timelineAnswer](p, "timeline?"+query).Rows {
			names = append(names, r.UserName)
		}
		if !slices.Equal(names, want) {
			t.Errorf("%s: %v, want %v", query, names, want)
		}
	}
	slow := get[timelineAnswer](p, "timeline?user=slow").Rows[0].Events[0]
	if slow.Attempts != 2 || slow.Outcome != "ok" {
		t.Errorf("the slow trigger is %+v", slow)
	}
}

// Pages follow each other without a gap or a double, and have a bound whatever somebody asks for.
func TestTimelinePages(t *testing.T) {
	t.Parallel()
	p := open(t, nil, nil, nil)
	for i := range pageMost + 10 {
		_, _ = p.try("AdminGetUser", object{"UserPoolId": p.id, "Username": fmt.Sprint("nobody-", i)})
	}
	seen := map[int]bool{}
	before, pages := 0, 0
	for {
		list := get[timelineAnswer](p, fmt.Sprintf("timeline?limit=100000&before=%d", before))
		if len(list.Rows) > pageMost {
			t.Fatalf("%d rows on a page", len(list.Rows))
		}
		for _, r := range list.Rows {
			if seen[r.ID] || before > 0 && r.ID >= before {
				t.Fatalf("call %d twice", r.ID)
			}
			seen[r.ID] = true
		}
		pages++
		if before = list.Before; before == 0 {
			break
		}
	}
	if want := pageMost + 12; pages != 2 || len(seen) != want { // the pool and its app client, too
		t.Errorf("%d calls on %d pages, want %d on 2", len(seen), pages, want)
	}
	if list := get[timelineAnswer](p, "timeline"); len(list.Rows) != pageDefault {
		t.Errorf("%d rows by default", len(list.Rows))
	}
}

// The timeline that is read while calls are made, continued by the stream from where it says, has all events.
func TestTimelineLosesNothing(t *testing.T) {
	t.Parallel()
	p := open(t, map[string]string{"PreSignUp": "pre-sign-up"}, functions{"pre-sign-up": refuses}, nil)
	const signUps = 60
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range signUps {
			_ = p.signsUp(fmt.Sprintf("user-%d@mailinator.example", i))
		}
	}()
	type seen struct {
		events   map[int]bool
		position string
	}
	var looks []seen
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		list := get[timelineAnswer](p, "timeline?limit=500")
		look := seen{map[int]bool{}, list.After}
		for _, r := range list.Rows {
			for _, e := range r.Events {
				look.events[e.Number] = true
			}
		}
		looks = append(looks, look)
	}
	for _, look := range looks {
		var call, event int
		if _, err := fmt.Sscanf(look.position, "%d.%d.", &call, &event); err != nil {
			t.Fatal(err)
		}
		for number := 1; number <= event; number++ {
			if !look.events[number] {
				t.Fatalf("event %d is neither on the page nor in the stream after %s", number, look.position)
			}
		}
	}
}
