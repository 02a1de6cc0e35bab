package e2e

import (
	crand "crypto/rand"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/profile"
)

// crowd is a group of users, in their own pool, who confirm.
type crowd struct {
	pool string
	size int
}

func newCrowd(size int) crowd { return crowd{pool: "eu-west-1_" + crand.Text()[:8], size: size} }

func (c crowd) sub(i int) string { return fmt.Sprintf("5f0c2a3e-9d41-4b7a-8c55-%012d", i) }

func (c crowd) email(i int) string {
	return fmt.Sprintf("user%d@%s.example", i, strings.ToLower(strings.ReplaceAll(c.pool, "_", "-")))
}

func (c crowd) confirmation(t *testing.T, i int) []byte {
	return event(t, cognito.PostConfirmationConfirmSignUp, "", person(c.pool, c.sub(i), c.email(i)))
}

// deliveries returns each user one to three times, shuffled. It logs the seed, to reproduce a failure.
func (c crowd) deliveries(t *testing.T) ([]int, *rand.Rand) {
	t.Helper()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	var all []int
	for i := range c.size {
		for range 1 + random.IntN(3) {
			all = append(all, i)
		}
	}
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all, random
}

func (c crowd) everybody(yield func(int) bool) {
	for i := range c.size {
		if !yield(i) {
			return
		}
	}
}

func (c crowd) key(i int) profile.Key { return profile.Key{UserPoolID: c.pool, Sub: c.sub(i)} }

// checkProfiles checks that the pool has one complete profile per user and no other items.
func (c crowd) checkProfiles(t *testing.T) {
	t.Helper()
	items := c.items(t)
	if len(items) != c.size {
		t.Errorf("%d items are stored, want %d", len(items), c.size)
	}
	want := []string{"attributes", "created_at", "created_by", "identities", "pk", "schema_version", "sub", "updated_at",
		"user_pool_id", "username"}
	for _, item := range items {
		names := slices.DeleteFunc(slices.Sorted(maps.Keys(item)), func(name string) bool {
			return strings.HasPrefix(name, "welcome_claim")
		})
		if !slices.Equal(names, want) {
			t.Errorf("an item has the attributes %v, want %v", names, want)
		}
	}
	for i := range c.size {
		if p := stored(t, c.key(i)); p != nil {
			c.checkProfile(t, i, *p)
		} else {
			t.Errorf("user %d has no profile", i)
		}
	}
}

func (c crowd) checkProfile(t *testing.T, i int, p profile.Profile) {
	t.Helper()
	switch {
	case p.Key != c.key(i), p.Username != c.sub(i), p.Attributes["email"] != c.email(i), p.Attributes["given_name"] !=
		"Ines", p.Attributes["locale"] != "en",
		p.CreatedAt.IsZero(), p.UpdatedAt.IsZero(), p.SchemaVersion != profile.SchemaVersion, p.CreatedBy !=
			cognito.PostConfirmationConfirmSignUp:
		t.Errorf("user %d has an incomplete profile: %+v", i, p)
	}
}

// items returns the pool's items in the table.
func (c crowd) items(t *testing.T) []map[string]types.AttributeValue {
	t.Helper()
	patient := dynamodb.New(local.DynamoDB.Options(), func(o *dynamodb.Options) { o.HTTPClient = &http.Client{} })
	pages := dynamodb.NewScanPaginator(patient, &dynamodb.ScanInput{
		TableName: &local.Table, ConsistentRead: new(true), FilterExpression: new("begins_with(pk, :pool)"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":pool": &types.AttributeValueMemberS{Value: c.pool + "#"},
		},
	})
	var items []map[string]types.AttributeValue
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		items = append(items, page.Items...)
	}
	return items
}

// mails counts the welcome mails of each user.
func (c crowd) mails(t *testing.T) []int {
	t.Helper()
	sent, err := local.Emulator.SentEmails(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	byAddress := map[string]int{}
	for _, mail := range sent {
		for _, to := range mail.To {
			byAddress[to]++
		}
	}
	counts := make([]int, c.size)
	for i := range counts {
		counts[i] = byAddress[c.email(i)]
	}
	return counts
}
