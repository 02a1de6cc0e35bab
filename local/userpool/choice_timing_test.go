package userpool

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"cognito-triggers/local/timing"
	"cognito-triggers/local/userpool/srp"
)

// post calls an operation and returns its answer and how long it took.
func (s *stage) post(operation string, input map[string]any) (members map[string]any, took time.Duration, err error) {
	body, err := json.Marshal(input)
	if err != nil {
		return nil, 0, err
	}
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url, bytes.NewReader(body))
	if err != nil {
		return nil, 0, err
	}
	r.Header.Set("X-Amz-Target", targetPrefix+operation)
	began := time.Now()
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, 0, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	took = time.Since(began)
	if err != nil {
		return nil, 0, err
	}
	return members, took, json.Unmarshal(answer, &members)
}

// measured are sign-ins that fail, of two requests each.
var measured = map[string]struct {
	flow       string
	parameters func(*srp.Client) map[string]string
	answer     func(c *srp.Client, asked map[string]any, now time.Time) (map[string]string, error)
}{
	"EMAIL_OTP": {flow: "USER_AUTH", parameters: parametersOf("PREFERRED_CHALLENGE", "EMAIL_OTP"),
		answer: answersWith("EMAIL_OTP_CODE", "00000000")},
	"select EMAIL_OTP": {flow: "USER_AUTH", parameters: parametersOf(), answer: answersWith("ANSWER", "EMAIL_OTP")},
	"select PASSWORD": {flow: "USER_AUTH", parameters: parametersOf(),
		answer: answersWith("ANSWER", "PASSWORD", "PASSWORD", "Wrong-horse-7")},
	"PASSWORD_SRP": {flow: "USER_AUTH", parameters: func(c *srp.Client) map[string]string {
		all := c.AuthParameters()
		all["PREFERRED_CHALLENGE"] = "PASSWORD_SRP"
		return all
	}, answer: prove},
	"USER_SRP_AUTH": {flow: "USER_SRP_AUTH", parameters: (*srp.Client).AuthParameters, answer: prove},
}

func parametersOf(pairs ...string) func(*srp.Client) map[string]string {
	return func(*srp.Client) map[string]string { return pairsOf(pairs) }
}

func answersWith(pairs ...string) func(*srp.Client, map[string]any, time.Time) (map[string]string, error) {
	return func(*srp.Client, map[string]any, time.Time) (map[string]string, error) { return pairsOf(pairs), nil }
}

func prove(c *srp.Client, asked map[string]any, now time.Time) (map[string]string, error) {
	parameters := map[string]string{}
	for name, value := range asked["ChallengeParameters"].(map[string]any) {
		parameters[name] = value.(string)
	}
	return c.Respond(parameters, now)
}

// Where the client hides which users exist, the time of an answer does not tell, although only users who exist are sent
// codes, for which a function writes the text. `make test-enumeration` judges the time; here only the way is tried.
func TestTimeTellsNothing(t *testing.T) {
	users, err := strconv.Atoi(cmp.Or(os.Getenv("ENUMERATION_USERS"), "4"))
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{world: start(t, setup{pool: func(in *cip.CreateUserPoolInput) {
		signInPolicy("EMAIL_OTP")(in)
		in.LambdaConfig.UserMigration = nil // it is asked about strangers alone
	}, client: discreet})}
	client := allFlowsOf(s)
	s.functions.on(firesMessage, func(e map[string]any) (any, error) {
		time.Sleep(time.Duration(2+rand.IntN(3)) * time.Millisecond) // a function takes a while
		return e["response"], nil
	})
	d := &direct{t: t, server: s.server, clock: s.clock, pool: *s.pool, client: client}
	name := func(i int, known bool) string { return fmt.Sprintf("user%04d%t@example.org", i, known) }
	for i := range users {
		d.do("AdminCreateUser", object{"Username": name(i, true), "MessageAction": "SUPPRESS",
			"UserAttributes": attributes("email_verified", "true")})
		d.do("AdminSetUserPassword", object{"Username": name(i, true), "Password": password, "Permanent": true})
	}
	for flow, m := range measured {
		first, second := s.measure(users, name, func(who string) (a, b time.Duration, err error) {
			c := srp.NewClient(*s.pool, who, "Wrong-horse-7")
			parameters := m.parameters(c)
			parameters["USERNAME"] = who
			asked, a, err := s.post("InitiateAuth",
				map[string]any{"ClientId": client, "AuthFlow": m.flow, "AuthParameters": parameters})
			if err != nil || asked["Session"] == nil {
				return 0, 0, fmt.Errorf("InitiateAuth: %v, error %w", asked, err)
			}
			answer, err := m.answer(c, asked, s.clock.Now())
			if err != nil {
				return 0, 0, err
			}
			if answer["USERNAME"] == "" {
				answer["USERNAME"] = who
			}
			_, b, err = s.post("RespondToAuthChallenge", map[string]any{"ClientId": client,
				"ChallengeName": asked["ChallengeName"], "Session": asked["Session"], "ChallengeResponses": answer})
			return a, b, err
		})
		for step, samples := range map[string][]timing.Sample{"InitiateAuth": first, "RespondToAuthChallenge": second} {
			value := timing.AUC(samples)
			t.Logf("%s, %s: AUC %.3f of %d users who exist and as many who do not", flow, step, value, users)
			if users >= 500 && timing.Tells(value) {
				t.Errorf("%s, %s: the time tells who exists: AUC %.3f", flow, step, value)
			}
		}
	}
}

// allFlowsOf makes a client for all measured flows.
func allFlowsOf(s *stage) string {
	d := &direct{t: s.t, server: s.server, pool: *s.pool}
	return at(d.do("CreateUserPoolClient", object{"ClientName": "all", "PreventUserExistenceErrors": "ENABLED",
		"ExplicitAuthFlows": []string{"ALLOW_USER_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"},
	}), "UserPoolClient.ClientId").(string)
}

// measure plays a sign-in of every user and of as many strangers, in random order.
func (s *stage) measure(users int, name func(int, bool) string,
	play func(who string) (first, second time.Duration, err error),
) (first, second []timing.Sample) {
	s.t.Helper()
	work, mu := make(chan int), sync.Mutex{}
	var group sync.WaitGroup
	for range 2 {
		group.Go(func() {
			for i := range work {
				known := i%2 == 0
				a, b, err := play(name(i/2, known))
				mu.Lock()
				if err != nil {
					s.t.Error(err)
				}
				first = append(first, timing.Sample{Took: a, Known: known})
				second = append(second, timing.Sample{Took: b, Known: known})
				mu.Unlock()
			}
		})
	}
	for _, i := range rand.Perm(2 * users) {
		work <- i
	}
	close(work)
	group.Wait()
	return first, second
}
