package cognito

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// LambdaConfig holds the functions that a user pool calls. Its JSON form is AWS's LambdaConfigType; members that this
// package does not know are kept as they came. The zero value is an empty configuration, ready to use.
//
// See https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_LambdaConfigType.html
type LambdaConfig struct {
	functions map[Hook]Function
	plain     map[Hook]string // ARNs in PlainMember
	key       string
	members   map[string]json.RawMessage // as they came
}

// Function is a function that is attached to a hook.
type Function struct {
	ARN     string
	Version string // event version, for example "V2_0"; "" if the hook offers no choice
}

// String returns the ARN and, if there is one, the event version.
func (f Function) String() string {
	if f.Version == "" {
		return f.ARN
	}
	return f.ARN + " (events " + f.Version + ")"
}

const firstVersion = "V1_0" // of a function in the plain member

// versioned is the value of a versioned member.
type versioned struct{ LambdaArn, LambdaVersion string }

// UnmarshalJSON reads AWS's JSON form. Null members count as absent. As in Cognito, a function that only the older
// member names has the first event version. The error names the member that has the wrong type.
func (l *LambdaConfig) UnmarshalJSON(data []byte) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return err
	}
	maps.DeleteFunc(members, func(_ string, value json.RawMessage) bool { return bytes.Equal(value, []byte("null")) })
	*l = LambdaConfig{members: members}
	for i := range contracts {
		if err := l.read(&contracts[i]); err != nil {
			return err
		}
	}
	return l.decode(KeyMember, &l.key)
}

// read decodes a hook's members.
func (l *LambdaConfig) read(c *Contract) error {
	var plain string
	if err := l.decode(c.PlainMember, &plain); err != nil {
		return err
	}
	var function versioned
	into := any(&function)
	if !c.Versioned {
		into = &function.LambdaArn
	}
	if err := l.decode(c.Member, into); err != nil {
		return err
	}
	_, there := l.members[c.Member]
	if plain != "" {
		l.plain = put(l.plain, c.Hook, plain)
		if !there {
			function = versioned{plain, firstVersion}
		}
	}
	if function != (versioned{}) || there && c.Versioned {
		l.functions = put(l.functions, c.Hook, Function{function.LambdaArn, function.LambdaVersion})
	}
	return nil
}

func (l *LambdaConfig) decode(name string, into any) error {
	value, there := l.members[name]
	if !there {
		return nil
	}
	if err := json.Unmarshal(value, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func put[V any](into map[Hook]V, hook Hook, value V) map[Hook]V {
	if into == nil {
		into = map[Hook]V{}
	}
	into[hook] = value
	return into
}

// MarshalJSON writes AWS's JSON form with the members in alphabetical order. Like Cognito, it writes both members for a
// function that was set through the older one alone.
func (l LambdaConfig) MarshalJSON() ([]byte, error) {
	members := make(map[string]any, len(l.functions)+len(l.members)+1)
	for name, value := range l.members {
		members[name] = value
	}
	for i := range contracts {
		c := &contracts[i]
		function, attached := l.functions[c.Hook]
		if _, there := l.members[c.Member]; there || !attached {
			continue
		}
		members[c.Member] = function.ARN
		if c.Versioned {
			members[c.Member] = versioned{function.ARN, function.Version}
		}
	}
	if l.key != "" {
		members[KeyMember] = l.key
	}
	return json.Marshal(members)
}

// Function returns the function that is attached to the hook and reports whether there is one.
func (l LambdaConfig) Function(hook Hook) (Function, bool) {
	function, attached := l.functions[hook]
	return function, attached
}

// Plain returns the ARN in the hook's older member, or "". It should be the ARN of the hook's function.
func (l LambdaConfig) Plain(hook Hook) string { return l.plain[hook] }

// Key returns the ARN of the KMS key that encrypts codes for the custom senders, or "".
func (l LambdaConfig) Key() string { return l.key }

// SetKey sets the ARN of the KMS key for the custom senders; "" removes it.
func (l *LambdaConfig) SetKey(arn string) {
	delete(l.members, KeyMember)
	l.key = arn
}

// Set attaches a function to a hook in place of the present one. It clears the hook's older member.
func (l *LambdaConfig) Set(hook Hook, function Function) {
	l.Remove(hook)
	if !hook.contract().Versioned {
		function.Version = ""
	}
	l.functions = put(l.functions, hook, function)
}

// Remove detaches the hook's function.
func (l *LambdaConfig) Remove(hook Hook) {
	c := hook.contract()
	delete(l.members, c.Member)
	delete(l.members, c.PlainMember)
	delete(l.functions, hook)
	delete(l.plain, hook)
}

// Clone returns a copy that can be changed without changing l.
func (l LambdaConfig) Clone() LambdaConfig {
	return LambdaConfig{maps.Clone(l.functions), maps.Clone(l.plain), l.key, maps.Clone(l.members)}
}

// ARNs returns the ARN of each attached function once, in the order of the hooks.
func (l LambdaConfig) ARNs() []string {
	var all []string
	for i := range contracts {
		if arn := l.functions[contracts[i].Hook].ARN; arn != "" && !slices.Contains(all, arn) {
			all = append(all, arn)
		}
	}
	return all
}
