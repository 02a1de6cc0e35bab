package attach

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"cognito-triggers/shared/cognito"
)

// lambdas is a pool's LambdaConfig. Members that are no known hook stay in it as they are.
type lambdas document

// place is where a hook stands in LambdaConfig.
type place struct {
	member    string
	versioned bool // an object with the function and the version of its events, not the function alone
}

var places = map[cognito.Hook]place{
	cognito.PreSignUp:                   {"PreSignUp", false},
	cognito.PostConfirmation:            {"PostConfirmation", false},
	cognito.PreAuthentication:           {"PreAuthentication", false},
	cognito.PostAuthentication:          {"PostAuthentication", false},
	cognito.DefineAuthChallenge:         {"DefineAuthChallenge", false},
	cognito.CreateAuthChallenge:         {"CreateAuthChallenge", false},
	cognito.VerifyAuthChallengeResponse: {"VerifyAuthChallengeResponse", false},
	cognito.UserMigration:               {"UserMigration", false},
	cognito.CustomMessage:               {"CustomMessage", false},
	cognito.PreTokenGeneration:          {"PreTokenGenerationConfig", true},
	cognito.CustomEmailSender:           {"CustomEmailSender", true},
	cognito.CustomSMSSender:             {"CustomSMSSender", true},
	cognito.InboundFederation:           {"InboundFederation", true},
}

const (
	legacyPreToken = "PreTokenGeneration" // the same function as PreTokenGenerationConfig's; Cognito describes both
	legacyVersion  = "V1_0"
)

// attached is what a hook calls.
type attached struct{ LambdaArn, LambdaVersion string }

func (a attached) String() string {
	if a.LambdaVersion == "" {
		return a.LambdaArn
	}
	return a.LambdaArn + " (events " + a.LambdaVersion + ")"
}

// lambdasOf reads a described pool's triggers into a map of its own.
func lambdasOf(pool document) (lambdas, error) {
	triggers := lambdas{}
	if err := decode(pool, lambdaConfig, &triggers); err != nil {
		return nil, err
	}
	if triggers == nil {
		triggers = lambdas{}
	}
	return triggers, nil
}

func (l lambdas) get(hook cognito.Hook) (attached, bool, error) {
	place := places[hook]
	var found attached
	raw, set := l[place.member]
	into := any(&found.LambdaArn)
	switch {
	case set && place.versioned:
		into = &found
	case !set && hook == cognito.PreTokenGeneration:
		if raw, set = l[legacyPreToken]; set {
			found.LambdaVersion = legacyVersion
		}
	}
	if !set {
		return attached{}, false, nil
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return attached{}, false, fmt.Errorf("the pool's %s.%s: %w", lambdaConfig, place.member, err)
	}
	return found, found.LambdaArn != "", nil
}

func (l lambdas) set(hook cognito.Hook, function attached) error {
	l.remove(hook)
	place := places[hook]
	value := any(function.LambdaArn)
	if place.versioned {
		value = function
	}
	raw, err := json.Marshal(value)
	l[place.member] = raw
	return err
}

func (l lambdas) remove(hook cognito.Hook) {
	delete(l, places[hook].member)
	if hook == cognito.PreTokenGeneration {
		delete(l, legacyPreToken)
	}
}

// functions lists every ARN that a hook calls.
func (l lambdas) functions() ([]string, error) {
	var all []string
	for _, hook := range cognito.Hooks() {
		function, set, err := l.get(hook)
		if err != nil {
			return nil, err
		}
		if set && !slices.Contains(all, function.LambdaArn) {
			all = append(all, function.LambdaArn)
		}
	}
	return all, nil
}

// canonical writes the one function of pre token generation once, however many members it was described with.
func (l lambdas) canonical() (document, error) {
	same := lambdas(maps.Clone(l))
	function, set, err := l.get(cognito.PreTokenGeneration)
	if err == nil && set {
		err = same.set(cognito.PreTokenGeneration, function)
	}
	return document(same), err
}
