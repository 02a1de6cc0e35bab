package bench

import (
	"cmp"
	"math"
	"slices"
)

// median returns the middle value, the lower of two for an even number, and zero for none.
func median[T cmp.Ordered](values []T) T { return percentile(values, 50) }

// percentile returns the p-th percentile (nearest rank), and zero for no values.
func percentile[T cmp.Ordered](values []T, p float64) T {
	if len(values) == 0 {
		var none T
		return none
	}
	sorted := slices.Sorted(slices.Values(values))
	rank := int(math.Ceil(p / 100 * float64(len(sorted))))
	return sorted[min(max(rank, 1), len(sorted))-1]
}

// ratio returns NaN if either value is unknown.
func ratio[T ~int64](value, of T) float64 {
	if value <= 0 || of <= 0 {
		return math.NaN()
	}
	return float64(value) / float64(of)
}
