package dynamo

// OnFake opens a table in memory, for the suite, which cannot be in this package: tables imports it. Each call of open
// gives another store on it.
func OnFake() (open func() *Store) {
	table := newFake()
	return func() *Store { return storeOn(table) }
}
