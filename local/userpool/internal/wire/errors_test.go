package wire

import (
	"errors"
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

// declared reads the codes of package fault, with the number of arguments that their comments name.
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

// Every code has one row for all operations, whose text takes the arguments that the code has.
func TestExceptionsAreComplete(t *testing.T) {
	t.Parallel()
	codes := declared(t)
	if len(codes) < 50 {
		t.Fatalf("only %d codes were found", len(codes))
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
				t.Errorf("%s: %q says nothing of %s", code, got.Text, arg)
			}
		}
		if strings.Contains(got.Text, "%!") {
			t.Errorf("%s: %q takes other arguments", code, got.Text)
		}
	}
	for at := range exceptions {
		if _, is := codes[at.code]; !is {
			t.Errorf("the row of %s belongs to no code", at.code)
		}
		if _, general := exceptions[place{code: at.code}]; !general {
			t.Errorf("%s has a row for %s and none for the others", at.code, at.operation)
		}
	}
}

func TestExceptionOf(t *testing.T) {
	t.Parallel()
	const aliasText = "An account with the given email or phone_number already exists."
	for name, c := range map[string]struct {
		err  error
		want Exception
	}{
		"of the domain": {
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
		"of a trigger": {
			err:  &fire.Error{Kind: "UserLambdaValidationException", Message: "m"},
			want: Exception{Name: "UserLambdaValidationException", Text: "m"},
		},
		"of the store":     {err: state.ErrAliasTaken, want: Exception{Name: "AliasExistsException", Text: aliasText}},
		"a secret":         {err: errors.New("dial 10.0.0.1"), want: Exception{Name: internalError, Text: "Internal error"}},
		"an unknown code":  {err: fault.New("nothing"), want: Exception{Name: internalError, Text: "Internal error"}},
		"of another store": {err: state.ErrNotFound, want: Exception{Name: internalError, Text: "Internal error"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := ExceptionOf("SignUp", c.err); got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

// A row for one operation goes before that for all.
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
