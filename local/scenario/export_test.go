package scenario

import (
	"context"
	"io"
	"strings"
)

// PlayTelling plays the scenario and returns its users' secrets: passwords, codes, tokens, addresses.
func PlayTelling(ctx context.Context, w World, out io.Writer) (secrets []string, err error) {
	p := newPlayer(w, out)
	err = p.playAll(ctx)
	users := []*person{p.ines, p.paul, p.rosa}
	if w.all.old != nil {
		users = append(users, w.all.old.user)
	}
	for _, u := range users {
		secrets = append(secrets, u.email, u.password, strings.TrimSuffix(u.password, "-new"), u.idRaw, u.tokens.accessRaw,
			u.tokens.refresh)
	}
	for _, m := range w.Server.Inbox().Messages(0) {
		secrets = append(secrets, m.Code)
	}
	return secrets, err
}
