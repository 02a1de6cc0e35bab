package clients

import (
	"bufio"
	"context"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/pooltest"
	"cognito-triggers/shared/repository"
)

// springVariable runs TestSpring: Maven downloads Spring Boot for minutes the first time.
const springVariable = "SPRING"

// springApp builds the application in testdata/spring and returns the path of its archive.
func springApp(t *testing.T) string {
	t.Helper()
	root, err := repository.Root()
	if err != nil {
		t.Fatal(err)
	}
	output := filepath.Join(root, "build", "clients", "spring")
	cmd := exec.CommandContext(t.Context(), "mvn", "--batch-mode", "--quiet", "--file",
		filepath.Join("testdata", "spring", "pom.xml"), "package", "-Doutput="+output)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("mvn: %v\n%s", err, out)
	}
	return filepath.Join(output, "app.jar")
}

var springPort = regexp.MustCompile(`Tomcat started on port (\d+)`)

// startSpring starts the application as a client of the pool, and returns its address.
func startSpring(t *testing.T, pool *pooltest.Pool, id, secret string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	t.Cleanup(cancel)
	const registration = "--spring.security.oauth2.client.registration.cognito."
	cmd := exec.CommandContext(ctx, "java", "-jar", springApp(t), "--server.port=0", "--server.address=127.0.0.1",
		registration+"client-id="+id, registration+"client-secret="+secret, registration+"scope=openid,email",
		"--spring.security.oauth2.client.provider.cognito.issuer-uri="+pool.Endpoint+"/"+pool.ID)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait() // it was killed
	})
	var printed strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); {
		printed.WriteString(lines.Text() + "\n")
		if found := springPort.FindStringSubmatch(lines.Text()); found != nil {
			go func() { _, _ = io.Copy(io.Discard, out) }() // ends with the application
			return "http://127.0.0.1:" + found[1]
		}
	}
	t.Fatalf("the application did not start:\n%s", printed.String())
	return ""
}

// Spring Boot's OAuth 2.0 client signs a person in on the domain's pages: it knows the pool's issuer, the app client
// and its secret, and checks issuer, signature, audience and nonce by itself.
func TestSpring(t *testing.T) {
	if os.Getenv(springVariable) == "" {
		t.Skip("SKIP: `make test-spring` runs it, with Maven and Java 17")
	}
	pool := pooltest.Start(t, pooltest.WithDomain(), pooltest.WithClient(func(in *cip.CreateUserPoolClientInput) {
		in.GenerateSecret = true
	}))
	app := startSpring(t, pool, pool.ClientID, pool.ClientSecret)
	_, err := pool.Client.UpdateUserPoolClient(t.Context(), &cip.UpdateUserPoolClientInput{
		UserPoolId: &pool.ID, ClientId: &pool.ClientID, AllowedOAuthFlowsUserPoolClient: true,
		AllowedOAuthFlows:  []types.OAuthFlowType{types.OAuthFlowTypeCode},
		AllowedOAuthScopes: []string{"openid", "email"}, SupportedIdentityProviders: []string{"COGNITO"},
		CallbackURLs: []string{app + "/login/oauth2/code/cognito"}, // Spring's own
	})
	if err != nil {
		t.Fatal(err)
	}
	const email = "noor@example.org"
	made, err := pool.Client.AdminCreateUser(t.Context(), &cip.AdminCreateUserInput{
		UserPoolId: &pool.ID, Username: aws.String("noor"), MessageAction: types.MessageActionTypeSuppress,
		UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: aws.String(email)},
			{Name: aws.String("email_verified"), Value: aws.String("true")}},
	})
	if err == nil {
		_, err = pool.Client.AdminSetUserPassword(t.Context(), &cip.AdminSetUserPasswordInput{
			UserPoolId: &pool.ID, Username: aws.String("noor"), Password: aws.String("Correct-horse-7"), Permanent: true,
		})
	}
	if err != nil {
		t.Fatal(err)
	}

	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, Timeout: time.Minute}
	at, page := show(t)(browser.Get(app))
	if !strings.HasPrefix(at.String(), pool.Domain().URL+"/login?") {
		t.Fatalf("the browser is at %s:\n%s", at, page)
	}
	form := url.Values{"username": {"noor"}, "password": {"Correct-horse-7"}}
	for _, input := range hiddenInput.FindAllString(page, -1) {
		form.Set(nameOf.FindStringSubmatch(input)[1], html.UnescapeString(valueOf.FindStringSubmatch(input)[1]))
	}
	action := html.UnescapeString(formAction.FindStringSubmatch(page)[1])
	at, page = show(t)(browser.PostForm(pool.Domain().URL+action, form))
	var got map[string]any
	if err := json.Unmarshal([]byte(page), &got); err != nil {
		t.Fatalf("the browser is at %s, %v:\n%s", at, err, page)
	}
	want := map[string]any{"email": email, "emailOfUserInfo": email, "nonce": true, "refreshToken": true}
	for _, attribute := range made.User.Attributes {
		if *attribute.Name == "sub" {
			want["subject"] = *attribute.Value
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the application shows\n%v, want\n%v", got, want)
	}
}

// show reads an answer and returns where the browser is, and the page.
func show(t *testing.T) func(*http.Response, error) (*url.URL, string) {
	return func(r *http.Response, err error) (*url.URL, string) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return r.Request.URL, string(body)
	}
}
