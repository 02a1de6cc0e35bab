package clients

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/golang-jwt/jwt/v5"
)

// nothing is signal 0, which only checks that a process exists.
const nothing = syscall.Signal(0)

// golangJWT is the scripts' program golang-jwt. Like a Go service that does not know Cognito, it verifies the token on
// standard input and prints its claims.
func golangJWT() {
	flags := flag.NewFlagSet("golang-jwt", flag.ExitOnError)
	keys := flags.String("keys", "", "URL of the key set")
	issuer := flags.String("issuer", "", "required issuer")
	audience := flags.String("audience", "", "required audience")
	_ = flags.Parse(os.Args[1:]) // exits on errors
	claims, err := verify(os.Stdin, *keys, *issuer, *audience)
	if err != nil {
		fmt.Fprintln(os.Stderr, "golang-jwt:", err)
		os.Exit(1)
	}
	_ = json.NewEncoder(os.Stdout).Encode(claims) // fails only if standard output is closed
}

func verify(token io.Reader, keys, issuer, audience string) (jwt.MapClaims, error) {
	text, err := io.ReadAll(token)
	if err != nil {
		return nil, err
	}
	set, err := fetch(keys)
	if err != nil {
		return nil, err
	}
	key := func(token *jwt.Token) (any, error) {
		id, _ := token.Header["kid"].(string)
		for _, key := range set.Key(id) {
			return key.Key, nil
		}
		return nil, fmt.Errorf("no key with the ID %q", id)
	}
	claims := jwt.MapClaims{}
	_, err = jwt.ParseWithClaims(strings.TrimSpace(string(text)), claims, key, jwt.WithValidMethods([]string{"RS256"}),
		jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(), jwt.WithIssuer(issuer), jwt.WithAudience(audience))
	return claims, err
}

func fetch(url string) (set jose.JSONWebKeySet, err error) {
	client := http.Client{Timeout: 10 * time.Second}
	response, err := client.Get(url)
	if err != nil {
		return set, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return set, fmt.Errorf("%s: %s", url, response.Status)
	}
	return set, json.NewDecoder(response.Body).Decode(&set)
}
