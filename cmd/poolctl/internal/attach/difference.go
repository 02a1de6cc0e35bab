package attach

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"cognito-triggers/shared/cognito"
)

// settingDifferences lists the differences between two readings of a pool that are no trigger's.
func settingDifferences(before, after target) ([]string, error) {
	old, now := maps.Clone(before.settings), maps.Clone(after.settings)
	_, oldErr := dropUnusedDays(old)
	_, nowErr := dropUnusedDays(now)
	key, keyErr := withoutTriggers(before.triggers)
	nowKey, nowKeyErr := withoutTriggers(after.triggers)
	if err := errors.Join(oldErr, nowErr, keyErr, nowKeyErr); err != nil {
		return nil, err
	}
	settings, settingsErr := differences(old, now, slices.Concat(volatile, []string{lambdaConfig})...)
	keys, keysErr := differences(key, nowKey)
	factors, factorsErr := differences(before.factors, after.factors)
	for i := range keys {
		keys[i] = lambdaConfig + "." + keys[i]
	}
	for i := range factors {
		factors[i] = "second factors (GetUserPoolMfaConfig): " + factors[i]
	}
	return slices.Concat(settings, keys, factors), errors.Join(settingsErr, keysErr, factorsErr)
}

// withoutTriggers returns what LambdaConfig has besides triggers, such as the custom senders' key.
func withoutTriggers(l lambdas) (document, error) {
	rest := l.Clone()
	for _, hook := range cognito.Hooks() {
		rest.Remove(hook)
	}
	return canonical(rest)
}

// triggerDifferences lists the plan's triggers, and the others, that differ from the wanted ones.
func triggerDifferences(p *Plan, wanted, got lambdas) (own, others []string, err error) {
	for _, hook := range cognito.Hooks() {
		some, someErr := onlyTrigger(wanted, hook)
		found, foundErr := onlyTrigger(got, hook)
		if err := errors.Join(someErr, foundErr); err != nil {
			return nil, nil, err
		}
		differ, err := differences(some, found)
		if err != nil {
			return nil, nil, err
		}
		for _, text := range differ {
			if text = lambdaConfig + "." + text; p.changesHook(hook) {
				own = append(own, text)
			} else {
				others = append(others, text)
			}
		}
	}
	return own, others, nil
}

func (p *Plan) changesHook(hook cognito.Hook) bool {
	return slices.ContainsFunc(p.changes, func(c change) bool { return c.hook == hook })
}

// onlyTrigger returns the members of LambdaConfig that belong to one hook.
func onlyTrigger(l lambdas, hook cognito.Hook) (document, error) {
	only := cognito.LambdaConfig{}
	if function, attached := l.Function(hook); attached {
		only.Set(hook, function)
	}
	return canonical(only)
}

// differences lists every member that differs between two documents, with both values.
func differences(before, after document, except ...string) ([]string, error) {
	var all []string
	for _, name := range members(before, after) {
		if slices.Contains(except, name) {
			continue
		}
		old, err := value(before[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		now, err := value(after[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, compare(name, old, now)...)
	}
	return all, nil
}

func compare(path string, before, after any) []string {
	old, oldIsObject := before.(map[string]any)
	now, nowIsObject := after.(map[string]any)
	if oldIsObject && nowIsObject {
		var all []string
		for _, name := range members(old, now) {
			all = append(all, compare(path+"."+name, old[name], now[name])...)
		}
		return all
	}
	if reflect.DeepEqual(before, after) {
		return nil
	}
	return []string{path + ": " + show(before) + " -> " + show(after)}
}

func members[V any](a, b map[string]V) []string {
	all := maps.Clone(a)
	if all == nil {
		all = map[string]V{}
	}
	maps.Copy(all, b)
	return slices.Sorted(maps.Keys(all))
}

// value decodes a member without rounding numbers; a missing member is nil.
func value(raw json.RawMessage) (any, error) {
	if raw == nil {
		return nil, nil
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	err := dec.Decode(&v)
	return v, err
}

func show(v any) string {
	if v == nil {
		return "not set"
	}
	var text strings.Builder
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Sprint(v)
	}
	return strings.TrimSpace(text.String())
}
