// Package timing measures whether the time of an answer tells apart two kinds of requests, such as those about users
// who exist and about users who do not. Tests use it.
package timing

import (
	"cmp"
	"slices"
	"time"
)

// Sample is one measured request.
type Sample struct {
	Took  time.Duration
	Known bool // whether it is of the first kind
}

// AUC is the chance that a random request of the first kind takes longer than one of the second: 0.5 if time tells
// nothing. It sorts the samples, of which each kind needs at least one.
func AUC(all []Sample) float64 {
	slices.SortFunc(all, func(a, b Sample) int { return cmp.Compare(a.Took, b.Took) })
	var ranks, known float64
	for rank, s := range all {
		if s.Known {
			ranks += float64(rank + 1)
			known++
		}
	}
	return (ranks - known*(known+1)/2) / (known * (float64(len(all)) - known))
}

// Tells reports whether an AUC shows that time tells the kinds apart.
func Tells(auc float64) bool { return auc > 0.55 || auc < 0.45 }
