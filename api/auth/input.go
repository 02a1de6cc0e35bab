package main

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cognito-triggers/shared/api"
)

// faults are the problems of a body's fields.
type faults map[string]string

// needs records a fault if the field is empty.
func (f faults) needs(field, value string) faults {
	if value == "" {
		f[field] = "is missing or empty"
	}
	return f
}

// maxUsername is Cognito's limit, in characters.
const maxUsername = 128

// email records a fault if value is not an address. Which addresses may sign up is for the pre sign-up trigger to
// decide.
func (f faults) email(value string) faults {
	local, domain, found := strings.Cut(value, "@")
	foreign := func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == utf8.RuneError }
	switch {
	case value == "":
		f["email"] = "is missing or empty"
	case utf8.RuneCountInString(value) > maxUsername:
		f["email"] = "is longer than 128 characters"
	case !found || local == "" || domain == "" || strings.ContainsFunc(value, foreign):
		f["email"] = "is not an e-mail address"
	}
	return f
}

// err returns the faults as a problem, or nil if there are none.
func (f faults) err() error {
	if len(f) == 0 {
		return nil
	}
	var texts []string
	for _, field := range slices.Sorted(maps.Keys(f)) {
		texts = append(texts, field+" "+f[field])
	}
	return &api.Problem{
		Status: http.StatusBadRequest,
		Code:   api.CodeInvalidParameter,
		Detail: strings.Join(texts, "; "),
		Fields: f,
	}
}

// mask hides an address like Cognito: ines@example.org becomes i***@e***.
func mask(email string) string {
	local, domain, _ := strings.Cut(email, "@")
	return first(local) + "***@" + first(domain) + "***"
}

func first(text string) string {
	_, size := utf8.DecodeRuneInString(text)
	return text[:size]
}
