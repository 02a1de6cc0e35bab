package identitypool

import (
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	// sessionName is what the ARN of the credentials ends with, as at AWS.
	sessionName    = "CognitoIdentityCredentials"
	stsLimit       = 30 * time.Second
	maxSTSAnswer   = 64 << 10
	sessionSeconds = "3600"
)

// sts is the service that credentials come from.
type sts struct {
	endpoint string
	absent   string // the text if there is none
	client   *http.Client
}

func newSTS(o Options) sts {
	absent := o.NoSTS
	if absent == "" {
		absent = "credentials come from STS, and these identity pools were given none: set Options.STS"
	}
	transport := &http.Transport{DisableKeepAlives: true} // without the user's proxy: STS is on this machine or nearby
	return sts{strings.TrimSuffix(o.STS, "/"), absent, &http.Client{Transport: transport, Timeout: stsLimit}}
}

func externalService(text string) error { return &exception{"ExternalServiceException", text} }

// assume returns credentials of a role for whoever the token is about.
func (s sts) assume(ctx context.Context, role, token string) (credentials, error) {
	if s.endpoint == "" {
		return credentials{}, externalService(s.absent)
	}
	form := url.Values{
		"Action": {"AssumeRoleWithWebIdentity"}, "Version": {"2011-06-15"}, "RoleArn": {role},
		"RoleSessionName": {sessionName}, "WebIdentityToken": {token}, "DurationSeconds": {sessionSeconds},
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.endpoint+"/", strings.NewReader(form.Encode()))
	if err != nil {
		return credentials{}, externalService("the address of STS is not a URL")
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := s.client.Do(request)
	if err != nil {
		return credentials{}, externalService("STS does not answer") // the error would have the emulator's secret
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxSTSAnswer))
	if err != nil {
		return credentials{}, externalService("STS does not answer in full")
	}
	if response.StatusCode != http.StatusOK {
		return credentials{}, refusal(response.StatusCode, body)
	}
	return granted(body)
}

// granted reads STS's credentials.
func granted(body []byte) (credentials, error) {
	var answer struct {
		Result struct {
			Credentials struct {
				AccessKeyID     string `xml:"AccessKeyId"`
				SecretAccessKey string
				SessionToken    string
				Expiration      time.Time
			}
		} `xml:"AssumeRoleWithWebIdentityResult"`
	}
	if err := xml.Unmarshal(body, &answer); err != nil {
		return credentials{}, externalService("STS's answer is not AssumeRoleWithWebIdentity's")
	}
	c := answer.Result.Credentials
	if c.AccessKeyID == "" || c.SecretAccessKey == "" || c.SessionToken == "" {
		return credentials{}, externalService("STS's answer has no credentials")
	}
	return credentials{c.AccessKeyID, c.SecretAccessKey, c.SessionToken, seconds(c.Expiration)}, nil
}

// refusal translates STS's error. What the role or its trust policy causes is the pool's configuration, as on AWS.
func refusal(status int, body []byte) error {
	var answer struct {
		Error struct{ Code, Message string }
	}
	_ = xml.Unmarshal(body, &answer) // another answer has no code
	switch answer.Error.Code {
	case "AccessDenied", "AccessDeniedException", "ValidationError", "InvalidIdentityToken", "MalformedPolicyDocument":
		return noRole()
	}
	return externalService(fmt.Sprintf("STS answers status %d %s: %s", status, shortened(answer.Error.Code),
		shortened(answer.Error.Message)))
}
