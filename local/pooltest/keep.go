package pooltest

import (
	"flag"
	"fmt"
	"io"
	"time"
)

// keepFailed is how long the pool of a failed test stays.
var keepFailed = flag.Duration("pooltest.keep", 0, "keep the pool of a failed test up for that long, to look at it")

// keep says how to reach the pool and waits.
func (p *Pool) keep(out io.Writer, test string, wait time.Duration) {
	if wait <= 0 {
		return
	}
	fmt.Fprintf(out, "%s failed. Its pool stays for %v at %s: pool %s, app client %s. Try\n"+
		"  aws cognito-idp list-users --user-pool-id %s --region %s --endpoint-url %s\nCtrl+C ends it.\n",
		test, wait, p.Endpoint, p.ID, p.ClientID, p.ID, region, p.Endpoint)
	<-time.After(wait)
}
