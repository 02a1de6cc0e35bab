// Command posts serves the posts of the HTTP API: everybody can read posts, signed-in users can write them, and only a
// post's owner or an administrator can change it. API Gateway calls it after its authorizer on routes that write.
//
// All decisions rest on the access token: sub is the owner, cognito:groups makes an administrator, and the claim plan,
// which the pre token generation trigger adds from the profile, limits the length of a post. Answers name the owner by
// a pseudonym. Posts and their rules are in shared/posts.
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

func newHandler(config Config, store posts.Store) handler { return handler{config, store, time.Now} }

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
	secret, err := h.store.Secret(ctx)
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
	return withTag(http.StatusCreated, stored.Public(secret)).With("location", "/post/"+stored.ID.String()), nil
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
	secret, err := h.store.Secret(ctx)
	if err != nil {
		return api.Response{}, err
	}
	return withTag(http.StatusOK, p.Public(secret)), nil
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
	secret, err := h.store.Secret(ctx)
	if err != nil {
		return api.Response{}, err
	}
	p, err := h.store.Update(ctx, id, posts.Change{Title: d.Title, Contents: d.Contents, At: h.now()}, guard)
	if err != nil {
		return api.Response{}, problem(err)
	}
	return withTag(http.StatusOK, p.Public(secret)), nil
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

// guarded returns the id of the post to change and its guard: the post must be the caller's own, unless the caller is
// an administrator, and have a version that If-Match names.
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

// postID returns the id in the path. An invalid id is reported as a post that does not exist.
func postID(r *api.Request) (posts.ID, error) {
	id, err := posts.ParseID(r.Path("id"))
	if err != nil {
		return id, problem(posts.ErrNotFound)
	}
	return id, nil
}

// withTag returns an answer with the post, and its version as the ETag.
func withTag(status int, p posts.Post) api.Response {
	return api.JSON(status, p).With("etag", `"`+strconv.Itoa(p.Version)+`"`)
}

// problem turns the store's errors into answers. Any other error is returned unchanged, which makes it internal.
func problem(err error) error {
	switch {
	case errors.Is(err, posts.ErrNotFound):
		return api.Fail(http.StatusNotFound, api.CodeNotFound, "There is no such post.")
	case errors.Is(err, posts.ErrNotOwner):
		return api.Fail(http.StatusForbidden, api.CodeForbidden,
			"The post belongs to somebody else: only its owner or an administrator may change it.")
	case errors.Is(err, posts.ErrVersion):
		return api.Fail(http.StatusPreconditionFailed, api.CodePreconditionFailed,
			"The post's version does not match If-Match: read the post again and send its ETag.")
	case errors.Is(err, posts.ErrKeyReused):
		return api.Fail(http.StatusUnprocessableEntity, api.CodeIdempotencyKeyReused,
			"The Idempotency-Key was used with a different title or contents: use a new key for a new post.")
	case errors.Is(err, posts.ErrBusy):
		return api.Fail(http.StatusConflict, api.CodeConflict,
			"A request with the same Idempotency-Key is in progress: send this one again.")
	}
	return err
}
