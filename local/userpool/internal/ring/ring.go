// Package ring keeps the most recent entries of an endless list.
package ring

import (
	"cmp"
	"slices"
	"sync"
)

const (
	// Keep is the least number of recent entries that a Buffer keeps if they are small.
	Keep = 10_000
	// MaxBytes bounds the sizes of a Buffer's entries together, unless the Buffer has a bound of its own. The last entry
	// is kept whatever its size.
	MaxBytes = 64 << 20
	// overhead is added to each entry's size.
	overhead = 256
)

// Buffer numbers its entries from 1 and drops old ones. The zero value is empty. It is safe for concurrent use.
type Buffer[T any] struct {
	Max int // bytes to keep; 0 means MaxBytes

	mu      sync.Mutex
	count   int
	bytes   int
	entries []T
	sizes   []int         // of the entries
	more    chan struct{} // closed by Add; nil if nobody waits
}

// Add calls make with the next number and appends the entry that it returns, of about this size in bytes. It returns
// the number of the oldest entry that is left.
func (b *Buffer[T]) Add(size int, make func(number int) T) (first int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.add(size, make)
	return b.count - len(b.entries) + 1
}

// Resume appends an entry of an earlier buffer under its number, which must be higher than those before. If numbers are
// missing between them, the entries before count as dropped.
func (b *Buffer[T]) Resume(number, size int, entry T) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if number != b.count+1 {
		b.drop(len(b.entries))
		b.count = number - 1
	}
	b.add(size, func(int) T { return entry })
}

func (b *Buffer[T]) add(size int, make func(number int) T) {
	size += overhead
	most := cmp.Or(b.Max, MaxBytes)
	if len(b.entries) >= 2*Keep {
		b.drop(len(b.entries) - Keep + 1)
	}
	if b.bytes+size > most { // half goes at once, so that not every further entry moves all others
		old, left := 0, b.bytes
		for old < len(b.sizes) && left+size > most/2 {
			left -= b.sizes[old]
			old++
		}
		b.drop(old)
	}
	b.count++
	b.bytes += size
	b.entries, b.sizes = append(b.entries, make(b.count)), append(b.sizes, size)
	if b.more != nil {
		close(b.more)
		b.more = nil
	}
}

// drop removes the oldest entries. The rest is copied, so that nothing refers to them.
func (b *Buffer[T]) drop(old int) {
	for _, size := range b.sizes[:old] {
		b.bytes -= size
	}
	b.entries, b.sizes = slices.Clone(b.entries[old:]), slices.Clone(b.sizes[old:])
}

// After lists the remaining entries with a higher number, oldest first. The caller owns the list.
func (b *Buffer[T]) After(number int) []T {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.after(number)
}

func (b *Buffer[T]) after(number int) []T {
	before := b.count - len(b.entries) // the number before the first entry
	return slices.Clone(b.entries[max(0, min(number-before, len(b.entries))):])
}

// Watch is After with a channel that is closed when there is a further entry than those listed.
func (b *Buffer[T]) Watch(number int) (entries []T, more <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.more == nil {
		b.more = make(chan struct{})
	}
	return b.after(number), b.more
}

// Last returns the number of the last entry, 0 if there was none.
func (b *Buffer[T]) Last() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.count
}

// Clear removes all entries and restarts the numbers at 1.
func (b *Buffer[T]) Clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.count, b.bytes, b.entries, b.sizes = 0, 0, nil, nil
}
