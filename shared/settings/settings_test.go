package settings

import (
	"reflect"
	"testing"
)

func TestProblemsNameTheirVariables(t *testing.T) {
	env := FromMap(map[string]string{"FLAG": "maybe", "COUNT": "12", "MODE": "wild", "EMPTY": " "})
	env.Bool("FLAG", false)
	env.Int("COUNT", 1, 0, 10)
	env.OneOf("MODE", "calm", "calm", "strict")
	env.Required("EMPTY", "name the table")
	env.Required("EMPTY", "name the table") // two clients may ask for one variable
	const want = "FLAG is not a boolean: use true or false\n" +
		"COUNT is out of range: use a whole number from 0 to 10\n" +
		"MODE is unknown: use one of calm, strict\n" +
		"EMPTY is not set: name the table"
	if err := env.Err(); err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

func TestValues(t *testing.T) {
	env := FromMap(map[string]string{"LIST": " a, ,b ,", "FLAG": "TRUE", "COUNT": "7"})
	if got := env.List("LIST"); !reflect.DeepEqual(got, []string{"a", "b"}) {
		t.Errorf("list = %q", got)
	}
	if !env.Bool("FLAG", false) || !env.Bool("ABSENT", true) {
		t.Error("truth values")
	}
	if env.Int("COUNT", 1, 0, 10) != 7 || env.Int("ABSENT", 1, 0, 10) != 1 {
		t.Error("numbers")
	}
	if env.String("ABSENT", "default") != "default" || env.List("ABSENT") != nil || env.Err() != nil {
		t.Error("defaults")
	}
}
