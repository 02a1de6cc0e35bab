package inspect

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"cognito-triggers/local/userpool"
)

// Code returns the code in the newest message to a user, whom Query.User names as in List; without a user, in the
// newest message of all.
func (c *Client) Code(ctx context.Context, q Query) (string, error) {
	list, err := c.List(ctx, Messages, q)
	if err != nil {
		return "", err
	}
	to := ""
	if q.User != "" {
		to = " to " + q.User
	}
	if len(list) == 0 {
		return "", errors.New("there is no message" + to)
	}
	var m userpool.Message
	if err := json.Unmarshal(list[len(list)-1].Raw, &m); err != nil {
		return "", fmt.Errorf("message %d of the local pool: %w", list[len(list)-1].Number, err)
	}
	if m.Code == "" {
		return "", fmt.Errorf("the newest message%s has no code, or several numbers that look like one: read it with --json",
			to)
	}
	return m.Code, nil
}
