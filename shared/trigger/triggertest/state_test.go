package triggertest

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/settings"
)

// tables is a store in memory, as a test of a trigger with a table of its own has it.
type tables map[string][]json.RawMessage

func (s tables) Put(_ context.Context, table string, item json.RawMessage) error {
	s[table] = append(s[table], item)
	return nil
}

func (s tables) Items(_ context.Context, table string) ([]json.RawMessage, error) {
	return s[table], nil
}

// visits is a set with one case, whose function counts visits in a table and mails about the second one.
var visits = fstest.MapFS{
	"visits/A.json":        {Data: []byte(`{"triggerSource":"PostAuthentication_Authentication","response":{}}`)},
	"visits/A.config.json": {Data: []byte(`{"tables":{"visits":[{"user":"ines","number":1}]}}`)},
	"visits/A.want.json": {Data: []byte(`{"answer":"unchanged",
		"tables":{"visits":[{"user":"ines","number":2,"at":"ANY"},{"number":1,"user":"ines"}],"alarms":[]},
		"mails":[{"to":["ines@example.org"],"subject":"Welcome back"}],"sms":[]}`)},
}

// replayVisits replays a set with the function that visits is about. Without an outbox, it sends nothing.
func replayVisits(t *testing.T, set fs.FS, stored golden.Tables, outbox golden.Outbox) {
	t.Helper()
	ReplayInstance(t, set, "visits", func(t *testing.T, c golden.Case) Instance {
		it := Instance{Tables: stored, Outbox: outbox}
		env := map[string]string{}
		if outbox == nil && stored != nil {
			mailbox := NewMailbox(t)
			env, it.Outbox = mailbox.Settings(), mailbox
		}
		it.Handler = handlerFunc(func(ctx context.Context, event []byte) ([]byte, error) {
			if stored == nil || outbox != nil {
				return event, nil
			}
			now, err := json.Marshal(map[string]any{"user": "ines", "number": 2, "at": time.Now()})
			return event, errors.Join(err, stored.Put(ctx, "visits", now), mail(ctx, t, env))
		})
		return it
	})
}

func mail(ctx context.Context, t *testing.T, env map[string]string) error {
	all := NoAWS(t)
	for name, value := range env {
		all[name] = value
	}
	from := settings.FromMap(all)
	client := sesv2.NewFromConfig(awsenv.Config(from, "SESV2"))
	_, err := client.SendEmail(ctx, &sesv2.SendEmailInput{
		FromEmailAddress: aws.String("hello@example.org"),
		Destination:      &types.Destination{ToAddresses: []string{"ines@example.org"}},
		Content: &types.EmailContent{Simple: &types.Message{
			Subject: &types.Content{Data: aws.String("Welcome back")},
			Body:    &types.Body{Text: &types.Content{Data: aws.String("It is your second visit.")}},
		}},
	})
	return errors.Join(from.Err(), err)
}

// A case states a function's tables and mails, before and after the event.
func TestTablesAndMails(t *testing.T) { replayVisits(t, visits, tables{}, nil) }

func TestMailboxTakesSMS(t *testing.T) {
	t.Parallel()
	m := NewMailbox(t)
	for form, want := range map[string]int{
		"Action=Publish&PhoneNumber=%2B15550100&Message=Hello":     http.StatusOK,
		"Action=Publish&TopicArn=arn%3Aaws%3Asns%3A&Message=Hello": http.StatusBadRequest,
	} {
		values, err := url.ParseQuery(form)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.PostForm(m.Settings()["AWS_ENDPOINT_URL_SNS"], values)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("%s: status %d, want %d", form, answer.StatusCode, want)
		}
	}
	want := []golden.SMS{{To: "+15550100", Text: "Hello"}}
	if sms, err := m.SMS(t.Context()); err != nil || !slices.Equal(sms, want) {
		t.Errorf("sent %v, error %v", sms, err)
	}
}

// -update writes to the folder that the set came from, wherever that is, and keeps what still holds.
func TestUpdateWritesToTheFolderOfTheSet(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "events"), visits)
	if out, err := child(t, "folder", dir, "-update"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	text, err := os.ReadFile(filepath.Join(dir, "events", "visits", "A.want.json"))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"answer":"unchanged","tables":{"alarms":[],"visits":[{"number":1,"user":"ines"}]},` +
		`"mails":[{"to":["a@example.org"]}],"sms":[]}`
	if err := golden.Differs("want", []byte(want), text); err != nil {
		t.Error(err)
	}
}

// In another module, -update finds that module's own events. It refuses a set that is not theirs, such as the events
// that this module embeds, and writes nothing.
func TestUpdateLeavesOtherRepositoriesAlone(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]map[string]string{
		"no repository": {},
		"no events":     {"poolctl.json": "{}"},
		"other events":  {"poolctl.json": `{"events":"own"}`, "own/pre-sign-up/PreSignUp_SignUp.json": "{}"},
		"other events, by default": {
			"go.mod": "module m", "triggers/x": "", "testevents/pre-sign-up/PreSignUp_SignUp.json": "{}",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			set := fstest.MapFS{}
			for path, text := range files {
				set[path] = &fstest.MapFile{Data: []byte(text)}
			}
			write(t, dir, set)
			out, err := child(t, "embedded", dir, "-update")
			if err == nil || !strings.Contains(out, "to write elsewhere, replay os.DirFS of the folder") {
				t.Errorf("error %v, output:\n%s", err, out)
			}
			if found, err := fs.Glob(os.DirFS(dir), "*/*/*.want.json"); err != nil || len(found) > 0 {
				t.Errorf("wrote %v (%v)", found, err)
			}
		})
	}
}

// The hook in the function.json of the test's folder decides which events the function gets.
func TestReplayKnowsTheHook(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, fstest.MapFS{"function.json": {Data: []byte(
		`{"hook":"custom_message","timeout_seconds":5,"memory_mb":128,"environment":{},"grants":[]}`)}})
	out, err := child(t, "another hook", dir)
	if err == nil || !strings.Contains(out, `"PreSignUp_SignUp" is never sent to a function at custom_message`) {
		t.Errorf("error %v, output:\n%s", err, out)
	}
}

func TestSettingsWithoutManifest(t *testing.T) {
	t.Chdir(t.TempDir())
	env := Settings(t, golden.Case{Config: golden.Config{Environment: map[string]string{"A": "case"}}})
	if env.Lookup("A") != "case" || env.Lookup("AWS_REGION") == "" {
		t.Errorf("A is %q, the Region %q", env.Lookup("A"), env.Lookup("AWS_REGION"))
	}
}

// write writes a set's files to a folder.
func write(t *testing.T, dir string, set fstest.MapFS) {
	t.Helper()
	for path, file := range set {
		full := filepath.Join(dir, filepath.FromSlash(path))
		if err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o755), os.WriteFile(full, file.Data, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
}
