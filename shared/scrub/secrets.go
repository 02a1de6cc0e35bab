package scrub

import (
	"slices"
	"sync"
)

// Secrets are the values that no log line may hold during an event. Most events log nothing, so the values are only
// collected for the first line.
type Secrets struct {
	private func() []string
	mu      sync.Mutex
	hidden  []string
}

// NewSecrets returns secrets whose first values come from collect.
func NewSecrets(collect func(into *[]string)) *Secrets {
	return &Secrets{private: sync.OnceValue(func() []string {
		var values []string
		collect(&values)
		return longestFirst(values)
	})}
}

// Hide adds values from elsewhere, such as the answer of a service.
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
