package scrub

import (
	"slices"
	"sync"
)

// Secrets are the values that no log line may hold while an event is in hand. Most events log nothing, so the values
// are looked for when the first line is.
type Secrets struct {
	private func() []string
	mu      sync.Mutex
	hidden  []string
}

// NewSecrets takes a function that collects the event's own values.
func NewSecrets(collect func(into *[]string)) *Secrets {
	return &Secrets{private: sync.OnceValue(func() []string {
		var values []string
		collect(&values)
		return longestFirst(values)
	})}
}

// Hide adds values that were learned elsewhere.
func (s *Secrets) Hide(values ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hidden = append(s.hidden, values...)
}

// Values lists every value, longest first.
func (s *Secrets) Values() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.hidden) == 0 {
		return s.private()
	}
	values := slices.Clone(s.private())
	for _, value := range s.hidden {
		Collect(value, &values)
	}
	return longestFirst(values)
}
