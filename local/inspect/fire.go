package inspect

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// Fire is a trigger to be fired at a running pool as if what causes it on AWS had happened: a custom sender, or inbound
// federation.
type Fire struct {
	Trigger string         // such as custom-email-sender
	Input   map[string]any // the body
	// Endpoint is the server's URL. If it is "", Send takes it from local.json in the folder Build, and adds userPoolId
	// and, for inbound federation, clientId from there where they are absent or "".
	Endpoint, Build string
}

// inboundFederation is the trigger whose sign-in needs an app client.
const inboundFederation = "inbound-federation"

// Send fires the trigger and returns the pool's answer as indented JSON. The error of a refused call has the name and
// text of the exception.
func (f Fire) Send(ctx context.Context) ([]byte, error) {
	pool := addresses{Endpoint: f.Endpoint}
	var err error
	if f.Endpoint == "" {
		pool, err = (Call{Build: f.Build}).await(ctx)
	} else {
		pool.Endpoint, err = checked(f.Endpoint)
	}
	if err != nil {
		return nil, err
	}
	own := map[string]string{"userPoolId": pool.UserPoolID}
	if f.Trigger == inboundFederation {
		own["clientId"] = pool.ClientID
	}
	for name, value := range own {
		if given, _ := f.Input[name].(string); given == "" {
			f.Input[name] = value
		}
	}
	body, err := json.Marshal(f.Input)
	if err != nil {
		return nil, err
	}
	url := pool.Endpoint + "/local/fire/" + f.Trigger
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	return answerOf(request, f.Trigger)
}

// answerOf sends a request to a pool and returns its answer as indented JSON.
func answerOf(request *http.Request, what string) ([]byte, error) {
	client := *plain
	client.Timeout = 0 // a trigger may take three times five seconds, or wait in a debugger
	response, err := client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("no local pool answers at %s: %w", request.URL.Host, err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", request.URL.Host, err)
	}
	if response.StatusCode != http.StatusOK {
		var refused struct {
			Type    string `json:"__type"`
			Message string `json:"message"`
		}
		if err := json.Unmarshal(answer, &refused); err != nil || refused.Type == "" {
			return nil, fmt.Errorf("%s: %s", what, response.Status)
		}
		return nil, fmt.Errorf("%s: %s", refused.Type, refused.Message)
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, answer, "", "  "); err != nil {
		return nil, fmt.Errorf("%s: the answer is not JSON: %w", what, err)
	}
	return indented.Bytes(), nil
}
