// Package albtoken verifies whom an Application Load Balancer signed in. A listener with authenticate-cognito (or
// authenticate-oidc) sends the user's claims in the header x-amzn-oidc-data, as a token that it signs. Whoever reaches
// the target past the load balancer can send such a header, and everybody can have a load balancer of their own, whose
// tokens AWS's keys verify as well: so the signer has to be compared with your load balancer's ARN.
//
//	v, err := albtoken.New(albtoken.Options{
//		LoadBalancers: []string{os.Getenv("LOAD_BALANCER_ARN")},
//		ClientID:      os.Getenv("CLIENT_ID"),
//		Issuer:        os.Getenv("ISSUER"),
//	})
//	http.Handle("/", v.Handler(pages)) // pages call albtoken.FromContext(r.Context())
//
// The headers x-amzn-oidc-identity and x-amzn-oidc-accesstoken are not signed by the load balancer. Handler removes the
// first; verify the second as what it is, a token of the user pool.
//
// See https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
package albtoken

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// The headers of a load balancer that signs users in.
const (
	Header         = "X-Amzn-Oidc-Data"
	IdentityHeader = "X-Amzn-Oidc-Identity"
)

// maxToken is how long a token may be, in bytes.
const maxToken = 32 << 10

// The errors of Request and Token. They hold nothing of the token.
var (
	ErrMissing   = errors.New("the request has no header " + Header)
	ErrDuplicate = errors.New("the request has the header " + Header + " more than once")
	ErrInvalid   = errors.New("the load balancer's token is not valid")
	ErrExpired   = errors.New("the load balancer's token has expired")
	// ErrNoKey means that the key was not to be had, so that nothing is known of the token.
	ErrNoKey = errors.New("the key of the load balancer's token is not to be had")
)

// Options configure New.
type Options struct {
	LoadBalancers []string // ARNs of those whose tokens are taken, all of one Region
	ClientID      string   // of the app client that the listener signs users in with
	Issuer        string   // of the user pool: https://cognito-idp.<region>.amazonaws.com/<pool id>
	// KeysURL is the address below which the public keys are, by their ids. Empty: AWS's for the load balancers' Region;
	// in Regions outside of AWS's own and US GovCloud's partitions, it has to be set.
	KeysURL string
	HTTP    *http.Client     // that fetches keys; nil: one that waits five seconds and follows no redirect
	Now     func() time.Time // nil: time.Now
}

// Claims are what a verified token says of the user, as the user pool's userInfo endpoint does.
type Claims struct {
	Subject      string // sub
	Username     string
	Email        string
	Verified     bool // email_verified
	LoadBalancer string
	Expires      time.Time      // of the token, minutes from now; the session lasts longer
	All          map[string]any // every claim by name
}

// Verifier verifies tokens of load balancers. It is safe for concurrent use.
type Verifier struct {
	options Options
	parser  *jwt.Parser
	keys    *keys
}

// arn is the form of the ARN of an Application Load Balancer, with partition and Region.
var arn = regexp.MustCompile(`^arn:(aws[a-z-]*):elasticloadbalancing:([a-z0-9-]{1,32}):[0-9]{12}:loadbalancer/app/` +
	`[A-Za-z0-9-]{1,32}/[0-9a-f]{1,32}$`)

// New returns a Verifier. The error names the option that is missing or wrong.
func New(o Options) (*Verifier, error) {
	if o.ClientID == "" {
		return nil, errors.New("albtoken: ClientID is empty: give the id of the listener's app client")
	}
	if !strings.HasPrefix(o.Issuer, "https://") {
		return nil, fmt.Errorf("albtoken: Issuer is %q: write https://cognito-idp.<region>.amazonaws.com/<pool id>",
			o.Issuer)
	}
	url, err := keysURL(o.LoadBalancers)
	if err != nil {
		return nil, err
	}
	if o.KeysURL != "" {
		url = o.KeysURL
	}
	if !strings.HasPrefix(url, "https://") {
		return nil, fmt.Errorf("albtoken: KeysURL is %q: write the https:// address of the Region's keys, without a "+
			"key's id", url)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Verifier{
		options: o, keys: newKeys(url, o.HTTP, o.Now),
		parser: jwt.NewParser(jwt.WithValidMethods([]string{"ES256"}), jwt.WithPaddingAllowed(), jwt.WithTimeFunc(o.Now)),
	}, nil
}

// keysURL returns AWS's address of the keys of load balancers, or "" where it is not known.
func keysURL(loadBalancers []string) (string, error) {
	partition, region := "", ""
	for _, name := range loadBalancers {
		parts := arn.FindStringSubmatch(name)
		if parts == nil {
			return "", fmt.Errorf("albtoken: LoadBalancers has %q: write "+
				"arn:aws:elasticloadbalancing:<region>:<account>:loadbalancer/app/<name>/<id>", name)
		}
		if region != "" && region != parts[2] {
			return "", fmt.Errorf("albtoken: LoadBalancers are in %s and %s: use a Verifier for each Region", region,
				parts[2])
		}
		partition, region = parts[1], parts[2]
	}
	switch partition {
	case "":
		return "", errors.New("albtoken: LoadBalancers is empty: give your load balancer's ARN, since AWS's keys verify " +
			"the tokens of everybody's")
	case "aws":
		return "https://public-keys.auth.elb." + region + ".amazonaws.com", nil
	case "aws-us-gov":
		return "https://s3-" + region + ".amazonaws.com/aws-elb-public-keys-prod-" + region, nil
	}
	return "", nil
}

// Request verifies the token of a request, which must have exactly one.
func (v *Verifier) Request(r *http.Request) (Claims, error) {
	values := r.Header.Values(Header)
	switch {
	case len(values) == 0 || len(values) == 1 && values[0] == "":
		return Claims{}, ErrMissing
	case len(values) > 1:
		return Claims{}, ErrDuplicate
	}
	return v.Token(r.Context(), values[0])
}

// Token verifies a token: its signature with AWS's key, and that it was signed by one of the load balancers, for the
// app client and the user pool, and has not expired. The error wraps ErrInvalid, ErrExpired or ErrNoKey.
func (v *Verifier) Token(ctx context.Context, text string) (Claims, error) {
	if len(text) > maxToken {
		return Claims{}, fmt.Errorf("%w: it is too long", ErrInvalid)
	}
	all := jwt.MapClaims{}
	token, err := v.parser.ParseWithClaims(text, all, func(t *jwt.Token) (any, error) { return v.key(ctx, t.Header) })
	switch {
	case errors.Is(err, ErrNoKey):
		return Claims{}, ErrNoKey
	case errors.Is(err, ErrExpired), errors.Is(err, jwt.ErrTokenExpired):
		return Claims{}, ErrExpired
	case err != nil:
		return Claims{}, ErrInvalid
	}
	expires, err := v.expiry(token.Header)
	if err != nil {
		return Claims{}, err
	}
	c := Claims{All: all, Expires: expires}
	c.LoadBalancer, _ = token.Header["signer"].(string)
	c.Subject, _ = all["sub"].(string)
	c.Username, _ = all["username"].(string)
	c.Email, _ = all["email"].(string)
	c.Verified = all["email_verified"] == "true" || all["email_verified"] == true // userInfo answers strings
	if c.Subject == "" {
		return Claims{}, fmt.Errorf("%w: it has no sub", ErrInvalid)
	}
	return c, nil
}

// keyID is the form of the keys' ids, which become a part of an address: no slash, no dot.
var keyID = regexp.MustCompile(`^[A-Za-z0-9-]{1,64}$`)

// key returns the key of a token with this header. It fetches none for a token that would be refused with any key.
func (v *Verifier) key(ctx context.Context, header map[string]any) (any, error) {
	kid, _ := header["kid"].(string)
	signer, _ := header["signer"].(string)
	_, critical := header["crit"]
	switch {
	case !slices.Contains(v.options.LoadBalancers, signer), header["client"] != v.options.ClientID,
		header["iss"] != v.options.Issuer, critical, !keyID.MatchString(kid):
		return nil, ErrInvalid
	}
	if _, err := v.expiry(header); err != nil {
		return nil, err
	}
	return v.keys.get(ctx, kid)
}

// expiry returns the end of a token. Load balancers write it into the header.
func (v *Verifier) expiry(header map[string]any) (time.Time, error) {
	seconds, is := header["exp"].(float64)
	const most = 1 << 40 // far beyond every date that makes sense
	if !is || seconds < 0 || seconds > most {
		return time.Time{}, ErrInvalid
	}
	end := time.Unix(int64(seconds), 0)
	if !v.options.Now().Before(end) {
		return time.Time{}, ErrExpired
	}
	return end, nil
}

type contextKey struct{}

// FromContext returns the claims of a request that Handler has let through. ok is false for all others.
func FromContext(ctx context.Context) (c Claims, ok bool) {
	c, ok = ctx.Value(contextKey{}).(Claims)
	return c, ok
}

// Handler serves requests with a valid token alone, and gives next its claims. The others get status 401, or 503 while
// the key is not to be had.
func (v *Verifier) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, err := v.Request(r)
		switch {
		case errors.Is(err, ErrNoKey):
			http.Error(w, "The sign-in cannot be checked at the moment.", http.StatusServiceUnavailable)
			return
		case err != nil:
			http.Error(w, "This request has no valid sign-in.", http.StatusUnauthorized)
			return
		}
		r = r.Clone(context.WithValue(r.Context(), contextKey{}, claims))
		r.Header.Del(IdentityHeader)
		next.ServeHTTP(w, r)
	})
}
