package dynamo

// OnFake is a store on a table in memory, for the suite, which cannot be in this package: tables imports it.
func OnFake() *Store { return storeOn(newFake()) }
