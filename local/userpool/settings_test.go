package userpool

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"cognito-triggers/local/userpool/internal/model"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/shared/cognito"
)

// modelOf returns the model of an operation: a structure for its input, one for its output.
func modelOf(t testing.TB, operation string) model.Operation {
	t.Helper()
	all, err := operations()
	op, known := all[operation]
	if err != nil || !known {
		t.Fatalf("the API has no %s, error %v", operation, err)
	}
	return op
}

var operations = sync.OnceValues(model.Operations)

// modelInput returns the type of an operation's input as the model has it.
func modelInput(t testing.TB, operation string) reflect.Type {
	t.Helper()
	in := modelOf(t, operation).Input
	if in == nil {
		return reflect.TypeFor[struct{}]()
	}
	return in.GoType()
}

// sampleOf returns a value of a member that is not empty.
func sampleOf(t testing.TB, operation, member string) any {
	t.Helper()
	return modelOf(t, operation).Input.Member(member).Sample()
}

// fieldsOf returns the fields of an object, or of the objects in a list; nil for others.
func fieldsOf(of reflect.Type) []reflect.StructField {
	for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
		of = of.Elem()
	}
	if of.Kind() != reflect.Struct {
		return nil
	}
	return slices.DeleteFunc(reflect.VisibleFields(of),
		func(f reflect.StructField) bool { return !f.IsExported() || f.Anonymous })
}

// Every member that the API takes is in the table or read by its operation, in the newest model.
func TestSettingsAreComplete(t *testing.T) {
	for _, op := range Registry() {
		if !op.Served() {
			continue
		}
		var missing func(prefix string, of reflect.Type)
		missing = func(prefix string, of reflect.Type) {
			for _, field := range fieldsOf(of) {
				name := prefix + field.Name
				switch op.PlaceOf(name) {
				case wire.Taken:
					if lost := unread(memberType(op.Input(), name), field.Type); lost != "" {
						t.Errorf("%s: no field for %s.%s", op.Name, name, lost)
					}
				case wire.Listed:
				case wire.Nested:
					missing(name+".", field.Type)
				default:
					t.Errorf("%s: %s is not in the table", op.Name, name)
				}
			}
		}
		missing("", modelInput(t, op.Name))
	}
}

// unread returns the name of a member, at any depth, that the model's object has and ours does not.
func unread(ours, api reflect.Type) string {
	have := fieldsOf(ours)
	for _, field := range fieldsOf(api) {
		i := slices.IndexFunc(have, func(f reflect.StructField) bool { return f.Name == field.Name })
		if i < 0 {
			return field.Name
		}
		if lost := unread(have[i].Type, field.Type); lost != "" {
			return field.Name + "." + lost
		}
	}
	return ""
}

// Every row is about a member that the API has, and enforced members are read.
func TestSettingsExist(t *testing.T) {
	for _, row := range Settings() {
		found, read := false, false
		for _, op := range Registry() {
			if !op.Served() || wire.OwnerOf(op.Name) != row.Of {
				continue
			}
			found = found || memberType(modelInput(t, op.Name), row.Name) != nil
			read = read || memberType(op.Input(), row.Name) != nil
		}
		switch {
		case !found:
			t.Errorf("%s: the API has no %s", row.Of, row.Name)
		case row.Support == Enforced && !read:
			t.Errorf("%s: no operation reads %s", row.Of, row.Name)
		case row.Support != Enforced && row.Note == "":
			t.Errorf("%s: no note says why %s is %s", row.Of, row.Name, row.Support)
		}
	}
}

func memberType(in reflect.Type, path string) reflect.Type {
	name, rest, nested := strings.Cut(path, ".")
	if in == reflect.TypeFor[*cognito.LambdaConfig]() { // decodes its members itself
		return memberOfLambdaConfig(name, rest)
	}
	for _, field := range fieldsOf(in) {
		if field.Name == name && nested {
			return memberType(field.Type, rest)
		} else if field.Name == name {
			return field.Type
		}
	}
	return nil
}

// memberOfLambdaConfig checks that decoding the member changes something.
func memberOfLambdaConfig(name, nested string) reflect.Type {
	value := `"x"`
	if nested != "" {
		value = `{"` + nested + `":"x"}`
	}
	var config cognito.LambdaConfig
	err := json.Unmarshal([]byte(`{"`+name+`":`+value+`}`), &config)
	if name == cognito.KeyMember && config.Key() == "x" {
		return reflect.TypeFor[string]()
	}
	for _, hook := range cognito.Hooks() {
		if function, _ := config.Function(hook); err == nil && function != (cognito.Function{}) {
			return reflect.TypeFor[string]()
		}
	}
	return nil
}

// Settings that are stored as raw JSON have the same type as in the model.
func TestShapesMatchModel(t *testing.T) {
	for _, row := range Settings() {
		shape := row.Shape()
		for _, op := range Registry() {
			if shape == nil || !op.Served() || wire.OwnerOf(op.Name) != row.Of {
				continue
			}
			api := memberType(modelInput(t, op.Name), row.Name)
			if api == nil {
				continue
			}
			if ours, theirs := describeType(shape), describeType(api); ours != theirs {
				t.Errorf("%s %s: %s, the model has %s", op.Name, row.Name, ours, theirs)
			}
		}
	}
}

// describeType describes a type by its members, and all string types alike.
func describeType(of reflect.Type) string {
	switch of.Kind() {
	case reflect.Pointer:
		return describeType(of.Elem())
	case reflect.Slice:
		return "[" + describeType(of.Elem()) + "]"
	case reflect.Map:
		return "map of " + describeType(of.Elem())
	case reflect.Struct:
		var members []string
		for _, field := range fieldsOf(of) {
			members = append(members, field.Name+":"+describeType(field.Type))
		}
		slices.Sort(members)
		return "{" + strings.Join(members, " ") + "}"
	}
	return of.Kind().String()
}

// sample returns a request with a value for one member.
func sample(t *testing.T, operation, member string, value any, rest map[string]any) []byte {
	t.Helper()
	request := maps.Clone(rest)
	nest(request, member, value)
	raw, err := json.Marshal(request)
	if err != nil {
		t.Fatal(operation, err)
	}
	return raw
}

// Refused settings are rejected by name in every operation that takes them, but not if their value is empty.
func TestRefusedSettings(t *testing.T) {
	w := start(t, setup{})
	rest := map[string]any{"PoolName": "p", "UserPoolId": *w.pool, "AccessToken": "a", "Username": "u"}
	for _, row := range Settings() {
		if row.Support != Refused {
			continue
		}
		t.Run(row.Of+" "+row.Name, func(t *testing.T) {
			sent := 0
			for _, op := range Registry() {
				if !op.Served() || wire.OwnerOf(op.Name) != row.Of || memberType(modelInput(t, op.Name), row.Name) == nil {
					continue
				}
				sent++
				value := sampleOf(t, op.Name, row.Name)
				if row.Value != "" {
					value = []any{row.Value}
				}
				answer := send(w.server, op.Name, sample(t, op.Name, row.Name, value, rest))
				body := answer.Body.String()
				if answer.Code != 400 || !strings.Contains(body, "InvalidParameterException") ||
					!strings.Contains(body, row.Name) || !strings.Contains(body, row.Value) {
					t.Errorf("%s answers %d %s", op.Name, answer.Code, body)
				}
				answer = send(w.server, op.Name, sample(t, op.Name, row.Name, nil, rest))
				if strings.Contains(answer.Body.String(), row.Name) {
					t.Errorf("%s without it answers %s", op.Name, answer.Body)
				}
			}
			if sent == 0 {
				t.Error("no operation takes it")
			}
		})
	}
}

func TestWarnsOncePerStoredSetting(t *testing.T) {
	var warnings []string
	s := Open(Options{Warn: func(text string) { warnings = append(warnings, text) }})
	take := func() []string { defer func() { warnings = nil }(); return warnings }
	steps := []struct {
		name, operation, body string
		want                  []string
	}{
		{name: "nothing stored", operation: "CreateUserPool",
			body: `{"PoolName":"p","UserPoolTier":"ESSENTIALS","UserPoolAddOns":{"AdvancedSecurityMode":"OFF"},` +
				`"DeviceConfiguration":null}`, want: nil},
		{name: "stored", operation: "CreateUserPool", body: `{"PoolName":"p","UserPoolTier":"PLUS"}`,
			want: []string{"user pool: UserPoolTier has no effect: all plans have the same features in the local pool; " +
				"with LITE, settings that AWS refuses are refused"}},
		{name: "again", operation: "CreateUserPool", body: `{"PoolName":"p","UserPoolTier":"PLUS"}`, want: nil},
		{name: "value of an enforced setting", operation: "CreateUserPoolClient",
			body: `{"UserPoolId":"POOL","ClientName":"c","ExplicitAuthFlows":["ALLOW_USER_AUTH"]}`,
			want: nil},
		{
			name:      "a failed request",
			operation: "CreateUserPool",
			body:      `{"DeviceConfiguration":{"ChallengeRequiredOnNewDevice":true}}`,
			want:      nil,
		},
		{name: "member of a request", operation: "SignUp",
			body: `{"ClientId":"CLIENT","Username":"u","Password":"` + password +
				`","AnalyticsMetadata":{"AnalyticsEndpointId":"x"}}`,
			want: []string{
				"request: AnalyticsMetadata has no effect: discarded, as on AWS; the local pool sends no analytics"}},
		{
			name:      "unknown",
			operation: "CreateUserPool",
			body:      `{"PoolName":"p","Tomorrow":1,"LambdaConfig":{"PreSignOut":"x"}}`,
			want: []string{
				`CreateUserPool: unknown member "LambdaConfig.PreSignOut" is dropped, as on AWS`,
				`CreateUserPool: unknown member "Tomorrow" is dropped, as on AWS`},
		},
		{name: "unknown in a list", operation: "CreateUserPool",
			body: `{"PoolName":"p","Schema":[{"Name":"a","AttributeDataType":"String","Hidden":true}]}`, want: []string{
				`CreateUserPool: unknown member "Schema.Hidden" is dropped, as on AWS`}},
		{
			name:      "lower-case name is unknown",
			operation: "ListUserPools",
			body:      `{"MaxResults":1,"nexttoken":"x"}`,
			want: []string{
				`ListUserPools: unknown member "nexttoken" is dropped, as on AWS`},
		},
	}
	var ids struct {
		UserPool       struct{ Id string }
		UserPoolClient struct{ ClientId string }
	}
	for _, step := range steps {
		body := strings.NewReplacer("POOL", ids.UserPool.Id, "CLIENT", ids.UserPoolClient.ClientId).Replace(step.body)
		answer := send(s, step.operation, []byte(body))
		if err := json.Unmarshal(answer.Body.Bytes(), &ids); err != nil {
			t.Fatal(err)
		}
		if failed := answer.Code != 200; failed != (step.name == "a failed request") {
			t.Errorf("%s: %s", step.name, answer.Body)
		}
		if got := take(); !slices.Equal(got, step.want) {
			t.Errorf("%s: warned %q, want %q", step.name, got, step.want)
		}
	}
}

// Names that clients make up do not fill the memory.
func TestWarningsAreBounded(t *testing.T) {
	count := 0
	s := Open(Options{Warn: func(string) { count++ }})
	for i := range 2 * maxWarnings {
		s.warnOnce(strings.Repeat("x", i))
	}
	if count != maxWarnings || len(s.warned) != maxWarnings {
		t.Errorf("%d warnings, %d remembered", count, len(s.warned))
	}
}
