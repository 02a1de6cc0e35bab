package main

import (
	"strconv"
	"strings"

	"cognito-triggers/shared/api"
)

// maxKey is in bytes, which are printable ASCII characters.
const maxKey = 255

// idempotencyKey returns the header's value, or "" if it is absent.
func idempotencyKey(r *api.Request) (string, error) {
	key, sent := r.Headers["idempotency-key"]
	unprintable := func(c rune) bool { return c < ' ' || c > '~' }
	if sent && (key == "" || len(key) > maxKey || strings.ContainsFunc(key, unprintable)) {
		return "", wrong("Idempotency-Key", "must have 1 to 255 printable ASCII characters, such as those of a UUID")
	}
	return key, nil
}

// maxTags is the maximum number of entity tags in If-Match.
const maxTags = 50

// ifMatch returns the versions in the header, or nil if it is absent or a star. It ignores tags that no post has, such
// as weak ones. See https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1
func ifMatch(r *api.Request) ([]int, error) {
	header, sent := r.Headers["if-match"]
	rest := strings.Trim(header, " \t")
	if !sent || rest == "*" {
		return nil, nil
	}
	versions := []int{}
	for range maxTags {
		tag, after, ok := cutTag(rest)
		if !ok {
			break
		}
		if version, err := strconv.Atoi(tag); err == nil && version > 0 && strconv.Itoa(version) == tag {
			versions = append(versions, version)
		}
		if after == "" {
			return versions, nil
		}
		if rest, ok = strings.CutPrefix(after, ","); !ok {
			break
		}
		rest = strings.TrimLeft(rest, " \t")
	}
	return nil, wrong("If-Match", `must be the ETag of a post, such as "3", a list of them, or *`)
}

// cutTag cuts off the first entity tag. A weak tag keeps its mark, so that it equals no version: If-Match uses the
// strong comparison.
func cutTag(text string) (tag, after string, ok bool) {
	weak := strings.HasPrefix(text, "W/")
	text, ok = strings.CutPrefix(strings.TrimPrefix(text, "W/"), `"`)
	if !ok {
		return "", "", false
	}
	tag, after, ok = strings.Cut(text, `"`)
	if strings.ContainsFunc(tag, func(c rune) bool { return c <= ' ' || c == 0x7f }) {
		return "", "", false
	}
	if weak {
		tag = "W/" + tag
	}
	return tag, strings.TrimLeft(after, " \t"), ok
}
