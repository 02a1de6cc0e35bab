package attach

import (
	"encoding/json"

	"cognito-triggers/shared/cognito"
)

// lambdas is a pool's LambdaConfig. It keeps unknown members as they are.
type lambdas = cognito.LambdaConfig

// lambdasOf reads a described pool's triggers.
func lambdasOf(pool document) (lambdas, error) {
	var triggers lambdas
	err := decode(pool, lambdaConfig, &triggers)
	return triggers, err
}

// canonical encodes the triggers with one member for pre token generation, which Cognito may describe with two.
func canonical(l lambdas) (document, error) {
	same := l.Clone()
	for _, hook := range cognito.Hooks() {
		if function, attached := l.Function(hook); attached && l.Plain(hook) != "" {
			same.Set(hook, function)
		}
	}
	text, err := json.Marshal(same)
	if err != nil {
		return nil, err
	}
	var members document
	err = json.Unmarshal(text, &members)
	return members, err
}
