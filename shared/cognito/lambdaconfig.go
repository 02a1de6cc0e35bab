package cognito

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// LambdaConfig is a user pool's LambdaConfig: the functions that it calls. Its JSON is AWS's.
// See https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_LambdaConfigType.html
type LambdaConfig struct {
	Functions map[Hook]Function
	// Plain are ARNs in a hook's older member, where it has one. Cognito describes pre token generation with both members;
	// they name the same function.
	Plain map[Hook]string
	// KMSKeyID is the ARN of the key that encrypts the codes for the custom senders.
	KMSKeyID string
	// Others are the members that this package does not know, as they came.
	Others map[string]json.RawMessage
}

// Function is what a hook calls.
type Function struct {
	ARN     string
	Version string // of its events, for example "V2_0"; "" where the hook offers no choice
}

// KeyMember is LambdaConfig's member for the key of the custom senders.
const KeyMember = "KMSKeyID"

const firstVersion = "V1_0" // of a function in the plain member

// versioned is the value of a versioned member.
type versioned struct{ LambdaArn, LambdaVersion string }

// UnmarshalJSON reads AWS's form. A function that only the plain member names gets the first event version, as Cognito
// has it. Members of value null count as absent.
func (l *LambdaConfig) UnmarshalJSON(data []byte) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return err
	}
	maps.DeleteFunc(members, func(_ string, value json.RawMessage) bool { return bytes.Equal(value, []byte("null")) })
	*l = LambdaConfig{}
	for i := range contracts {
		if err := l.read(&contracts[i], members); err != nil {
			return err
		}
	}
	if err := take(members, KeyMember, &l.KMSKeyID); err != nil {
		return err
	}
	if len(members) > 0 {
		l.Others = members
	}
	return nil
}

// read takes a hook's members out of the object.
func (l *LambdaConfig) read(c *Contract, members map[string]json.RawMessage) error {
	var plain string
	if c.PlainMember != "" {
		if err := take(members, c.PlainMember, &plain); err != nil {
			return err
		}
	}
	var function versioned
	_, there := members[c.Member]
	into := any(&function)
	if !c.Versioned {
		into = &function.LambdaArn
	}
	if err := take(members, c.Member, into); err != nil {
		return err
	}
	if plain != "" {
		l.setPlain(c.Hook, plain)
		if !there {
			function = versioned{plain, firstVersion}
		}
	}
	if function != (versioned{}) || there && c.Versioned {
		l.set(c.Hook, Function{function.LambdaArn, function.LambdaVersion})
	}
	return nil
}

// take decodes a member and takes it out of the object.
func take(members map[string]json.RawMessage, name string, into any) error {
	value, there := members[name]
	if !there {
		return nil
	}
	delete(members, name)
	if err := json.Unmarshal(value, into); err != nil {
		return fmt.Errorf("LambdaConfig.%s: %w", name, err)
	}
	return nil
}

// MarshalJSON writes AWS's form, members in alphabetical order.
func (l LambdaConfig) MarshalJSON() ([]byte, error) {
	members := make(map[string]any, len(l.Functions)+len(l.Others)+1)
	for name, value := range l.Others {
		members[name] = value
	}
	for i := range contracts {
		c := &contracts[i]
		if arn := l.Plain[c.Hook]; arn != "" {
			members[c.PlainMember] = arn
		}
		function, there := l.Functions[c.Hook]
		switch {
		case there && c.Versioned:
			members[c.Member] = versioned{function.ARN, function.Version}
		case there:
			members[c.Member] = function.ARN
		}
	}
	if l.KMSKeyID != "" {
		members[KeyMember] = l.KMSKeyID
	}
	return json.Marshal(members)
}

// Set attaches a function to a hook, in its present member alone.
func (l *LambdaConfig) Set(hook Hook, function Function) {
	delete(l.Plain, hook)
	l.set(hook, function)
}

func (l *LambdaConfig) set(hook Hook, function Function) {
	if l.Functions == nil {
		l.Functions = map[Hook]Function{}
	}
	l.Functions[hook] = function
}

func (l *LambdaConfig) setPlain(hook Hook, arn string) {
	if l.Plain == nil {
		l.Plain = map[Hook]string{}
	}
	l.Plain[hook] = arn
}

// Remove empties a hook.
func (l *LambdaConfig) Remove(hook Hook) {
	delete(l.Functions, hook)
	delete(l.Plain, hook)
}

// Clone is a copy that shares nothing that Set and Remove change.
func (l LambdaConfig) Clone() LambdaConfig {
	l.Functions, l.Plain, l.Others = maps.Clone(l.Functions), maps.Clone(l.Plain), maps.Clone(l.Others)
	return l
}

// ARNs lists every function that the hooks call, once each, in the order of the hooks.
func (l LambdaConfig) ARNs() []string {
	var all []string
	for i := range contracts {
		if arn := l.Functions[contracts[i].Hook].ARN; arn != "" && !slices.Contains(all, arn) {
			all = append(all, arn)
		}
	}
	return all
}
