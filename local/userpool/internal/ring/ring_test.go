package ring

import (
	"slices"
	"sync"
	"testing"
)

func number(n int) int { return n }

func TestAfter(t *testing.T) {
	t.Parallel()
	var b Buffer[int]
	for range 3 {
		b.Add(8, number)
	}
	for name, c := range map[string]struct {
		after int
		want  []int
	}{
		"all":            {after: 0, want: []int{1, 2, 3}},
		"before the all": {after: -5, want: []int{1, 2, 3}},
		"some":           {after: 2, want: []int{3}},
		"none":           {after: 3, want: []int{}},
		"beyond":         {after: 9, want: []int{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := b.After(c.after); !slices.Equal(got, c.want) {
				t.Errorf("after %d: %v, want %v", c.after, got, c.want)
			}
		})
	}
}

func TestOldEntriesAreDropped(t *testing.T) {
	t.Parallel()
	var b Buffer[int]
	for range 5 * Keep {
		b.Add(8, number)
		if len(b.entries) > 2*Keep {
			t.Fatalf("%d entries kept", len(b.entries))
		}
	}
	got := b.After(0)
	if len(got) < Keep || got[len(got)-1] != 5*Keep || got[0] != 5*Keep-len(got)+1 {
		t.Errorf("%d entries from %d to %d", len(got), got[0], got[len(got)-1])
	}
	if got := b.After(5*Keep - 2); !slices.Equal(got, []int{5*Keep - 1, 5 * Keep}) {
		t.Errorf("the last two are %v", got)
	}
}

func TestBytesAreBounded(t *testing.T) {
	t.Parallel()
	const large = 1 << 20
	var b Buffer[int]
	for range 300 {
		b.Add(large, number)
		if b.bytes > MaxBytes {
			t.Fatalf("%d bytes kept, want at most %d", b.bytes, MaxBytes)
		}
	}
	got := b.After(0)
	if least := MaxBytes/2/large - 1; len(got) < least || got[len(got)-1] != 300 || !slices.IsSorted(got) {
		t.Errorf("%d entries, want at least %d up to the 300th: %v", len(got), least, got)
	}
	b.Add(2*MaxBytes, number)
	if got := b.After(0); !slices.Equal(got, []int{301}) {
		t.Errorf("after one that is too large: %v", got)
	}
	b.Add(8, number)
	if got := b.After(0); !slices.Equal(got, []int{302}) {
		t.Errorf("after the next: %v", got)
	}
}

func TestClear(t *testing.T) {
	t.Parallel()
	var b Buffer[int]
	b.Add(8, number)
	b.Clear()
	b.Add(8, number)
	if got := b.After(0); !slices.Equal(got, []int{1}) {
		t.Errorf("after a clear: %v", got)
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	var b Buffer[int]
	var group sync.WaitGroup
	for range 100 {
		group.Go(func() {
			b.Add(8, number)
			_ = b.After(0)
		})
	}
	group.Wait()
	if got := b.After(0); len(got) != 100 || !slices.IsSorted(got) {
		t.Errorf("got %v", got)
	}
}

func TestResume(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ kept, want []int }{
		"whole":             {kept: []int{1, 2}, want: []int{1, 2, 3}},
		"without the first": {kept: []int{7, 8}, want: []int{7, 8, 9}},
		"with a gap":        {kept: []int{7, 9, 10}, want: []int{9, 10, 11}},
		"empty":             {want: []int{1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b Buffer[int]
			for _, n := range c.kept {
				b.Resume(n, 8, n)
			}
			if first := b.Add(8, number); first != c.want[0] {
				t.Errorf("the first is %d, want %d", first, c.want[0])
			}
			if got := b.After(0); !slices.Equal(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
			if last := c.want[len(c.want)-1]; !slices.Equal(b.After(last-1), []int{last}) {
				t.Errorf("after %d: %v", last-1, b.After(last-1))
			}
		})
	}
}
