package scenario

import (
	"encoding/json"
	"fmt"
	"strings"

	"cognito-triggers/shared/events"
	"cognito-triggers/testevents"
)

// steps is the life, in order.
func steps() []step {
	welcome := map[string]string{"WELCOME_EMAIL_FROM": welcomeFrom}
	return []step{
		{title: "a throw-away address is refused", trigger: "pre-sign-up", golden: "PreSignUp_SignUp-disposable", asIs: true, check: refused},
		{title: "the user signs up", trigger: "pre-sign-up", golden: "PreSignUp_SignUp", check: answered},
		{title: "the code's message, in English", trigger: "custom-message", golden: "CustomMessage_SignUp-ses", check: message("confirm")},
		{title: "the same in Korean", trigger: "custom-message", golden: "CustomMessage_SignUp-korean-ses", check: message("인증")},
		{title: "the user confirms", trigger: "post-confirmation", golden: "PostConfirmation_ConfirmSignUp", settings: welcome, check: answered},
		{title: "Cognito delivers it again", trigger: "post-confirmation", golden: "PostConfirmation_ConfirmSignUp", settings: welcome, check: answered},
		{title: "the user signs in", trigger: "pre-token-generation", golden: "TokenGeneration_Authentication-v2", check: claims("free")},
		{title: "and again, on a paid plan", trigger: "pre-token-generation", golden: "TokenGeneration_Authentication-v2", before: grantPlan("gold"), check: claims("gold")},
	}
}

func refused(p *player, got testevents.Outcome) error {
	if got.Error == "" {
		return fmt.Errorf("the trigger let it pass")
	}
	p.detail = "the user reads: " + got.Error
	return nil
}

func answered(_ *player, got testevents.Outcome) error {
	if got.Error != "" {
		return fmt.Errorf("refused: %s", got.Error)
	}
	return nil
}

// message wants an e-mail with the code's placeholder and a subject in the language of the word.
func message(word string) func(*player, testevents.Outcome) error {
	return func(p *player, got testevents.Outcome) error {
		if err := answered(p, got); err != nil {
			return err
		}
		e, err := answerOf[events.CustomMessageResponse](got.Answer)
		if err != nil {
			return err
		}
		if e.EmailSubject == nil || e.EmailMessage == nil || !strings.Contains(*e.EmailMessage, "{####}") {
			return fmt.Errorf("the answer lacks an e-mail with the code")
		}
		if !strings.Contains(strings.ToLower(*e.EmailSubject), word) {
			return fmt.Errorf("the subject %q is in another language: it lacks %q", *e.EmailSubject, word)
		}
		p.detail = "the user gets: " + *e.EmailSubject
		return nil
	}
}

// claims wants the plan and the profile's key in both tokens.
func claims(plan string) func(*player, testevents.Outcome) error {
	return func(p *player, got testevents.Outcome) error {
		if err := answered(p, got); err != nil {
			return err
		}
		response, err := answerOf[events.PreTokenGenerationResponse](got.Answer)
		if err != nil {
			return err
		}
		override := response.ClaimsAndScopeOverrideDetails
		if override == nil || override.IDTokenGeneration == nil || override.AccessTokenGeneration == nil {
			return fmt.Errorf("the answer has no claims for both tokens")
		}
		for token, claims := range map[string]map[string]json.RawMessage{
			"ID": override.IDTokenGeneration.ClaimsToAddOrOverride, "access": override.AccessTokenGeneration.ClaimsToAddOrOverride,
		} {
			for name, want := range map[string]string{"plan": plan, "profile_id": p.user.sub} {
				if got := string(claims[name]); got != `"`+want+`"` {
					return fmt.Errorf("the %s token's claim %s is %s, want %q", token, name, got, want)
				}
			}
		}
		p.tokens, err = events.Response(got.Answer)
		return err
	}
}

func answerOf[Response any](answer []byte) (Response, error) {
	var response Response
	raw, err := events.Response(answer)
	if err == nil {
		err = json.Unmarshal(raw, &response)
	}
	return response, err
}
