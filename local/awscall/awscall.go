// Package awscall calls single operations of AWS services at an emulator. A service's client in the AWS SDK takes 5 to
// 20 seconds of a processor to compile, which every user of poolctl waits for: an operation or two are not worth it.
package awscall

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/smithy-go"
)

// maxAnswer bounds what is read of an answer, in bytes.
const maxAnswer = 1 << 20

// Call is a call of one operation of a service whose protocol is JSON.
type Call struct {
	Service string // its name in signatures, such as kms
	Path    string // such as /v2/email/identities; empty for a protocol that has none
	Target  string // X-Amz-Target, such as TrentService.CreateKey; empty for a protocol that has none
	In      any    // becomes the body
}

// Do signs the call, sends it to the configuration's endpoint, and reads the answer into out, unless that is nil. The
// error of an answer is a *smithy.GenericAPIError.
func Do(ctx context.Context, cfg aws.Config, c Call, out any) error {
	r, body, err := c.request(ctx, cfg)
	if err != nil {
		return err
	}
	credentials, err := cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	err = v4.NewSigner().SignHTTP(ctx, credentials, r, hex.EncodeToString(sum[:]), c.Service, cfg.Region, time.Now())
	if err != nil {
		return err
	}
	answer, err := cfg.HTTPClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	switch {
	case err != nil:
		return err
	case answer.StatusCode/100 != 2:
		return failure(answer, text)
	case out == nil:
		return nil
	}
	return json.Unmarshal(text, out)
}

func (c Call) request(ctx context.Context, cfg aws.Config) (r *http.Request, body []byte, err error) {
	if cfg.BaseEndpoint == nil {
		return nil, nil, errors.New("awscall: the configuration has no endpoint of an emulator")
	}
	if body, err = json.Marshal(c.In); err != nil {
		return nil, nil, err
	}
	url := strings.TrimSuffix(*cfg.BaseEndpoint, "/") + "/" + strings.TrimPrefix(c.Path, "/")
	if r, err = http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body)); err != nil {
		return nil, nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	if c.Target != "" {
		r.Header.Set("Content-Type", "application/x-amz-json-1.1")
		r.Header.Set("X-Amz-Target", c.Target)
	}
	return r, body, nil
}

// failure returns the error in an answer: its type is in a header or in the body, perhaps after a # or before a colon.
func failure(answer *http.Response, text []byte) error {
	var members struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
	}
	_ = json.Unmarshal(text, &members) // it matches names in any case; another body has no members
	code := answer.Header.Get("X-Amzn-Errortype")
	if code == "" {
		code = members.Type
	}
	code, _, _ = strings.Cut(code[strings.LastIndex(code, "#")+1:], ":")
	if code == "" {
		code = fmt.Sprintf("Status%d", answer.StatusCode)
	}
	return &smithy.GenericAPIError{Code: code, Message: members.Message}
}
