package console

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"

	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
)

// stackAnswer is what runs here: the pools with their app clients, and the functions.
type stackAnswer struct {
	Pools     []poolAnswer     `json:"pools"`
	Functions []functionAnswer `json:"functions"`
	Saves     bool             `json:"saves"`             // whether events can be saved as golden cases
	Previews  bool             `json:"previews"`          // whether there are previews of messages
	Command   string           `json:"command,omitempty"` // poolctl as people type it
}

type poolAnswer struct {
	ID       string          `json:"id"`
	Name     string          `json:"name"`
	Region   string          `json:"region"`
	Domains  []domainAnswer  `json:"domains"`
	Settings json.RawMessage `json:"settings"`
	Users    int             `json:"users"`
	Clients  []clientAnswer  `json:"clients"`
	Groups   []string        `json:"groups"`
	Hooks    []hookAnswer    `json:"hooks"`
}

type clientAnswer struct {
	ID       string          `json:"id"`
	Name     string          `json:"name"`
	Secret   bool            `json:"secret"` // whether it has one; what it is, only its owner asks for
	Settings json.RawMessage `json:"settings"`
}

type domainAnswer struct {
	Name string   `json:"name"`
	URLs []string `json:"urls"`
}

// hookAnswer is a hook of a pool with the function that fills it, if any.
type hookAnswer struct {
	Hook     string   `json:"hook"`
	Member   string   `json:"member"` // of LambdaConfig
	Function string   `json:"function,omitempty"`
	Command  string   `json:"command,omitempty"` // fills an empty hook
	Sources  []string `json:"sources"`
}

// functionAnswer is a function with what its calls took.
type functionAnswer struct {
	Function
	Calls  int     `json:"calls"`
	Colds  int     `json:"colds"`
	ColdMS float64 `json:"coldMs,omitempty"` // median
	WarmMS float64 `json:"warmMs,omitempty"` // median
}

func (c *console) stack(w http.ResponseWriter, _ *http.Request) {
	out := stackAnswer{
		Pools: []poolAnswer{}, Functions: []functionAnswer{}, Saves: c.o.Save != nil, Previews: c.o.Previews != nil,
		Command: c.o.Command,
	}
	store := c.pool.Store()
	for _, p := range store.Pools() {
		out.Pools = append(out.Pools, c.poolOf(store, p))
	}
	slices.SortFunc(out.Pools, func(a, b poolAnswer) int { return cmp.Compare(a.Name, b.Name) })
	if c.o.Functions != nil {
		records := c.pool.Events().Records(0)
		for _, f := range c.o.Functions() {
			out.Functions = append(out.Functions, functionOf(f, records))
		}
	}
	answer(w, out)
}

func (c *console) poolOf(store state.Store, p state.Pool) poolAnswer {
	out := poolAnswer{
		ID: p.ID, Name: p.Settings.PoolName, Region: p.Region, Users: len(store.Users(p.ID)),
		Clients: []clientAnswer{}, Groups: []string{}, Domains: []domainAnswer{},
	}
	out.Settings, _ = json.Marshal(p.Settings) // a struct of plain types
	for _, client := range store.Clients(p.ID) {
		one := clientAnswer{ID: client.ID, Name: client.Settings.ClientName, Secret: client.Confidential()}
		one.Settings, _ = json.Marshal(client.Settings) // likewise
		out.Clients = append(out.Clients, one)
	}
	for _, g := range store.Groups(p.ID) {
		out.Groups = append(out.Groups, g.Name)
	}
	for _, d := range p.Domains() {
		one := domainAnswer{Name: d.Name, URLs: []string{}}
		if c.o.Domain != nil {
			one.URLs = append(one.URLs, c.o.Domain(d.Name)...)
		}
		out.Domains = append(out.Domains, one)
	}
	for _, hook := range cognito.Hooks() {
		one := hookAnswer{Hook: string(hook), Member: hook.Contract().Member, Sources: hook.Sources()}
		if p.Settings.LambdaConfig != nil {
			found, _ := p.Settings.LambdaConfig.Function(hook)
			one.Function = found.ARN
		}
		if one.Function == "" && c.o.Fill != nil {
			one.Command = c.o.Fill(hook)
		}
		out.Hooks = append(out.Hooks, one)
	}
	return out
}

func functionOf(f Function, records []fire.Record) functionAnswer {
	out := functionAnswer{Function: f}
	var cold, warm []float64
	for _, r := range records {
		if f.ARN == "" || r.Function != f.ARN {
			continue
		}
		for _, a := range r.Attempts {
			if a.Outcome != fire.Answered {
				continue
			}
			if a.Cold {
				cold = append(cold, a.Milliseconds)
			} else {
				warm = append(warm, a.Milliseconds)
			}
		}
	}
	out.Calls, out.Colds, out.ColdMS, out.WarmMS = len(cold)+len(warm), len(cold), median(cold), median(warm)
	return out
}

func median(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	return list[len(list)/2]
}
