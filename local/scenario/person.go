package scenario

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"html"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	ciptypes "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"cognito-triggers/local/userpool"
	"cognito-triggers/shared/profile"
)

// person is a user with a new address in every run, because the store may outlive a run.
type person struct {
	email, name, password, sub string
	registered, confirmed      bool

	tokens tokens // of the last sign-in
	idRaw  string // its ID token
}

func newPerson(who, name string) *person {
	var random [6]byte
	_, _ = rand.Read(random[:]) // never fails
	id := hex.EncodeToString(random[:])
	return &person{email: who + "." + id + "@example.org", name: name, password: "Correct-horse-" + id}
}

func attributes(pairs ...string) []ciptypes.AttributeType {
	var list []ciptypes.AttributeType
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, ciptypes.AttributeType{Name: &pairs[i], Value: &pairs[i+1]})
	}
	return list
}

func (p *player) signUp(ctx context.Context, email, password string, pairs ...string) (*cip.SignUpOutput, error) {
	return p.Cognito.SignUp(ctx, &cip.SignUpInput{
		ClientId: &p.ClientID, Username: &email, Password: &password,
		UserAttributes: attributes(append([]string{"email", email}, pairs...)...),
	})
}

// message returns the pool's latest message to a user.
func (p *player) message(to string) (userpool.Message, error) {
	var latest userpool.Message
	for _, m := range p.Server.Inbox().Messages(0) {
		if m.To == to && m.From == "" {
			latest = m
		}
	}
	if latest.Number == 0 {
		return latest, errors.New("no message was delivered")
	}
	return latest, nil
}

// messageIn checks that the latest message's subject contains the word, which shows its language, and its body the
// code.
func (p *player) messageIn(to, word string) error {
	m, err := p.message(to)
	switch {
	case err != nil:
		return err
	case !strings.Contains(strings.ToLower(m.Subject), word):
		return fmt.Errorf("the subject %q does not contain %q: the custom-message trigger did not write it", m.Subject, word)
	case m.Code == "" || !strings.Contains(html.UnescapeString(m.Body), m.Code): // a temporary password may have "&"
		return errors.New("the message does not contain its code")
	}
	p.note("the inbox has: %s", m.Subject)
	return nil
}

// wantError checks that an error has the given AWS code.
func wantError(err error, code string) error {
	var api smithy.APIError
	switch {
	case err == nil:
		return fmt.Errorf("it succeeded, want %s", code)
	case !errors.As(err, &api) || api.ErrorCode() != code:
		return fmt.Errorf("want %s: %w", code, err)
	}
	return nil
}

// userReads returns the trigger's text in Cognito's error.
func userReads(err error) string {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return ""
	}
	_, text, _ := strings.Cut(api.ErrorMessage(), " failed with error ")
	return text
}

func (p *player) key(u *person) profile.Key { return profile.Key{UserPoolID: p.UserPoolID, Sub: u.sub} }

// madeBy checks that a profile is stored and was created by an event of the source.
func (p *player) madeBy(ctx context.Context, u *person, source string) error {
	stored, err := p.Profiles.Get(ctx, p.key(u))
	if err != nil {
		return fmt.Errorf("read the stored profile: %w", err)
	}
	if stored.CreatedBy != source || stored.Attributes["email"] != u.email {
		return fmt.Errorf("the profile was created by %q, or for another address; want %s", stored.CreatedBy, source)
	}
	p.note("profile stored in %s", p.Table)
	return nil
}

// grantPlan writes to the profile what only a back office may write.
func (p *player) grantPlan(ctx context.Context, u *person, plan string) error {
	_, err := p.DynamoDB.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &p.Table,
		Key: map[string]types.AttributeValue{
			"pk": &types.AttributeValueMemberS{Value: p.key(u).String()},
		},
		ConditionExpression:       aws.String("attribute_exists(pk)"),
		UpdateExpression:          aws.String("SET attributes.#plan = :plan"),
		ExpressionAttributeNames:  map[string]string{"#plan": "plan"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":plan": &types.AttributeValueMemberS{Value: plan}},
	})
	if err != nil {
		return fmt.Errorf("write the plan into the profile: %w", err)
	}
	return nil
}
