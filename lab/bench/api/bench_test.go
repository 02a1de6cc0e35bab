package api

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"cognito-triggers/local/stack/stacktest"
	"cognito-triggers/shared/repository"
)

// A short run; its speed does not matter.
func TestRun(t *testing.T) {
	root, err := repository.Root()
	if err != nil {
		t.Fatal(err)
	}
	if err := stacktest.Build(t.Context(), root); err != nil {
		t.Fatal(err)
	}
	var rounds []int
	report, err := Run(t.Context(), Options{
		Root: root, Rounds: 2, Requests: 4, Concurrency: 2, Log: io.Discard,
		Progress: func(done, total int) { rounds = append(rounds, done, total) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(rounds) != 4 || rounds[0] != 1 || rounds[2] != 2 || rounds[3] != 2 {
		t.Errorf("progress %v", rounds)
	}
	if report.Peer == nil {
		t.Fatalf("ministack's API Gateway is left out: %v", report.PeerMissing)
	}
	for _, c := range report.contestants() {
		for _, k := range kinds() {
			if rates := c.rates[k.name]; len(rates) != 2 || rates[0] <= 0 || rates[1] <= 0 {
				t.Errorf("%s, %s: requests per second %v", c.name, k.name, rates)
			}
		}
	}
	var text strings.Builder
	report.Print(&text)
	for _, want := range []string{"plain reverse proxy", "local HTTP API", "ministack's API Gateway",
		"at least 0.7 wanted"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is not in the report:\n%s", want, &text)
		}
	}
}

func TestRound(t *testing.T) {
	for name, c := range map[string]struct {
		failEvery int64
		errs      bool
		failed    int
		want      string // in the error
	}{
		"all right":                {failEvery: 0, failed: 0},
		"may fail, some fail":      {failEvery: 5, errs: true, failed: 4},
		"may fail, all fail":       {failEvery: 1, errs: true, failed: 20, want: "only 0 of 20 responses were right"},
		"must not fail, one fails": {failEvery: 20, failed: 0, want: "502"},
	} {
		t.Run(name, func(t *testing.T) {
			var calls atomic.Int64
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if n := calls.Add(1); c.failEvery > 0 && n%c.failEvery == 0 {
					w.WriteHeader(http.StatusBadGateway)
				} else if r.Header.Get("Authorization") == "Bearer token" {
					w.WriteHeader(http.StatusCreated)
				}
			}))
			t.Cleanup(server.Close)
			contestant := &contestant{url: server.URL, token: "token", errs: c.errs, client: newClient(4)}
			rate, err := contestant.round(context.WithoutCancel(t.Context()), kinds()[0], 20, 4)
			if c.want == "" && (err != nil || rate <= 0) ||
				c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("rate %v, error %v; want %q", rate, err, c.want)
			}
			if contestant.failed != c.failed {
				t.Errorf("%d wrong answers, want %d", contestant.failed, c.failed)
			}
		})
	}
}

func TestVerdicts(t *testing.T) {
	with := func(rates ...float64) *contestant {
		c := &contestant{rates: map[string][]float64{}}
		for _, k := range kinds() {
			c.rates[k.name] = rates
		}
		return c
	}
	for name, c := range map[string]struct {
		ours   *contestant
		failed bool
	}{
		"at the limit":           {ours: with(70, 140)},
		"below it":               {ours: with(69, 138), failed: true},
		"the median counts":      {ours: with(10, 200, 90)},
		"nothing was measured":   {ours: with(), failed: true},
		"one kind is not enough": {ours: &contestant{rates: map[string][]float64{kinds()[0].name: {100}}}, failed: true},
	} {
		t.Run(name, func(t *testing.T) {
			if got := (Report{Plain: with(100, 200, 100), Ours: c.ours}).Failed(); got != c.failed {
				t.Errorf("failed %v, want %v", got, c.failed)
			}
		})
	}
}
