package sendercode

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"

	"cognito-triggers/shared/awsenv"
)

// calls are the requests to KMS of one decryption. The Encryption SDK calls KMS with a context of its own, so that
// neither the deadline nor KMS's errors would come through: the requests are bound to the caller's context here, and
// the last error is kept.
type calls struct {
	ctx context.Context

	mu  sync.Mutex
	err error
}

func (c *calls) client(config aws.Config) *kms.Client {
	return kms.NewFromConfig(config, func(o *kms.Options) {
		o.HTTPClient = bound{c.ctx, o.HTTPClient}
		o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
			return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("KeepError", c.keep), middleware.Before)
		})
	})
}

func (c *calls) keep(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (
	middleware.InitializeOutput, middleware.Metadata, error) {
	out, metadata, err := next.HandleInitialize(ctx, in)
	if err != nil {
		c.mu.Lock()
		c.err = &smithy.OperationError{ServiceID: kms.ServiceID, OperationName: "Decrypt", Err: err} // as a caller gets it
		c.mu.Unlock()
	}
	return out, metadata, err
}

// bound ends requests with a context.
type bound struct {
	ctx  context.Context
	next interface {
		Do(*http.Request) (*http.Response, error)
	}
}

// Do implements the HTTP client of AWS's SDK.
func (b bound) Do(r *http.Request) (*http.Response, error) { return b.next.Do(r.WithContext(b.ctx)) }

var (
	errOtherPool = fmt.Errorf("%w: it is not bound to the event's user pool", ErrRefused)
	errOtherKey  = fmt.Errorf("%w: it is under none of the keys in %s and %s", ErrRefused, KeySetting, OldKeysSetting)
	errDamaged   = fmt.Errorf("%w: it is damaged, or not a message of the AWS Encryption SDK", ErrRefused)
)

// explain returns what the Encryption SDK's error means. Its own text repeats the message and internals of the SDK, so
// it is looked at and not passed on.
func (c *calls) explain(err error) error {
	c.mu.Lock()
	said := c.err
	c.mu.Unlock()
	if cause := c.ctx.Err(); cause != nil {
		return fmt.Errorf("decrypt the code: %w", cause)
	}
	if said != nil {
		var coded interface{ ErrorCode() string }
		if errors.As(said, &coded) && (coded.ErrorCode() == "InvalidCiphertextException" ||
			coded.ErrorCode() == "IncorrectKeyException") {
			return fmt.Errorf("%w: KMS cannot decrypt its data key: %w", ErrRefused, said)
		}
		if awsenv.Permanent(said) {
			return fmt.Errorf("KMS refuses to decrypt the code's data key: check the function's role, and that the key is "+
				"enabled: %w", said)
		}
		return fmt.Errorf("decrypt the code: %w", said)
	}
	switch text := err.Error(); {
	case strings.Contains(text, "No Encrypted Data Keys found to match"):
		return errOtherKey
	case strings.Contains(text, "ncryption context"):
		return errOtherPool
	}
	return errDamaged
}

// plain keeps the type of an error of the SDK, and not its text.
func plain(what string, err error) error { return fmt.Errorf("%s: %T", what, err) }
