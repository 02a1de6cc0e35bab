package emulator

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/mail"
	"sync"
)

// senders verifies the sender of each mail at SES before the mail is sent.
type senders struct {
	verifyIn func(ctx context.Context, region, identity string) error
	verified sync.Map // of sender
}

type sender struct{ region, address string }

func newSenders(verifyIn func(ctx context.Context, region, identity string) error) *senders {
	return &senders{verifyIn: verifyIn}
}

// verify reads the message of a request, and gives the request its body back. What it cannot read, SES judges.
func (s *senders) verify(r *http.Request) error {
	text, err := io.ReadAll(io.LimitReader(r.Body, maxObserved+1))
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(text), r.Body), r.Body}
	if err != nil || len(text) > maxObserved {
		return nil // the proxy meets the same error
	}
	sent, ok := read(r.URL.Path, text)
	if !ok || sent.SMS {
		return nil
	}
	from, err := mail.ParseAddress(sent.From)
	if err != nil {
		return nil
	}
	_, region := credential(r)
	key := sender{region, from.Address}
	if _, known := s.verified.Load(key); known {
		return nil
	}
	if err := s.verifyIn(r.Context(), region, from.Address); err != nil {
		return fmt.Errorf("the sender %s: %w", from.Address, err)
	}
	s.verified.Store(key, true)
	return nil
}
