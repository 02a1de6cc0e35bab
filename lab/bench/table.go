package bench

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// unknown is the cell for a figure that was not measured.
const unknown = "-"

// table returns two heading lines, then a line for every program.
func (r Report) table() [][]string {
	lines := [][]string{
		{"", "first answer", "", "evicted", "", "warm", "", "warm", "", "peak", "", "× Python", "× Python", ""},
		{
			"", "cached ms", "× bare", "ms", "× bare", "p50 µs", "× bare", "p99 µs", "CPU µs", "RSS MB", "zip KB",
			"cached", "evicted", "verdict",
		},
	}
	for _, row := range append([]Row{r.Bare}, r.Rows...) {
		cached, evicted := row.faster()
		line := append(cells(row.Name, row.Go, r.Bare.Go, row.Budget),
			atLeastCell(cached, row.Budget.Faster), atLeastCell(evicted, 0), string(row.verdict(r.Bare.Go)))
		lines = append(lines, line)
		if row.Python != nil {
			lines = append(lines, cells("  in Python", *row.Python, r.Bare.Go, Budget{}))
		}
	}
	return lines
}

// cells returns the cells that Go and Python rows share.
func cells(name string, f, bare Figures, budget Budget) []string {
	return []string{
		name,
		milliseconds(f.Cached), atMostCell(ratio(f.Cached, bare.Cached), budget.First),
		milliseconds(f.Evicted), atMostCell(ratio(f.Evicted, bare.Evicted), budget.First),
		microseconds(f.P50), atMostCell(ratio(f.P50, bare.P50), budget.Warm),
		microseconds(f.P99), microseconds(f.CPU),
		size("%.1f", f.PeakRSS, 1<<20), size("%.0f", f.Zip, 1<<10),
	}
}

func milliseconds(d time.Duration) string {
	if d == 0 {
		return unknown
	}
	return fmt.Sprintf("%.2f", float64(d)/float64(time.Millisecond))
}

func microseconds(d time.Duration) string {
	if d == 0 {
		return unknown
	}
	return fmt.Sprintf("%.0f", float64(d)/float64(time.Microsecond))
}

func size(format string, bytes, unit int64) string {
	if bytes == 0 {
		return unknown
	}
	return fmt.Sprintf(format, float64(bytes)/float64(unit))
}

// align pads the cells into columns, names to the left and figures to the right.
func align(lines [][]string) string {
	var widths []int
	for _, line := range lines {
		for i, cell := range line {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var out strings.Builder
	for _, line := range lines {
		var text strings.Builder
		for i, cell := range line {
			space := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				text.WriteString(cell + space)
			} else {
				text.WriteString("  " + space + cell)
			}
		}
		out.WriteString(strings.TrimRight(text.String(), " ") + "\n")
	}
	return out.String()
}
