package signup_test

import (
	"fmt"

	"cognito-triggers/shared/signup"
)

// Rules decide about each account to create. The refusal's text is for the user, its rule for logs and metrics.
func ExampleRules_Refuse() {
	denied, err := signup.ParseDomainList([]string{"*.example.net", "bücher.example"})
	if err != nil {
		fmt.Println(err)
		return
	}
	rules := signup.Rules{Denied: denied, RefuseDisposable: true}
	for _, address := range []string{"ines@example.org", "ines@mail.example.net", "ines@xn--bcher-kva.example", "ines"} {
		refusal, refused := rules.Refuse(signup.Applicant{
			Source:     signup.SelfSignUp,
			Username:   "ines",
			Attributes: map[string]string{"email": address},
		})
		if refused {
			fmt.Println(address, "is refused by the rule", refusal.Rule)
			continue
		}
		fmt.Println(address, "is accepted")
	}
	// Output:
	// ines@example.org is accepted
	// ines@mail.example.net is refused by the rule DomainDenied
	// ines@xn--bcher-kva.example is refused by the rule DomainDenied
	// ines is refused by the rule EmailSyntax
}

// An address compares by its domain's ASCII form, and without regard to case.
func ExampleParseEmail() {
	email, err := signup.ParseEmail("Ines+news@Bücher.example")
	fmt.Println(email.Local, email.Domain, err)
	other, _ := signup.ParseEmail("ines+news@xn--bcher-kva.example")
	fmt.Println(email.Same(other))
	// Output:
	// Ines+news xn--bcher-kva.example <nil>
	// true
}
