package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
)

// number reads a number from the environment.
func number(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// answered are the sign-ups that were answered: sub by address.
type answered struct {
	mu   sync.Mutex
	subs map[string]string
	next int
}

func (a *answered) address() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.next++
	return fmt.Sprintf("user-%d@example.org", a.next)
}

func (a *answered) add(email, sub string) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.subs[email] = sub
	return len(a.subs)
}

const signers = 4 // at once

// until signs users up until the run has answered so many, and then kills it at a random moment; 0 kills nothing.
func (a *answered) until(r *running, many int, kill bool) {
	var group sync.WaitGroup
	var dead atomic.Bool
	for range signers {
		group.Go(func() {
			for !dead.Load() {
				email := a.address()
				sub, err := r.signUp(email)
				if err != nil {
					if !dead.Load() {
						r.t.Errorf("%s: %v", email, err)
					}
					return
				}
				if a.add(email, sub) < many {
					continue
				}
				if dead.CompareAndSwap(false, true) && kill {
					<-time.After(time.Duration(rand.Int64N(int64(5 * time.Millisecond)))) // the others go on meanwhile
					r.kill()
				}
			}
		})
	}
	group.Wait()
}

// The process is killed again and again while users sign up. Every sign-up that was answered is there afterwards: the
// user has the same sub, the code that was sent confirms, and the password signs in. `make test-state` does it at
// length.
func TestKilledRunsLoseNothing(t *testing.T) {
	signUps, kills := number(t, "STATE_SIGN_UPS", 100), number(t, "STATE_KILLS", 5)
	root := another(t, nil)
	a := &answered{subs: map[string]string{}}
	began := time.Now()
	for n := range kills {
		r := run(t, root, "--play=false", "--state", "kept")
		a.until(r, signUps*(n+1)/(kills+1)+rand.IntN(3), true)
	}
	r := run(t, root, "--play=false", "--state", "kept")
	a.until(r, signUps, false)
	t.Logf("%d sign-ups were answered and %d runs killed in %.1f s", len(a.subs), kills, time.Since(began).Seconds())
	r.stop()
	r = run(t, root, "--play=false", "--state", "kept")
	codes, lost := r.codes(), 0
	for email, sub := range a.subs {
		if err := r.lives(email, sub, codes[sub]); err != nil {
			lost++
			t.Errorf("%s: %v", email, err)
		}
	}
	t.Logf("%d of them are there, were confirmed with the code that was sent, and signed in; %d are lost",
		len(a.subs)-lost, lost)
}

// lives confirms a user with the code and signs them in.
func (r *running) lives(email, sub, code string) error {
	ctx := r.t.Context()
	u, err := r.pool.AdminGetUser(ctx, &cip.AdminGetUserInput{UserPoolId: &r.UserPoolID, Username: &email})
	if err != nil {
		return err
	}
	for _, attribute := range u.UserAttributes {
		if *attribute.Name == "sub" && *attribute.Value != sub {
			return fmt.Errorf("the sub is %s, want %s", *attribute.Value, sub)
		}
	}
	if _, err := r.pool.ConfirmSignUp(ctx, &cip.ConfirmSignUpInput{
		ClientId: &r.ClientID, Username: &email, ConfirmationCode: aws.String(code),
	}); err != nil {
		return err
	}
	_, err = r.signIn(email, "Correct-horse-7")
	return err
}
