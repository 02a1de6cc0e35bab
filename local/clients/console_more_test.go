package clients

import "testing"

func (c *theConsole) attacks(t *testing.T)    {}
func (c *theConsole) manyEvents(t *testing.T) {}
