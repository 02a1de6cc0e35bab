package layout

import (
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// defended are the numbers of the threats that this repository must withstand.
var defended = []int{
	1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32,
	33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 50, 51, 52, 53, 54, 55, 56, 57, 58, 60, 61, 62, 63, 64, 65, 66, 67,
	68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95,
	96, 97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117,
	118, 119, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129, 130, 131, 132, 133, 134, 135,
	136, 137, 138, 139, 140, 141, 142,
}

var threatRow = regexp.MustCompile(`(?m)^\| (\d+) \|([^|]+)\|([^|]+)\|([^|]+)\|$`)

// Every threat in docs/threats.md names existing files and tests.
func TestThreatsHaveTests(t *testing.T) {
	var numbers []int
	for _, row := range threatRow.FindAllStringSubmatch(readFile(t, filepath.Join(root, "docs", "threats.md")), -1) {
		number, err := strconv.Atoi(row[1])
		if err != nil {
			t.Fatal(err)
		}
		numbers = append(numbers, number)
		t.Run(row[1], func(t *testing.T) {
			defences := 0
			for _, name := range inCode.FindAllStringSubmatch(row[3], -1) {
				if strings.Contains(name[1], "/") {
					defences++
					wantFile(t, name[1])
				}
			}
			tests := wantTests(t, row[4])
			if defences == 0 || tests == 0 {
				t.Errorf("%d files and %d tests are named, want at least one of each", defences, tests)
			}
		})
	}
	if !slices.Equal(numbers, defended) {
		t.Errorf("docs/threats.md has the rows %v, want %v", numbers, defended)
	}
}
