package storetest

import (
	"bytes"
	"sync"
	"testing"

	"cognito-triggers/shared/posts"
)

func secretStays(t *testing.T, s suite) {
	var group sync.WaitGroup
	secrets := make([][]byte, 8)
	for i := range secrets {
		group.Go(func() {
			store := s.Store
			if s.Another != nil {
				store = s.Another()
			}
			var err error
			if secrets[i], err = store.Secret(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	again, err := s.Store.Secret(t.Context())
	if err != nil || len(again) != 32 {
		t.Fatalf("%d bytes, error %v", len(again), err)
	}
	for _, secret := range secrets {
		if !bytes.Equal(secret, again) {
			t.Errorf("secrets %x and %x", secret, again)
		}
	}
	if page, err := s.Store.List(t.Context(), posts.ID{}, 100); err != nil || len(page.Posts) > 0 {
		t.Errorf("the secret is listed: %+v, error %v", page.Posts, err)
	}
}
