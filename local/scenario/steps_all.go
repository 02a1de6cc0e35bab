package scenario

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/shared/cognito"
)

// allTriggers is a second pool, which calls every trigger of the repository.
type allTriggers struct {
	userPoolID, clientID string
	old                  *oldSystem // that user-migration knows
}

// allSteps are played on the pool with all triggers.
func allSteps() []step {
	const (
		define = cognito.DefineAuthChallengeAuthentication
		create = cognito.CreateAuthChallengeAuthentication
		verify = cognito.VerifyAuthChallengeResponseAuthentication
	)
	return []step{
		{
			title: "another pool, all triggers: Max signs in with an old system's password",
			do:    migrates,
			fires: []string{cognito.UserMigrationAuthentication, cognito.TokenGenerationAuthentication},
			all:   true,
		},
		{
			title: "Max signs in without a password: a code by mail",
			do:    byCode,
			fires: []string{define, create, verify, define, cognito.TokenGenerationAuthentication},
			needs: needed(maxim, confirmation),
			all:   true,
		},
		{
			title: "he sets a new password: the custom sender decrypts and mails the code",
			do:    bySender,
			fires: []string{cognito.CustomEmailSenderForgotPassword, cognito.PostConfirmationConfirmForgotPassword},
			needs: needed(maxim, confirmation),
			all:   true,
		},
	}
}

func maxim(p *player) *person { return p.all.old.user }

func migrates(ctx context.Context, p *player) error {
	who := maxim(p)
	if _, err := p.signInByPassword(ctx, who, who.password+"x"); err == nil {
		return errors.New("a wrong password was taken")
	}
	p.seen = p.last() // of the wrong password
	out, err := p.signInByPassword(ctx, who, who.password)
	if err != nil {
		return err
	}
	if err := p.accept(ctx, who, out.AuthenticationResult); err != nil {
		return err
	}
	who.registered, who.confirmed = true, true
	p.note("he is a user of the pool now, with the password that he has")
	return nil
}

func byCode(ctx context.Context, p *player) error {
	who := maxim(p)
	asked, err := p.initiate(ctx, types.AuthFlowTypeCustomAuth, map[string]string{"USERNAME": who.email})
	if err != nil {
		return err
	}
	code, err := p.mailed(ctx, who.email, "create-auth-challenge", 8)
	if err != nil {
		return err
	}
	done, err := p.respond(ctx, asked.ChallengeName, asked.Session,
		map[string]string{"USERNAME": asked.ChallengeParameters["USERNAME"], "ANSWER": code})
	if err != nil {
		return err
	}
	return p.accept(ctx, who, done.AuthenticationResult)
}

func bySender(ctx context.Context, p *player) error {
	who := maxim(p)
	if _, err := p.Cognito.ForgotPassword(ctx, &cip.ForgotPasswordInput{ClientId: &p.ClientID,
		Username: &who.email}); err != nil {
		return err
	}
	if err := p.Server.Settle(ctx); err != nil {
		return err
	}
	code, err := p.mailed(ctx, who.email, "custom-email-sender", 6)
	if err != nil {
		return err
	}
	_, err = p.Cognito.ConfirmForgotPassword(ctx, &cip.ConfirmForgotPasswordInput{
		ClientId: &p.ClientID, Username: &who.email, ConfirmationCode: &code, Password: aws.String(who.password + "-new"),
	})
	return err
}

// mailed returns the code in the latest mail that a function sent to somebody. It is in the inbox, unless functions
// send through an emulator of the user's own, which lists it.
func (p *player) mailed(ctx context.Context, to, function string, digits int) (code string, err error) {
	for _, m := range p.Server.Inbox().Messages(0) {
		if m.To == to && m.From == "function "+function {
			code = m.Code
		}
	}
	if len(p.Emulator.Unobserved()) > 0 {
		sent, err := p.Emulator.SentEmails(ctx)
		if err != nil {
			return "", err
		}
		is := regexp.MustCompile(fmt.Sprintf(`\b[0-9]{%d}\b`, digits))
		for _, m := range sent {
			if slices.Contains(m.To, to) {
				code = is.FindString(m.Text)
			}
		}
	}
	if len(code) != digits {
		return "", fmt.Errorf("%s sent no mail with a code of %d digits", function, digits)
	}
	p.note("%s sent a mail with a code of %d digits", function, digits)
	return code, nil
}

// last returns the number of the last event.
func (p *player) last() int {
	if records := p.Server.Events().Records(p.seen); len(records) > 0 {
		return records[len(records)-1].Number
	}
	return p.seen
}

// lacksTriggers returns why the steps of the pool with all triggers cannot be played, "" if they can.
func (p *player) lacksTriggers() string {
	if p.all.userPoolID == "" {
		return "this repository has not all of the toolkit's triggers"
	}
	return ""
}

// onAllTriggers plays on the pool with all triggers until the returned function is called.
func (p *player) onAllTriggers() (back func()) {
	pool, client := p.UserPoolID, p.ClientID
	p.UserPoolID, p.ClientID = p.all.userPoolID, p.all.clientID
	return func() { p.UserPoolID, p.ClientID = pool, client }
}
