package messages_test

import (
	"fmt"
	"strings"

	"cognito-triggers/shared/messages"
)

// Compose writes the message of a custom message event, in the user's language.
func ExampleComposer_Compose() {
	set, err := messages.Embedded()
	if err != nil {
		fmt.Println(err)
		return
	}
	brand := messages.Brand{Name: "Example", SignInURL: "https://app.example.org"}
	composer := messages.NewComposer(set, brand, "en", "locale")
	message, err := composer.Compose(messages.Request{
		Kind:       messages.SignUp,
		Attributes: map[string]string{"given_name": "Ines", "locale": "en-GB"},
		Code:       "{####}", // the event's codeParameter, which Cognito replaces
		Email:      true,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(message.Locale)
	fmt.Println(message.Subject)
	fmt.Println(message.SMS)
	fmt.Println("code in the e-mail:", strings.Count(message.HTML, "{####}"))
	// Output:
	// en
	// Confirm your Example account
	// Example: {####} is your confirmation code. It is valid for 24 hours. Do not share it with anyone.
	// code in the e-mail: 1
}
