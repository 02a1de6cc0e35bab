package route

import "strings"

// Table finds the route of a request by its path, as API Gateway does.
type Table map[string][]pattern // by method

// pattern is a route key, split.
type pattern struct {
	key      string
	segments []string // of the path; parameters are in braces
}

// NewTable returns the table of some route keys, such as "GET /post/{id}".
func NewTable(keys ...string) Table {
	t := Table{}
	for _, key := range keys {
		method, path, _ := strings.Cut(key, " ")
		t[method] = append(t[method], pattern{key, strings.Split(path, "/")})
	}
	return t
}

// Find returns the key of the route that serves a request, and the values of its path parameters, or "" if there is
// none. Like API Gateway it matches the decoded path, so an encoded slash separates segments. Of two matching routes,
// the one wins that first has a literal segment where the other has a parameter.
func (t Table) Find(method, path string) (key string, parameters map[string]string) {
	segments := strings.Split(path, "/")
	var best *pattern
	for i := range t[method] {
		candidate := &t[method][i]
		if candidate.matches(segments) && (best == nil || candidate.moreExact(best)) {
			best = candidate
		}
	}
	if best == nil {
		return "", nil
	}
	return best.key, best.parameters(segments)
}

func isParameter(segment string) bool {
	return strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "}")
}

func (p *pattern) matches(segments []string) bool {
	if len(segments) != len(p.segments) {
		return false
	}
	for i, segment := range p.segments {
		if isParameter(segment) && segments[i] == "" || !isParameter(segment) && segment != segments[i] {
			return false
		}
	}
	return true
}

// moreExact reports whether p wins over other, given that both match.
func (p *pattern) moreExact(other *pattern) bool {
	for i, segment := range p.segments {
		if mine, theirs := isParameter(segment), isParameter(other.segments[i]); mine != theirs {
			return theirs
		}
	}
	return false
}

func (p *pattern) parameters(segments []string) map[string]string {
	var values map[string]string
	for i, segment := range p.segments {
		if isParameter(segment) {
			if values == nil {
				values = map[string]string{}
			}
			values[segment[1:len(segment)-1]] = segments[i]
		}
	}
	return values
}
