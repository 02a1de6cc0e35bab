package deploy

import "testing"

// A pool in use is imported: no plan replaces anything, the second one is empty, and its users stay.
func TestImportedPool(t *testing.T) {
	o := options(t)
	o.Example, o.Out = "imported-pool", t.Output()
	if err := Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
}
