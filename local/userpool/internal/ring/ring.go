// Package ring holds the latest entries of a list that never ends: deliveries, invocations, calls.
package ring

import (
	"slices"
	"sync"
)

// Keep is how many of the latest entries a Buffer has at least.
const Keep = 10_000

// Buffer numbers its entries from 1 and forgets old ones. The zero value is empty and ready. It is safe for parallel
// use.
type Buffer[T any] struct {
	mu      sync.Mutex
	count   int
	entries []T
}

// Add appends the entry that make gives for its number.
func (b *Buffer[T]) Add(make func(number int) T) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.count++
	if len(b.entries) >= 2*Keep {
		b.entries = slices.Clone(b.entries[len(b.entries)-Keep+1:])
	}
	b.entries = append(b.entries, make(b.count))
}

// After lists the entries behind a number that are still held, the oldest first. The list is the caller's.
func (b *Buffer[T]) After(number int) []T {
	b.mu.Lock()
	defer b.mu.Unlock()
	before := b.count - len(b.entries) // the number before the first entry
	return slices.Clone(b.entries[max(0, min(number-before, len(b.entries))):])
}

// Clear forgets all entries and begins at 1 again.
func (b *Buffer[T]) Clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.count, b.entries = 0, nil
}
