package passwordhash

import (
	"errors"
	"strings"
	"testing"
)

// Hashes of "Sunny100%" that other implementations wrote, unless it says otherwise.
const (
	bcryptSunny = "$2a$04$7m6gTxhiHxmKECdqlS9TGOG5p.mNPICzneqIlzi8nVNhOt2eUrqq."
	scryptSunny = "$scrypt$ln=10,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$9NRL/4mqlbYQHj9GbYvg/nWTMIeqlG8/r+Gn5iiW/18"
	pbkdf2Sunny = "$pbkdf2-sha256$i=1000$MDEyMzQ1Njc4OWFiY2RlZg$kv39Kbx9NOrprUg0sgVbcPk3eOC+MB/Ec/kxEPjhczQ"
	djangoSunny = "pbkdf2_sha256$1000$0123456789abcdef$kv39Kbx9NOrprUg0sgVbcPk3eOC+MB/Ec/kxEPjhczQ="
	argonSunny  = "$argon2id$v=19$m=1024,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$w+1yh25tTUQDI1Hd4sVU9+wIcAHI9KoZwMBfSLwhbzA"
)

var limits = Limits{MemoryKiB: 64 << 10}

func TestMatches(t *testing.T) {
	for name, c := range map[string]struct{ hash, password string }{
		"bcrypt":              {bcryptSunny, "Sunny100%"},
		"bcrypt, $2b$":        {strings.Replace(bcryptSunny, "$2a$", "$2b$", 1), "Sunny100%"},
		"bcrypt, $2y$ of PHP": {strings.Replace(bcryptSunny, "$2a$", "$2y$", 1), "Sunny100%"},
		"scrypt":              {scryptSunny, "Sunny100%"},
		"PBKDF2":              {pbkdf2Sunny, "Sunny100%"},
		"PBKDF2, as passlib writes": {
			strings.ReplaceAll(strings.Replace(pbkdf2Sunny, "i=", "", 1), "+", "."), "Sunny100%",
		},
		"PBKDF2 with a length": {strings.Replace(pbkdf2Sunny, "i=1000", "i=1000,l=32", 1), "Sunny100%"},
		"PBKDF2 of Django":     {djangoSunny, "Sunny100%"},
		"argon2id":             {argonSunny, "Sunny100%"},
		// of the documentation of passlib 1.7.4
		"passlib's PBKDF2": {
			"$pbkdf2-sha256$6400$0ZrzXitFSGltTQnBWOsdAw$Y11AchqV4b0sUisdZd0Xr97KWoymNE0LNNrnEgY4H9M", "password",
		},
		// of Python's hashlib
		"PBKDF2 with SHA-512": {
			"$pbkdf2-sha512$i=1000$MDEyMzQ1Njc4OWFiY2RlZg$Cq9QymArn+M/CyQa2fUg6wGlyluzItVF10ceehWMUDuYl" +
				"5xksB5AebFrP9qqKd2c8DJiufYf2J3hUDLhHM92tw", "Sunny100%",
		},
	} {
		t.Run(name, func(t *testing.T) {
			h, err := Parse(c.hash, limits)
			if err != nil {
				t.Fatal(err)
			}
			if !h.Matches(c.password) {
				t.Error("the right password does not match")
			}
			for _, wrong := range []string{"", c.password + "x", strings.ToUpper(c.password), " " + c.password} {
				if h.Matches(wrong) {
					t.Errorf("%q matches", wrong)
				}
			}
		})
	}
}

// A cost that is read from a table is bounded before anything is computed: no case takes longer than reading it.
func TestRefused(t *testing.T) {
	replace := func(hash string, old, new string) string { return strings.Replace(hash, old, new, 1) }
	for name, c := range map[string]struct {
		hash string
		want error
	}{
		"empty":                      {"", ErrUnsupported},
		"MD5":                        {"5f4dcc3b5aa765d61d8327deb882cf99", ErrUnsupported},
		"plain text":                 {"Sunny100%", ErrUnsupported},
		"argon2i":                    {replace(argonSunny, "argon2id", "argon2i"), ErrUnsupported},
		"bcrypt of a faulty version": {replace(bcryptSunny, "$2a$", "$2x$"), ErrUnsupported},
		"bcrypt, cut":                {bcryptSunny[:59], errMalformed},
		"bcrypt, too costly":         {replace(bcryptSunny, "$04$", "$15$"), ErrTooCostly},
		"bcrypt, no cost":            {replace(bcryptSunny, "$04$", "$xx$"), errMalformed},
		"scrypt, memory":             {replace(scryptSunny, "ln=10", "ln=16"), ErrTooCostly},
		"scrypt, work":               {replace(scryptSunny, "p=1", "p=1024"), ErrTooCostly},
		"scrypt, overflow":           {replace(scryptSunny, "ln=10,r=8,p=1", "ln=63,r=8,p=1"), ErrTooCostly},
		"scrypt, r overflows":        {replace(scryptSunny, "r=8", "r=999999999"), ErrTooCostly},
		"scrypt, zero":               {replace(scryptSunny, "r=8", "r=0"), errMalformed},
		"scrypt, parameter missing":  {replace(scryptSunny, ",p=1", ""), errMalformed},
		"scrypt, parameter twice":    {replace(scryptSunny, "p=1", "r=1"), errMalformed},
		"PBKDF2, too costly":         {replace(pbkdf2Sunny, "1000", "4000001"), ErrTooCostly},
		"PBKDF2, ten digits":         {replace(pbkdf2Sunny, "1000", "4294967296"), errMalformed},
		"PBKDF2, negative":           {replace(pbkdf2Sunny, "1000", "-1"), errMalformed},
		"PBKDF2, zero":               {replace(pbkdf2Sunny, "1000", "0"), errMalformed},
		"PBKDF2, other length":       {replace(pbkdf2Sunny, "i=1000", "i=1000,l=31"), errMalformed},
		"Django, too costly":         {replace(djangoSunny, "1000", "999999999"), ErrTooCostly},
		"argon2id, memory":           {replace(argonSunny, "m=1024", "m=65537"), ErrTooCostly},
		"argon2id, passes":           {replace(argonSunny, "m=1024,t=1", "m=65536,t=33"), ErrTooCostly},
		"argon2id, threads":          {replace(argonSunny, "p=1", "p=17"), ErrTooCostly},
		"argon2id, memory and threads": {
			replace(argonSunny, "m=1024,t=1,p=1", "m=8,t=1,p=2"), errMalformed,
		},
		"argon2id, version": {replace(argonSunny, "v=19", "v=16"), errMalformed},
		"short digest":      {argonSunny[:len(argonSunny)-24], errMalformed},
		"long digest":       {argonSunny + strings.Repeat("AAAA", 60), errMalformed},
		"short salt":        {replace(argonSunny, "MDEyMzQ1Njc4OWFiY2RlZg", "MDEy"), errMalformed},
		"no base64":         {replace(argonSunny, "MDEyMzQ1Njc4OWFiY2RlZg", "MDEy!zQ1Njc4OWFiY2RlZg"), errMalformed},
		"too many parts":    {scryptSunny + "$x", errMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse(c.hash, limits)
			if !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
			if err != nil && len(c.hash) > 20 && strings.Contains(err.Error(), c.hash[len(c.hash)-12:]) {
				t.Errorf("the error has a part of the hash: %v", err)
			}
		})
	}
}

// Memory follows the function: what fits into 512 MB does not fit into 128.
func TestMemoryIsTheFunctions(t *testing.T) {
	large := strings.Replace(argonSunny, "m=1024", "m=65536", 1)
	for memory, fits := range map[int]bool{64 << 10: true, 64<<10 - 1: false, 0: false} {
		if _, err := Parse(large, Limits{MemoryKiB: memory}); (err == nil) != fits {
			t.Errorf("%d KiB: %v", memory, err)
		}
	}
}

// Whatever a table holds, parsing it is quick and does not panic, and what is accepted stays within the limits.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{bcryptSunny, scryptSunny, pbkdf2Sunny, djangoSunny, argonSunny, "$2$", "$argon2id$"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		h, err := Parse(text, limits)
		if (h == nil) == (err == nil) && err == nil {
			t.Fatal("neither hash nor error")
		}
		if err != nil {
			return
		}
		switch h := h.(type) {
		case argonHash:
			if h.memory > limits.MemoryKiB || h.memory*h.passes > maxArgonWork {
				t.Errorf("m=%d, t=%d", h.memory, h.passes)
			}
		case scryptHash:
			if h.n*h.r*128 > limits.MemoryKiB<<10 || h.n*h.r*h.p > maxScryptWork {
				t.Errorf("N=%d, r=%d, p=%d", h.n, h.r, h.p)
			}
		case pbkdf2Hash:
			if h.iterations > maxIterations {
				t.Errorf("%d iterations", h.iterations)
			}
		}
	})
}
