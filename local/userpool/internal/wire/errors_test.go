package wire

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"

	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/state"
)

// declared returns the codes of package fault with the number of arguments in their comments.
func declared(t *testing.T) map[fault.Code]int {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../fault/codes.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	codes := map[fault.Code]int{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, is := n.(*ast.ValueSpec)
		if !is {
			return true
		}
		text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		arguments := strings.TrimSpace(spec.Comment.Text())
		codes[fault.Code(text)] = 0
		if arguments != "" {
			codes[fault.Code(text)] = strings.Count(arguments, ",") + 1
		}
		return true
	})
	return codes
}

// Every code has a general row whose text takes the code's arguments.
func TestExceptionsAreComplete(t *testing.T) {
	t.Parallel()
	codes := declared(t)
	if len(codes) < 50 {
		t.Fatalf("found only %d codes", len(codes))
	}
	for code, arguments := range codes {
		args := make([]string, arguments)
		for i := range args {
			args[i] = "argument" + strconv.Itoa(i)
		}
		got := ExceptionOf("", fault.New(code, args...))
		if got.Name == internalError {
			t.Errorf("%s has no row", code)
		}
		for _, arg := range args {
			if !strings.Contains(got.Text, arg) {
				t.Errorf("%s: %q does not contain %s", code, got.Text, arg)
			}
		}
		if strings.Contains(got.Text, "%!") {
			t.Errorf("%s: %q has other arguments", code, got.Text)
		}
	}
	for at := range exceptions {
		if _, is := codes[at.code]; !is {
			t.Errorf("row for unknown code %s", at.code)
		}
		if _, general := exceptions[place{code: at.code}]; !general {
			t.Errorf("%s has a row for %s but no general one", at.code, at.operation)
		}
	}
}

func TestExceptionOf(t *testing.T) {
	t.Parallel()
	const aliasText = "An account with the phone_number already exists."
	internal := Exception{Name: internalError, Text: "Internal error"}
	for name, c := range map[string]struct {
		err  error
		want Exception
	}{
		"fault": {
			err:  fault.New(fault.PoolNotFound, "eu-west-1_X"),
			want: Exception{Name: "ResourceNotFoundException", Text: "User pool eu-west-1_X does not exist."},
		},
		"wrapped": {
			err:  errors.Join(errors.New("context"), fault.New(fault.WrongPassword)),
			want: Exception{Name: "NotAuthorizedException", Text: "Incorrect username or password."},
		},
		"an argument that looks like a verb": {
			err:  fault.New(fault.Invalid, "100%s"),
			want: Exception{Name: "InvalidParameterException", Text: "100%s"},
		},
		"trigger error": {
			err:  &fire.Error{Kind: "UserLambdaValidationException", Message: "m"},
			want: Exception{Name: "UserLambdaValidationException", Text: "m"},
		},
		"store error": {
			err:  &state.AliasError{Attribute: "phone_number"},
			want: Exception{Name: "AliasExistsException", Text: aliasText},
		},
		"full store": {
			err:  fmt.Errorf("put: %w", state.ErrFull),
			want: Exception{Name: limitExceeded, Text: fullText},
		},
		"internal details":       {err: errors.New("dial 10.0.0.1"), want: internal},
		"an unknown code":        {err: fault.New("nothing"), want: internal},
		"unexpected store error": {err: state.ErrNotFound, want: internal},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := ExceptionOf("SignUp", c.err); got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

// A row for one operation takes precedence over the general one.
func TestExceptionsOfOneOperation(t *testing.T) {
	t.Parallel()
	all := exceptionTable{
		{code: fault.UserNotFound}: {name: userNotFound, text: "User does not exist."},
		{
			code:      fault.UserNotFound,
			operation: "Forgot",
		}: {name: userNotFound, text: "Username/client id combination not found."},
	}
	for operation, want := range map[string]string{
		"Forgot": "Username/client id combination not found.", "SignUp": "User does not exist.",
	} {
		if r, has := all.row(operation, fault.UserNotFound); !has || r.text != want {
			t.Errorf("%s: %q, want %q", operation, r.text, want)
		}
	}
}
