package main

import (
	"testing"

	"cognito-triggers/shared/api/apitest"
	"cognito-triggers/shared/posts"
)

// The API's document describes the types that the handlers read and answer with.
func TestDocumentHasTheTypes(t *testing.T) {
	apitest.WantBody(t, "PostDraft", draft{})
	apitest.WantAnswer(t, "Post", posts.Post{})
	apitest.WantAnswer(t, "PostList", listed{})
}
