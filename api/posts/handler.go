// Command posts serves the resource that the API guards: everybody reads posts, who signed in writes them, and only a
// post's owner or an administrator changes it. An HTTP API calls it in payload format 2.0, after its JWT authorizer on
// the routes that write.
//
// Who somebody is and what they may do come from the access token alone: `sub` owns, `cognito:groups` makes an
// administrator, and the claim `plan`, which the pre token generation trigger adds from the profile, decides how much a
// post may hold. Posts and their rules are in shared/posts.
//
// See https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
package main

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"cognito-triggers/shared/api"
	"cognito-triggers/shared/posts"
)

type handler struct {
	config Config
	store  posts.Store
	now    func() time.Time
}

func newRoutes(config Config, store posts.Store) api.Routes {
	return handler{config, store, time.Now}.routes()
}

func (h handler) routes() api.Routes {
	return api.Routes{
		"POST /post":        h.create,
		"GET /posts":        h.list,
		"GET /post/{id}":    h.get,
		"PUT /post/{id}":    h.update,
		"DELETE /post/{id}": h.remove,
	}
}

func (h handler) create(ctx context.Context, r *api.Request) (api.Response, error) {
	key, err := idempotencyKey(r)
	if err != nil {
		return api.Response{}, err
	}
	d, err := h.readDraft(r)
	if err != nil {
		return api.Response{}, err
	}
	made, err := posts.New(r.Claims().Sub, d.Title, d.Contents, h.now())
	if err != nil {
		return api.Response{}, err
	}
	stored, err := h.store.Create(ctx, made, key)
	if err != nil {
		return api.Response{}, problem(err)
	}
	if stored.ID != made.ID {
		api.Count(ctx, "PostsRepeated")
	}
	return withTag(http.StatusCreated, stored).With("location", "/post/"+stored.ID.String()), nil
}

func (h handler) get(ctx context.Context, r *api.Request) (api.Response, error) {
	id, err := postID(r)
	if err != nil {
		return api.Response{}, err
	}
	p, err := h.store.Get(ctx, id)
	if err != nil {
		return api.Response{}, problem(err)
	}
	return withTag(http.StatusOK, p), nil
}

func (h handler) update(ctx context.Context, r *api.Request) (api.Response, error) {
	id, guard, err := h.guarded(r)
	if err != nil {
		return api.Response{}, err
	}
	d, err := h.readDraft(r)
	if err != nil {
		return api.Response{}, err
	}
	p, err := h.store.Update(ctx, id, posts.Change{Title: d.Title, Contents: d.Contents, At: h.now()}, guard)
	if err != nil {
		return api.Response{}, problem(err)
	}
	return withTag(http.StatusOK, p), nil
}

func (h handler) remove(ctx context.Context, r *api.Request) (api.Response, error) {
	id, guard, err := h.guarded(r)
	if err != nil {
		return api.Response{}, err
	}
	if err := h.store.Delete(ctx, id, guard); err != nil {
		return api.Response{}, problem(err)
	}
	return api.NoContent(), nil
}

// guarded reads which post a request is to change, and what the post must be for that: the caller's own, unless the
// caller is an administrator, and of a version that If-Match names.
func (h handler) guarded(r *api.Request) (posts.ID, posts.Guard, error) {
	id, err := postID(r)
	if err != nil {
		return id, posts.Guard{}, err
	}
	versions, err := ifMatch(r)
	guard := posts.Guard{Owner: r.Claims().Sub, Versions: versions}
	if h.isAdmin(r) {
		guard.Owner = ""
	}
	return id, guard, err
}

func (h handler) isAdmin(r *api.Request) bool { return r.Claims().InGroup(h.config.AdminGroup) }

// postID reads the path's id. A text that is none names no post.
func postID(r *api.Request) (posts.ID, error) {
	id, err := posts.ParseID(r.Path("id"))
	if err != nil {
		return id, problem(posts.ErrNotFound)
	}
	return id, nil
}

// withTag answers with a post and its version as the ETag.
func withTag(status int, p posts.Post) api.Response {
	return api.JSON(status, p).With("etag", `"`+strconv.Itoa(p.Version)+`"`)
}

// problem tells the caller what the store's errors mean. Any other error stays what it is: internal.
func problem(err error) error {
	switch {
	case errors.Is(err, posts.ErrNotFound):
		return api.Fail(http.StatusNotFound, api.CodeNotFound, "There is no such post.")
	case errors.Is(err, posts.ErrNotOwner):
		return api.Fail(http.StatusForbidden, api.CodeForbidden,
			"The post is somebody else's: only its owner or an administrator may change it.")
	case errors.Is(err, posts.ErrVersion):
		return api.Fail(http.StatusPreconditionFailed, api.CodePreconditionFailed,
			"The post has another version than If-Match names: read it again and send its ETag.")
	case errors.Is(err, posts.ErrKeyReused):
		return api.Fail(http.StatusUnprocessableEntity, api.CodeIdempotencyKeyReused,
			"The Idempotency-Key was sent with another title or other contents: use a new key for a new post.")
	case errors.Is(err, posts.ErrBusy):
		return api.Fail(http.StatusConflict, api.CodeConflict,
			"A request with the same Idempotency-Key is being carried out: send this one again.")
	}
	return err
}
