package golden_test

import (
	"fmt"
	"testing/fstest"

	"cognito-triggers/shared/golden"
)

// A set is a file system with a folder per trigger. Here the trigger audit must return the event unchanged.
func Example() {
	set := fstest.MapFS{
		"audit/PostAuthentication_Authentication.json": {
			Data: []byte(`{"triggerSource": "PostAuthentication_Authentication", "request": {}, "response": {}}`),
		},
		"audit/PostAuthentication_Authentication.want.json": {Data: []byte(`{"answer": "unchanged"}`)},
	}
	cases, err := golden.Load(set, "audit")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range cases {
		fmt.Println(c.Name, c.Check(golden.Outcome{Answer: c.Event}))
	}
	fmt.Println(cases[0].Check(golden.Outcome{Error: "Your account is suspended"}))
	// Output:
	// PostAuthentication_Authentication <nil>
	// error text is "Your account is suspended", want ""
}
