package scrub

import (
	"slices"
	"sync"
)

// Secrets are the values that no log line may hold during an event. Most events log nothing, so the values are only
// collected for the first line. The zero value holds none.
type Secrets struct {
	mu      sync.Mutex
	collect func(into *[]string) // nil once it was called
	private []string
	hidden  []string
}

// From sets the function that collects the event's own values. It is called at most once.
func (s *Secrets) From(collect func(into *[]string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.collect, s.private = collect, nil
}

// Hide adds values from elsewhere, such as the answer of a service.
func (s *Secrets) Hide(values ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hidden = append(s.hidden, values...)
}

// Values lists every value, longest first. Callers must not change the list.
func (s *Secrets) Values() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.collect != nil {
		s.collect(&s.private)
		s.collect, s.private = nil, longestFirst(s.private)
	}
	if len(s.hidden) == 0 {
		return s.private
	}
	values := slices.Clone(s.private)
	for _, value := range s.hidden {
		Collect(value, &values)
	}
	return longestFirst(values)
}
