package pooltest_test

import (
	"bufio"
	"os"
	"regexp"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"cognito-triggers/local/pooltest"
	"cognito-triggers/local/userpool/poolclient"
)

// With -pooltest.keep, the pool of a failed test answers after the test, with its users, and that of a passed one ends.
func TestKeep(t *testing.T) {
	switch os.Getenv(childVariable) {
	case "fails":
		p := pooltest.Start(t)
		if err := p.SignUp(ines); err != nil {
			t.Fatal(err)
		}
		t.Error("to be looked at")
		return
	case "passes":
		pooltest.Start(t)
		return
	}
	t.Parallel()
	if out, err := child(t, "TestKeep", "passes", "-pooltest.keep=1h").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cmd := child(t, "TestKeep", "fails", "-pooltest.keep=1h")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	line, err := bufio.NewReader(stderr).ReadString('\n')
	found := regexp.MustCompile(`at (http://\S+): pool (\S+), app client`).FindStringSubmatch(line)
	if err != nil || found == nil {
		t.Fatalf("printed %q, error %v", line, err)
	}
	users, err := poolclient.New(found[1], "eu-west-1").ListUsers(t.Context(),
		&cognitoidentityprovider.ListUsersInput{UserPoolId: &found[2]})
	if err != nil || len(users.Users) != 1 || *users.Users[0].Username != "ines" {
		t.Errorf("users %+v, error %v", users, err)
	}
}
