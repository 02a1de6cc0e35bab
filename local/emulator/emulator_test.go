package emulator

import (
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	ddb "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	ses "github.com/aws/aws-sdk-go-v2/service/sesv2/types"
)

// Subtests that do not stop the emulator share one.
func TestEmulator(t *testing.T) {
	t.Parallel()
	var out logs
	e := start(t, Options{Logs: &out})
	t.Run("DynamoDB", func(t *testing.T) { dynamoDB(t, e) })
	t.Run("e-mail", func(t *testing.T) { email(t, e) })
	t.Run("any sender", func(t *testing.T) { anySender(t, e) })
	t.Run("nothing listens beside the endpoint", func(t *testing.T) { onlyTheEndpoint(t, e) })
	if err := e.Stop(); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "ines@example.org") {
		t.Errorf("the log contains an address: %s", out.String())
	}
}

func dynamoDB(t *testing.T, e *Emulator) {
	t.Helper()
	cfg, err := e.Config("DYNAMODB")
	if err != nil {
		t.Fatal(err)
	}
	client := dynamodb.NewFromConfig(cfg)
	table := aws.String("profiles")
	_, err = client.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName:   table,
		BillingMode: ddb.BillingModePayPerRequest,
		AttributeDefinitions: []ddb.AttributeDefinition{{
			AttributeName: aws.String("pk"),
			AttributeType: ddb.ScalarAttributeTypeS,
		}},
		KeySchema: []ddb.KeySchemaElement{{AttributeName: aws.String("pk"), KeyType: ddb.KeyTypeHash}},
	})
	if err != nil {
		t.Fatal(err)
	}
	item := map[string]ddb.AttributeValue{
		"pk":   &ddb.AttributeValueMemberS{Value: "eu-west-1_Qk7Lm2XyZ#1"},
		"name": &ddb.AttributeValueMemberS{Value: "이네스"},
	}
	if _, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: table, Item: item}); err != nil {
		t.Fatal(err)
	}
	got, err := client.GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName: table,
		Key:       map[string]ddb.AttributeValue{"pk": item["pk"]},
	})
	if err != nil {
		t.Fatal(err)
	}
	if name, ok := got.Item["name"].(*ddb.AttributeValueMemberS); !ok || name.Value != "이네스" {
		t.Errorf("item = %v, want what was put", got.Item)
	}
}

func email(t *testing.T, e *Emulator) {
	t.Helper()
	if mails, err := e.SentEmails(t.Context()); err != nil || len(mails) != 0 {
		t.Fatalf("SentEmails = %v, %v; want none yet", mails, err)
	}
	cfg, err := e.Config("SESV2")
	if err != nil {
		t.Fatal(err)
	}
	client := sesv2.NewFromConfig(cfg)
	if _, err := client.SendEmail(t.Context(), welcome("first")); err == nil ||
		!strings.Contains(err.Error(), "not verified") {
		t.Errorf("error = %v, want the sender to be refused before it is verified", err)
	}
	for range 2 {
		if err := e.VerifyEmailIdentity(t.Context(), "welcome@example.org"); err != nil {
			t.Fatal(err)
		}
	}
	began := time.Now().Add(-time.Second)
	for _, subject := range []string{"first", "second"} {
		if _, err := client.SendEmail(t.Context(), welcome(subject)); err != nil {
			t.Fatal(err)
		}
	}
	mails, err := e.SentEmails(t.Context())
	if err != nil || len(mails) != 2 {
		t.Fatalf("SentEmails = %v, %v; want two", mails, err)
	}
	first := mails[0]
	if first.From != "welcome@example.org" || !slices.Equal(first.To, []string{"ines@example.org"}) ||
		first.Subject != "first" ||
		first.HTML != "<p>안녕하세요</p>" || first.Text != "Hello" || first.MessageID == "" ||
		first.SentAt.Before(began) {
		t.Errorf("first = %+v", first)
	}
	if mails[1].Subject != "second" {
		t.Errorf("the second is %q, want the oldest first", mails[1].Subject)
	}
}

func welcome(subject string) *sesv2.SendEmailInput {
	content := func(s string) *ses.Content { return &ses.Content{Data: aws.String(s)} }
	return &sesv2.SendEmailInput{
		FromEmailAddress: aws.String("welcome@example.org"),
		Destination:      &ses.Destination{ToAddresses: []string{"ines@example.org"}},
		Content: &ses.EmailContent{Simple: &ses.Message{
			Subject: content(subject),
			Body:    &ses.Body{Html: content("<p>안녕하세요</p>"), Text: content("Hello")},
		}},
	}
}

func TestStopLeavesNothing(t *testing.T) {
	t.Parallel()
	e := start(t, Options{})
	conn := hold(t, e.server.guard.socket)
	if err := e.Stop(); err != nil {
		t.Fatal(err)
	}
	awaitEnd(t, conn)
	if _, err := net.Dial("tcp", e.server.guard.listener.Addr().String()); err == nil {
		t.Error("its guard still listens")
	}
	if _, err := os.Stat(e.server.folder.path); !os.IsNotExist(err) {
		t.Errorf("its folder is still there: %v", err)
	}
	if err := e.Stop(); err != nil {
		t.Errorf("second Stop: %v", err)
	}
}

func TestStopTellsOfAnEarlierEnd(t *testing.T) {
	t.Parallel()
	e := start(t, Options{})
	e.server.process.Kill()
	<-e.server.process.Done()
	if err := e.Stop(); err == nil || !strings.Contains(err.Error(), "had already exited (signal: killed)") {
		t.Errorf("error = %v, want one that says how it exited", err)
	}
}

func onlyTheEndpoint(t *testing.T, e *Emulator) {
	t.Helper()
	var health struct {
		Services map[string]string
		IoTmTLS  string `json:"iot_mtls"`
	}
	if err := getJSON(t.Context(), e.Endpoint+"/_ministack/health", &health); err != nil {
		t.Fatal(err)
	}
	if health.IoTmTLS != "disabled" {
		t.Errorf("iot_mtls = %q: it listens on a fixed port of all interfaces", health.IoTmTLS)
	}
	if _, pools := health.Services["cognito-idp"]; pools || len(health.Services) != len(services) {
		t.Errorf("services = %v, want %v", health.Services, services)
	}
}

func TestAnEmulatorOfTheUsersOwn(t *testing.T) {
	own := httptest.NewServer(http.NotFoundHandler())
	defer own.Close()
	t.Setenv("AWS_ENDPOINT_URL", own.URL+"/")
	t.Setenv("AWS_ENDPOINT_URL_SESV2", "http://127.0.0.1:9")
	t.Setenv("AWS_REGION", "ap-northeast-2")
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	e, err := Start(t.Context(), Options{BuildDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if !e.External || e.Endpoint != own.URL {
		t.Errorf("Endpoint = %q, External %v; want %q", e.Endpoint, e.External, own.URL)
	}
	for name, want := range map[string]string{
		"AWS_ENDPOINT_URL":       own.URL,
		"AWS_ENDPOINT_URL_SESV2": "http://127.0.0.1:9",
		"AWS_REGION":             "ap-northeast-2",
		"AWS_ACCESS_KEY_ID":      "test",
	} {
		if got := e.Environment()[name]; got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if _, err := e.SentEmails(t.Context()); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("SentEmails: %v, want an error where there is no such page", err)
	}
	if err := e.Stop(); err != nil {
		t.Error(err)
	}
	if _, err := http.Get(own.URL); err != nil {
		t.Errorf("Stop touched it: %v", err)
	}
}

func TestOneServiceOfTheUsersOwn(t *testing.T) {
	own := httptest.NewServer(http.NotFoundHandler())
	defer own.Close()
	t.Setenv("AWS_ENDPOINT_URL_DYNAMODB", own.URL)
	e := start(t, Options{})
	env := e.Environment()
	if e.External || env["AWS_ENDPOINT_URL"] != e.Endpoint || env["AWS_ENDPOINT_URL_DYNAMODB"] != own.URL {
		t.Errorf("Environment = %v, want DynamoDB at %s and the rest at %s", env, own.URL, e.Endpoint)
	}
}

// What the services hold outlives an emulator that is stopped, if it has a folder for it.
func TestStateOutlivesStop(t *testing.T) {
	t.Parallel()
	kept := t.TempDir()
	first := start(t, Options{State: kept})
	dynamoDB(t, first)
	if err := first.Stop(); err != nil {
		t.Fatal(err)
	}
	for state, want := range map[string]int{kept: 1, "": 0} {
		e := start(t, Options{State: state})
		cfg, err := e.Config("DYNAMODB")
		if err != nil {
			t.Fatal(err)
		}
		tables, err := dynamodb.NewFromConfig(cfg).ListTables(t.Context(), &dynamodb.ListTablesInput{})
		if err != nil || len(tables.TableNames) != want {
			t.Errorf("state %q: tables %v, %v", state, tables, err)
		}
	}
}
