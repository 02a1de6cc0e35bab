package attach

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// fakeLambda is the part of Lambda's API that attach uses, with Lambda's errors.
type fakeLambda struct {
	mu        sync.Mutex
	functions map[string]bool                      // by name, or name:alias
	policies  map[string]map[string]map[string]any // by the same, then by statement ID
	refuse    map[string]bool                      // functions whose policy cannot be changed
	settings  map[string]map[string]string         // environments by function
	sealed    map[string]bool                      // functions whose environment cannot be decrypted
	changed   int
}

func newFakeLambda() *fakeLambda {
	f := &fakeLambda{
		functions: map[string]bool{"somebody-elses": true},
		policies:  map[string]map[string]map[string]any{},
		refuse:    map[string]bool{},
	}
	for _, t := range triggers() {
		f.functions[t.Function], f.functions[t.Function+":live"] = true, true
	}
	return f
}

func (f *fakeLambda) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/2015-03-31/functions/"), "/")
	name := strings.TrimPrefix(parts[0], functionARN)
	if alias := r.URL.Query().Get("Qualifier"); alias != "" {
		name += ":" + alias
	}
	policy := f.policies[name]
	switch {
	case !f.functions[name]:
		fail(w, 404, "ResourceNotFoundException", "Function not found: "+name)
	case parts[1] == "configuration":
		environment := map[string]any{"Variables": f.settings[name]}
		if f.sealed[name] {
			environment = map[string]any{"Error": map[string]string{"ErrorCode": "AccessDeniedException"}}
		}
		answer(w, 200, map[string]any{
			"FunctionName": name, "FunctionArn": functionARN + name, "Environment": environment,
			"Role": "arn:aws:iam::000000000000:role/" + name,
		})
	case r.Method == http.MethodGet && len(policy) == 0:
		fail(w, 404, "ResourceNotFoundException", "No policy is associated with the given resource.")
	case r.Method == http.MethodGet:
		var statements []any
		for _, id := range slices.Sorted(maps.Keys(policy)) {
			statements = append(statements, policy[id])
		}
		text, _ := json.Marshal(map[string]any{"Version": "2012-10-17", "Id": "default", "Statement": statements})
		answer(w, 200, map[string]any{"Policy": string(text)})
	case f.refuse[name]:
		fail(w, 403, "AccessDeniedException", "You may not")
	case r.Method == http.MethodPost:
		f.add(w, r, name)
	case policy[parts[2]] == nil:
		fail(w, 404, "ResourceNotFoundException", "No such statement")
	default:
		f.changed++
		delete(policy, parts[2])
		w.WriteHeader(204)
	}
}

func (f *fakeLambda) add(w http.ResponseWriter, r *http.Request, name string) {
	var in struct{ StatementId, Action, Principal, SourceArn, SourceAccount string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		fail(w, 400, "InvalidParameterValueException", err.Error())
		return
	}
	if f.policies[name][in.StatementId] != nil {
		fail(w, 409, "ResourceConflictException", "The statement id ("+in.StatementId+") provided already exists.")
		return
	}
	f.changed++
	f.put(name, in.StatementId, in.Principal, in.SourceArn, in.SourceAccount)
	f.policies[name][in.StatementId]["Action"] = in.Action
	answer(w, 201, map[string]any{"Statement": "{}"})
}

// put adds a statement that exists before the test.
func (f *fakeLambda) put(name, id, principal, sourceARN, account string) {
	if f.policies[name] == nil {
		f.policies[name] = map[string]map[string]any{}
	}
	f.policies[name][id] = map[string]any{
		"Sid": id, "Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": functionARN + name,
		"Principal": map[string]string{"Service": principal},
		"Condition": map[string]any{
			"StringEquals": map[string]string{"AWS:SourceAccount": account},
			"ArnLike":      map[string]string{"AWS:SourceArn": sourceARN},
		},
	}
}

// statements lists the statements of all policies.
func (f *fakeLambda) statements() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []string
	for name, policy := range f.policies {
		for id, s := range policy {
			all = append(all, fmt.Sprint(name, " ", id, " ", s["Action"], " ", s["Principal"], " ", s["Condition"]))
		}
	}
	slices.Sort(all)
	return all
}

func (f *fakeLambda) changes() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.changed
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func fail(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("X-Amzn-Errortype", code)
	answer(w, status, map[string]string{"Message": message, "Type": "User"})
}
