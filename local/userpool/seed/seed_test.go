package seed

import (
	"slices"
	"testing"
	"time"

	"cognito-triggers/local/userpool/state"
)

func TestPutReplacesThePool(t *testing.T) {
	t.Parallel()
	now := time.Now()
	store := state.NewMemory(time.Now)
	first := Pool{ID: "eu-west-1_Seed", Users: []User{{Name: "ida"}}, Groups: []string{"old"}}
	second := Pool{ID: first.ID, Groups: []string{"staff"}, Users: []User{
		{Name: "ines", Status: state.Confirmed, Attributes: map[string]string{"email": "ines@example.org"}},
		{Name: "INES", Status: state.Unconfirmed}, // the same name
	}}
	for _, pool := range []Pool{first, second} {
		if err := pool.Put(store, now); err != nil {
			t.Fatal(err)
		}
	}
	users := store.Users(first.ID)
	if len(users) != 1 || users[0].Username != "ines" || users[0].Status != state.Confirmed {
		t.Errorf("users %+v", users)
	}
	if groups := store.Groups(first.ID); len(groups) != 1 || groups[0].Name != "staff" {
		t.Errorf("groups %+v", groups)
	}
	if pool, err := store.Pool(first.ID); err != nil || pool.Region != "eu-west-1" || len(pool.Schema) == 0 {
		t.Errorf("pool %+v, error %v", pool, err)
	}
	second.Users[0].Attributes["email"] = "changed"
	if got := store.Users(first.ID)[0].Attributes["email"]; got != "ines@example.org" {
		t.Errorf("the store shares the caller's map: %q", got)
	}
	if err := store.SetMember(first.ID, "staff", "ines", state.Member); err != nil {
		t.Error(err)
	}
	if got := store.Members(first.ID, "staff"); !slices.Equal(got, []string{"ines"}) {
		t.Errorf("members %v", got)
	}
}
