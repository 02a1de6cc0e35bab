package main

import (
	"testing"
	"time"

	"cognito-triggers/shared/api"
	"cognito-triggers/shared/api/apitest"
	"cognito-triggers/shared/posts/memory"
	"cognito-triggers/shared/settings"
	"cognito-triggers/testevents"
)

func TestGoldenEvents(t *testing.T) {
	apitest.Replay(t, testevents.FS(), "posts", func(env *settings.Env) (api.Routes, error) {
		return handler{config: readConfig(env), store: memory.New(), now: func() time.Time { return now }}.routes(), nil
	}, map[string]string{"POSTS_TABLE": "posts"})
}
