// Package ring keeps the most recent entries of an endless list.
package ring

import (
	"slices"
	"sync"
)

// Keep is the least number of recent entries that a Buffer keeps.
const Keep = 10_000

// Buffer numbers its entries from 1 and drops old ones. The zero value is empty. It is safe for concurrent use.
type Buffer[T any] struct {
	mu      sync.Mutex
	count   int
	entries []T
}

// Add calls make with the next number and appends the entry that it returns.
func (b *Buffer[T]) Add(make func(number int) T) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.count++
	if len(b.entries) >= 2*Keep {
		b.entries = slices.Clone(b.entries[len(b.entries)-Keep+1:])
	}
	b.entries = append(b.entries, make(b.count))
}

// After lists the remaining entries with a higher number, oldest first. The caller owns the list.
func (b *Buffer[T]) After(number int) []T {
	b.mu.Lock()
	defer b.mu.Unlock()
	before := b.count - len(b.entries) // the number before the first entry
	return slices.Clone(b.entries[max(0, min(number-before, len(b.entries))):])
}

// Clear removes all entries and restarts the numbers at 1.
func (b *Buffer[T]) Clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.count, b.entries = 0, nil
}
