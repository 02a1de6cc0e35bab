// Package table is a source of users in a DynamoDB table with password hashes.
package table

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/shared/migration"
	"cognito-triggers/shared/migration/passwordhash"
)

// API is the part of a DynamoDB client that a Source needs.
type API interface {
	GetItem(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error)
	Query(context.Context, *dynamodb.QueryInput, ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error)
}

// Source reads one item per call, with GetItem from a table or Query from an index.
type Source struct {
	api         func() API
	place       Place
	description Description
	limits      passwordhash.Limits
	parse       func(string, passwordhash.Limits) (passwordhash.Hash, error)
	busy        chan struct{} // one check at a time: its memory is bounded for one
}

// New returns a source for a table or an index. The description must come from ParseDescription; api returns a client
// for the place's Region.
func New(place Place, d Description, limits passwordhash.Limits, api func() API) *Source {
	return &Source{
		api: api, place: place, description: d, limits: limits, parse: passwordhash.Parse, busy: make(chan struct{}, 1),
	}
}

type item = map[string]types.AttributeValue

// SignIn implements migration.Source. If no hash can be checked, a dummy is, so that every answer takes the same time.
func (s *Source) SignIn(ctx context.Context, name, password string) (migration.Account, error) {
	found, err := s.find(ctx, name)
	unknown := errors.Is(err, migration.ErrUnknown)
	if err != nil && !unknown {
		return migration.Account{}, err
	}
	stored, usable := passwordhash.Hash(nil), false
	if !unknown {
		stored, err = s.parse(text(found[s.description.PasswordHash]), s.limits)
		if usable = err == nil; !usable {
			slog.WarnContext(ctx, "a user's password hash cannot be checked: the user has to reset the password", "error", err)
		}
	}
	if !usable {
		if stored, err = s.parse(s.description.DummyHash, s.limits); err != nil {
			return migration.Account{}, err
		}
	}
	right, err := s.check(ctx, stored, password)
	switch {
	case err != nil:
		return migration.Account{}, err
	case unknown:
		return migration.Account{}, migration.ErrUnknown
	case !right || !usable:
		return migration.Account{}, migration.ErrWrongPassword
	}
	return s.account(found), nil
}

// LookUp implements migration.Source.
func (s *Source) LookUp(ctx context.Context, name string) (migration.Account, error) {
	found, err := s.find(ctx, name)
	if err != nil {
		return migration.Account{}, err
	}
	return s.account(found), nil
}

// check computes the hash beside the caller, who waits for it as long as ctx: a computation cannot be cancelled.
func (s *Source) check(ctx context.Context, h passwordhash.Hash, password string) (bool, error) {
	long := len(password) > passwordhash.MaxPassword
	if long {
		password = "" // it is no user's, and must not make the check any slower
	}
	select {
	case s.busy <- struct{}{}:
	case <-ctx.Done():
		return false, fmt.Errorf("wait for another password check: %w", ctx.Err())
	}
	result := make(chan bool, 1)
	go func() {
		defer func() { <-s.busy }()
		result <- h.Matches(password) && !long
	}()
	select {
	case right := <-result:
		return right, nil
	case <-ctx.Done():
		return false, fmt.Errorf("check the password hash: %w: give the function more memory, which also means more "+
			"processor time", ctx.Err())
	}
}

// errSeveral has no name in it, since the name is an address.
var errSeveral = errors.New("the index has several items with the name that was typed: it must identify one user")

func (s *Source) find(ctx context.Context, name string) (item, error) {
	if s.description.LowerCase {
		name = strings.ToLower(name)
	}
	if name == "" || len(name) > 2048 { // DynamoDB's limit for a hash key
		return nil, migration.ErrUnknown
	}
	key := &types.AttributeValueMemberS{Value: name}
	if s.place.Index == "" {
		out, err := s.api().GetItem(ctx, &dynamodb.GetItemInput{
			TableName: &s.place.Table, Key: item{s.description.Key: key}, ConsistentRead: aws.Bool(true),
		})
		switch {
		case err != nil:
			return nil, fmt.Errorf("read the table of users: %w", err)
		case len(out.Item) == 0:
			return nil, migration.ErrUnknown
		}
		return out.Item, nil
	}
	out, err := s.api().Query(ctx, &dynamodb.QueryInput{
		TableName: &s.place.Table, IndexName: &s.place.Index, Limit: aws.Int32(2),
		KeyConditionExpression:    aws.String("#key = :name"),
		ExpressionAttributeNames:  map[string]string{"#key": s.description.Key},
		ExpressionAttributeValues: item{":name": key},
	})
	switch {
	case err != nil:
		return nil, fmt.Errorf("query the index of users: %w", err)
	case len(out.Items) == 0:
		return nil, migration.ErrUnknown
	case len(out.Items) > 1:
		return nil, errSeveral
	}
	return out.Items[0], nil
}

// account reads an item. Attributes that are neither text nor number nor boolean are left out, and so is the hash.
func (s *Source) account(found item) migration.Account {
	d := s.description
	a := migration.Account{Attributes: map[string]string{}, Verified: map[string]bool{}}
	for name, value := range found {
		if written := text(value); written != "" && name != d.PasswordHash {
			a.Attributes[name] = written
		}
	}
	says := func(name string) bool { return name != "" && isTrue(text(found[name])) }
	for name, by := range d.Verified {
		a.Verified[name] = by == always || says(by)
	}
	a.Disabled, a.SecondFactor, a.ResetRequired = says(d.Disabled), says(d.SecondFactor), says(d.ResetRequired)
	if _, err := s.parse(text(found[d.PasswordHash]), s.limits); err != nil {
		a.ResetRequired = true
	}
	return a
}

func text(value types.AttributeValue) string {
	switch v := value.(type) {
	case *types.AttributeValueMemberS:
		return v.Value
	case *types.AttributeValueMemberN:
		return v.Value
	case *types.AttributeValueMemberBOOL:
		return strconv.FormatBool(v.Value)
	}
	return ""
}
