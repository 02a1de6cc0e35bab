package scenario

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/shared/cognito"
)

const members = "members" // the group that every confirmed user joins, by the pool settings

// needed returns what a step lacks of a person.
func needed(who func(*player) *person, what func(*person) string) func(*player) string {
	return func(p *player) string { return what(who(p)) }
}

func ines(p *player) *person { return p.ines }
func paul(p *player) *person { return p.paul }
func rosa(p *player) *person { return p.rosa }

func account(u *person) string {
	if u.registered {
		return ""
	}
	return "there is no account, see above"
}

func confirmation(u *person) string {
	if u.confirmed {
		return ""
	}
	return "the account is not confirmed, see above"
}

func session(u *person) string {
	if u.tokens.refresh != "" {
		return ""
	}
	return "there are no tokens, see above"
}

// steps returns the users' actions, in order.
func steps() []step {
	return []step{
		{title: "a throw-away address is refused", do: throwAway, fires: []string{cognito.PreSignUpSignUp}},
		{title: "Ines signs up", do: signsUp, fires: []string{cognito.PreSignUpSignUp, cognito.CustomMessageSignUp}},
		{
			title: "she asks for the code again, in Korean",
			do:    codeAgain,
			fires: []string{cognito.CustomMessageResendCode},
			needs: needed(ines, account),
		},
		{title: "a wrong code does not confirm her", do: wrongCode, needs: needed(ines, account)},
		{
			title: "the right code confirms her",
			do:    rightCode,
			fires: []string{cognito.PostConfirmationConfirmSignUp},
			needs: needed(ines, account),
		},
		{
			title: "she signs in with SRP",
			do:    withSRP,
			fires: []string{cognito.TokenGenerationAuthentication},
			needs: needed(ines, confirmation),
		},
		{
			title: "upgraded to a paid plan, she refreshes her tokens",
			needs: needed(ines, session),
			do:    refresh,
			fires: []string{cognito.TokenGenerationRefreshTokens},
		},
		{
			title: "she signs in with her password",
			do:    withPassword,
			fires: []string{cognito.TokenGenerationAuthentication},
			needs: needed(ines, confirmation),
		},
		{
			title: "she forgets her password",
			do:    forgets,
			fires: []string{cognito.CustomMessageForgotPassword},
			needs: needed(ines, confirmation),
		},
		{
			title: "she sets a new password and still has one profile",
			needs: needed(ines, confirmation),
			do:    resets,
			fires: []string{cognito.PostConfirmationConfirmForgotPassword},
		},
		{title: "the old password is refused", do: oldPassword, needs: needed(ines, confirmation)},
		{
			title: "an administrator creates Paul",
			do:    adminCreates,
			fires: []string{cognito.PreSignUpAdminCreateUser, cognito.CustomMessageAdminCreateUser},
		},
		{
			title: "Paul must change his temporary password",
			needs: needed(paul, account),
			do:    firstSignIn,
			fires: []string{cognito.TokenGenerationNewPasswordChallenge},
		},
		{
			title: "Ines signs out everywhere, and her refresh token stops working",
			do:    signsOut,
			needs: needed(ines, session),
		},
	}
}

func throwAway(ctx context.Context, p *player) error {
	_, err := p.signUp(ctx, "ines@mailinator.com", p.ines.password)
	if err := wantError(err, "UserLambdaValidationException"); err != nil {
		return err
	}
	text := userReads(err)
	if !strings.Contains(text, "not accepted") {
		return fmt.Errorf("she reads %q instead of the trigger's text", text)
	}
	p.note("she reads: %s", text)
	return nil
}

func signsUp(ctx context.Context, p *player) error {
	out, err := p.signUp(ctx, p.ines.email, p.ines.password, "name", p.ines.name)
	if err != nil {
		return err
	}
	p.ines.sub, p.ines.registered, p.ines.confirmed = aws.ToString(out.UserSub), true, out.UserConfirmed
	return p.messageIn(p.ines.email, "confirm")
}

func codeAgain(ctx context.Context, p *player) error {
	_, err := p.Cognito.ResendConfirmationCode(ctx, &cip.ResendConfirmationCodeInput{
		ClientId: &p.ClientID, Username: &p.ines.email, ClientMetadata: map[string]string{"locale": "ko"},
	})
	if err != nil {
		return err
	}
	return p.messageIn(p.ines.email, "인증")
}

func (p *player) confirm(ctx context.Context, code string) error {
	_, err := p.Cognito.ConfirmSignUp(ctx, &cip.ConfirmSignUpInput{
		ClientId:         &p.ClientID,
		Username:         &p.ines.email,
		ConfirmationCode: &code,
	})
	return err
}

func wrongCode(ctx context.Context, p *player) error {
	m, err := p.message(p.ines.email)
	if err != nil {
		return err
	}
	right, err := strconv.Atoi(m.Code)
	if err != nil {
		return fmt.Errorf("the code is not a number: %w", err)
	}
	return wantError(p.confirm(ctx, fmt.Sprintf("%06d", (right+1)%1_000_000)), "CodeMismatchException")
}

func rightCode(ctx context.Context, p *player) error {
	m, err := p.message(p.ines.email)
	if err != nil {
		return err
	}
	if err := p.confirm(ctx, m.Code); err != nil {
		return err
	}
	p.ines.confirmed = true
	return p.madeBy(ctx, p.ines, cognito.PostConfirmationConfirmSignUp)
}

func withSRP(ctx context.Context, p *player) error {
	if err := p.signInBySRP(ctx, p.ines); err != nil {
		return err
	}
	return p.wantClaims(p.ines, "free", members)
}

func refresh(ctx context.Context, p *player) error {
	if err := p.grantPlan(ctx, p.ines, "gold"); err != nil {
		return err
	}
	out, err := p.initiate(ctx, types.AuthFlowTypeRefreshTokenAuth,
		map[string]string{"REFRESH_TOKEN": p.ines.tokens.refresh})
	if err != nil {
		return err
	}
	if err := p.accept(ctx, p.ines, out.AuthenticationResult); err != nil {
		return err
	}
	return p.wantClaims(p.ines, "gold", members)
}

func withPassword(ctx context.Context, p *player) error {
	out, err := p.signInByPassword(ctx, p.ines, p.ines.password)
	if err != nil {
		return err
	}
	if err := p.accept(ctx, p.ines, out.AuthenticationResult); err != nil {
		return err
	}
	return p.wantClaims(p.ines, "gold", members)
}

func forgets(ctx context.Context, p *player) error {
	if _, err := p.Cognito.ForgotPassword(ctx, &cip.ForgotPasswordInput{ClientId: &p.ClientID,
		Username: &p.ines.email}); err != nil {
		return err
	}
	return p.messageIn(p.ines.email, "password")
}

func resets(ctx context.Context, p *player) error {
	m, err := p.message(p.ines.email)
	if err != nil {
		return err
	}
	password := p.ines.password + "-new"
	_, err = p.Cognito.ConfirmForgotPassword(ctx, &cip.ConfirmForgotPasswordInput{
		ClientId: &p.ClientID, Username: &p.ines.email, ConfirmationCode: &m.Code, Password: &password,
	})
	if err != nil {
		return err
	}
	p.ines.password = password
	return p.madeBy(ctx, p.ines, cognito.PostConfirmationConfirmSignUp)
}

func oldPassword(ctx context.Context, p *player) error {
	if !strings.HasSuffix(p.ines.password, "-new") {
		return errors.New("she has no new password")
	}
	_, err := p.signInByPassword(ctx, p.ines, strings.TrimSuffix(p.ines.password, "-new"))
	return wantError(err, "NotAuthorizedException")
}

func adminCreates(ctx context.Context, p *player) error {
	out, err := p.Cognito.AdminCreateUser(ctx, &cip.AdminCreateUserInput{
		UserPoolId: &p.UserPoolID, Username: &p.paul.email,
		// Without a password, a pool with codes as the first factor invites nobody.
		TemporaryPassword: aws.String("First-password-7"),
		UserAttributes:    attributes("email", p.paul.email, "email_verified", "true", "name", p.paul.name),
	})
	if err != nil {
		return err
	}
	p.paul.registered = true
	for _, a := range out.User.Attributes {
		if *a.Name == "sub" {
			p.paul.sub = *a.Value
		}
	}
	return p.messageIn(p.paul.email, "account is ready")
}

func firstSignIn(ctx context.Context, p *player) error {
	m, err := p.message(p.paul.email)
	if err != nil {
		return err
	}
	out, err := p.signInByPassword(ctx, p.paul, m.Code)
	if err != nil {
		return err
	}
	if out.ChallengeName != types.ChallengeNameTypeNewPasswordRequired {
		return fmt.Errorf("the challenge is %q, want NEW_PASSWORD_REQUIRED", out.ChallengeName)
	}
	done, err := p.respond(ctx, out.ChallengeName, out.Session, map[string]string{
		"USERNAME": out.ChallengeParameters["USER_ID_FOR_SRP"], "NEW_PASSWORD": p.paul.password,
	})
	if err != nil {
		return err
	}
	if err := p.accept(ctx, p.paul, done.AuthenticationResult); err != nil {
		return err
	}
	if err := p.wantClaims(p.paul, "free"); err != nil {
		return err
	}
	return p.madeBy(ctx, p.paul, cognito.TokenGenerationNewPasswordChallenge)
}

func signsOut(ctx context.Context, p *player) error {
	if _, err := p.Cognito.GlobalSignOut(ctx, &cip.GlobalSignOutInput{AccessToken: &p.ines.tokens.accessRaw}); err != nil {
		return err
	}
	_, err := p.initiate(ctx, types.AuthFlowTypeRefreshTokenAuth,
		map[string]string{"REFRESH_TOKEN": p.ines.tokens.refresh})
	return wantError(err, "NotAuthorizedException")
}
