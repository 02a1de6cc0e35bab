package scenario

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/shared/cognito"
)

// apiSteps are Rosa's actions. She only uses the HTTP API.
func apiSteps() []step {
	return []step{
		{
			title: "Rosa signs up through the HTTP API",
			do:    rosaSignsUp,
			fires: []string{cognito.PreSignUpSignUp, cognito.CustomMessageSignUp},
			api:   true,
		},
		{
			title: "she confirms with her code",
			needs: needed(rosa, account),
			do:    rosaConfirms,
			fires: []string{cognito.PostConfirmationConfirmSignUp},
			api:   true,
		},
		{title: "a wrong password is refused", do: rosaMistypes, api: true, needs: needed(rosa, confirmation)},
		{
			title: "she signs in",
			do:    rosaSignsIn,
			fires: []string{cognito.TokenGenerationAuthentication},
			api:   true,
			needs: needed(rosa, confirmation),
		},
		{title: "a post without a token is refused", do: postsWith(nobody, http.StatusUnauthorized), api: true},
		{
			title: "a post with an ID token is refused",
			do:    postsWith(holderOfIDToken, http.StatusForbidden),
			api:   true,
			needs: needed(rosa, session),
		},
		{title: "a post with another pool's token is refused", do: postsWith(stranger, http.StatusUnauthorized), api: true},
		{title: "she posts with her access token", do: rosaPosts, api: true, needs: needed(rosa, session)},
		{title: "anybody can read her post", do: everybodyReads, api: true, needs: func(p *player) string {
			if p.posted.ID == "" {
				return "there is no post, see above"
			}
			return ""
		}},
	}
}

func rosaSignsUp(ctx context.Context, p *player) error {
	var answer struct{ Destination string }
	err := p.ask(ctx, request{method: "POST", path: "/auth/sign-up", want: http.StatusCreated,
		body: map[string]string{"email": p.rosa.email, "password": p.rosa.password, "name": p.rosa.name}}, &answer)
	if err != nil {
		return err
	}
	p.rosa.registered = true
	if answer.Destination == "" || strings.Contains(answer.Destination, p.rosa.email) {
		return errors.New("the response has no masked destination for the code")
	}
	p.note("the code went to %s", answer.Destination)
	return p.messageIn(p.rosa.email, "confirm")
}

func rosaConfirms(ctx context.Context, p *player) error {
	m, err := p.message(p.rosa.email)
	if err != nil {
		return err
	}
	err = p.ask(ctx, request{
		method: "POST",
		path:   "/auth/confirm",
		want:   http.StatusOK,
		body:   map[string]string{"email": p.rosa.email, "code": m.Code},
	}, nil)
	p.rosa.confirmed = err == nil
	return err
}

func rosaMistypes(ctx context.Context, p *player) error {
	return p.ask(ctx, request{method: "POST", path: "/auth/sign-in", want: http.StatusUnauthorized,
		body: map[string]string{"email": p.rosa.email, "password": p.rosa.password + "-"}}, nil)
}

func rosaSignsIn(ctx context.Context, p *player) error {
	var tokens types.AuthenticationResultType // the response has Cognito's member names
	err := p.ask(ctx, request{method: "POST", path: "/auth/sign-in", want: http.StatusOK,
		body: map[string]string{"email": p.rosa.email, "password": p.rosa.password}}, &tokens)
	if err != nil {
		return err
	}
	if err := p.accept(ctx, p.rosa, &tokens); err != nil {
		return err
	}
	p.rosa.idRaw, p.rosa.sub = aws.ToString(tokens.IdToken), p.rosa.tokens.id.Subject
	if err := p.wantClaims(p.rosa, "free", members); err != nil {
		return err
	}
	return p.madeBy(ctx, p.rosa, cognito.PostConfirmationConfirmSignUp)
}

// draft is Rosa's post.
var draft = map[string]string{"title": "Hello", "contents": "Written by the owner of the token."}

// bearer returns a request's token.
type bearer func(ctx context.Context, p *player) (string, error)

func postsWith(token bearer, want int) func(context.Context, *player) error {
	return func(ctx context.Context, p *player) error {
		raw, err := token(ctx, p)
		if err != nil {
			return err
		}
		return p.ask(ctx, request{method: "POST", path: "/post", token: raw, body: draft, want: want}, nil)
	}
}

func nobody(context.Context, *player) (string, error) { return "", nil }

func holderOfIDToken(_ context.Context, p *player) (string, error) { return p.rosa.idRaw, nil }

// stranger returns an access token that is valid except that it is from another pool.
func stranger(ctx context.Context, p *player) (token string, err error) {
	made, err := p.Cognito.CreateUserPool(ctx, &cip.CreateUserPoolInput{PoolName: aws.String("another")})
	if err != nil {
		return "", fmt.Errorf("make another pool: %w", err)
	}
	pool := made.UserPool.Id
	defer func() {
		_, deleted := p.Cognito.DeleteUserPool(ctx, &cip.DeleteUserPoolInput{UserPoolId: pool})
		err = errors.Join(err, deleted)
	}()
	client, err := p.Cognito.CreateUserPoolClient(ctx, &cip.CreateUserPoolClientInput{
		UserPoolId: pool, ClientName: aws.String("app"),
		ExplicitAuthFlows: []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAllowAdminUserPasswordAuth},
	})
	if err != nil {
		return "", fmt.Errorf("make its app client: %w", err)
	}
	name, password := aws.String("rosa"), aws.String(p.rosa.password)
	if _, err := p.Cognito.AdminCreateUser(ctx, &cip.AdminCreateUserInput{
		UserPoolId:    pool,
		Username:      name,
		MessageAction: types.MessageActionTypeSuppress,
	}); err != nil {
		return "", fmt.Errorf("make its user: %w", err)
	}
	if _, err := p.Cognito.AdminSetUserPassword(ctx, &cip.AdminSetUserPasswordInput{
		UserPoolId: pool,
		Username:   name,
		Password:   password,
		Permanent:  true,
	}); err != nil {
		return "", fmt.Errorf("set the user's password: %w", err)
	}
	out, err := p.Cognito.AdminInitiateAuth(ctx, &cip.AdminInitiateAuthInput{
		UserPoolId: pool, ClientId: client.UserPoolClient.ClientId, AuthFlow: types.AuthFlowTypeAdminUserPasswordAuth,
		AuthParameters: map[string]string{"USERNAME": *name, "PASSWORD": *password},
	})
	if err != nil || out.AuthenticationResult == nil {
		return "", errors.Join(errors.New("sign in to the other pool"), err)
	}
	return aws.ToString(out.AuthenticationResult.AccessToken), nil
}

// post is the part of a post that the scenario checks.
type post struct {
	ID, Owner, Title, Contents string
}

func rosaPosts(ctx context.Context, p *player) error {
	err := p.ask(ctx, request{
		method: "POST",
		path:   "/post",
		token:  p.rosa.tokens.accessRaw,
		body:   draft,
		want:   http.StatusCreated,
	}, &p.posted)
	if err != nil {
		return err
	}
	if p.posted.ID == "" || p.posted.Owner == "" || p.posted.Owner == p.rosa.sub || p.posted.Title != draft["title"] {
		return errors.New("the post in the response is not hers or not what she wrote")
	}
	p.note("post %s", p.posted.ID)
	return nil
}

func everybodyReads(ctx context.Context, p *player) error {
	var one post
	if err := p.ask(ctx, request{method: "GET", path: "/post/" + p.posted.ID, want: http.StatusOK}, &one); err != nil {
		return err
	}
	var list struct{ Posts []post }
	if err := p.ask(ctx, request{method: "GET", path: "/posts", want: http.StatusOK}, &list); err != nil {
		return err
	}
	if one != p.posted || !slices.Contains(list.Posts, one) {
		return errors.New("the post that was read is not the one that she wrote")
	}
	return nil
}
