// Package upload puts functions' zips into Amazon S3 and writes where they are, as Terraform's variable code, so that a
// runner without Go can plan and apply.
package upload

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path"
	"regexp"
	"strings"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"cognito-triggers/local/wholefile"
)

// API is the part of S3's API that Zip uses.
type API interface {
	HeadObject(context.Context, *s3.HeadObjectInput, ...func(*s3.Options)) (*s3.HeadObjectOutput, error)
	PutObject(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)
}

// Destination is where zips go.
type Destination struct {
	Bucket string
	Prefix string // without slashes at its ends; may be empty
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

// ParseDestination parses s3://bucket or s3://bucket/prefix.
func ParseDestination(text string) (Destination, error) {
	rest, is := strings.CutPrefix(text, "s3://")
	bucket, prefix, _ := strings.Cut(rest, "/")
	if !is || !bucketName.MatchString(bucket) {
		return Destination{}, fmt.Errorf("%q is not a place in S3: write s3://bucket or s3://bucket/prefix", text)
	}
	return Destination{Bucket: bucket, Prefix: strings.Trim(prefix, "/")}, nil
}

// Object is a zip in S3, as Terraform's modules take it.
type Object struct {
	Bucket  string `json:"bucket"`
	Key     string `json:"key"`
	Version string `json:"object_version,omitempty"` // in a bucket with versioning
	SHA256  string `json:"sha256"`                   // of the zip, in base64
}

func (o Object) String() string { return "s3://" + o.Bucket + "/" + o.Key }

// Zip puts a function's zip into S3, unless it is there: the key has the zip's checksum, so equal code has the same key
// and the same version, and a plan shows only functions whose code changed. It reports whether it uploaded anything.
func Zip(ctx context.Context, api API, to Destination, function, file string) (o Object, uploaded bool, err error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return Object{}, false, err
	}
	sum := sha256.Sum256(content)
	o = Object{
		Bucket: to.Bucket, Key: path.Join(to.Prefix, function, hex.EncodeToString(sum[:])+".zip"),
		SHA256: base64.StdEncoding.EncodeToString(sum[:]),
	}
	there, whole, err := o.look(ctx, api)
	if err != nil || whole {
		return o, false, err
	}
	in := &s3.PutObjectInput{
		Bucket: &o.Bucket, Key: &o.Key, Body: bytes.NewReader(content), ChecksumSHA256: &o.SHA256,
		ContentType: new("application/zip"),
	}
	if !there { // of several runners that upload the same, one makes the only version
		in.IfNoneMatch = new("*")
	}
	out, err := api.PutObject(ctx, in)
	if status(err) == http.StatusPreconditionFailed || status(err) == http.StatusConflict {
		if _, whole, err := o.look(ctx, api); err != nil || whole {
			return o, false, err
		}
	}
	if err != nil {
		return Object{}, false, fmt.Errorf("upload %s: %w", o, err)
	}
	if out.VersionId != nil {
		o.Version = *out.VersionId
	}
	return o, true, nil
}

// look reports whether the object is there, and whether it is the zip; then it sets the version. An object of another
// checksum, or of none, is somebody else's: S3 checks the checksum when an object is uploaded.
func (o *Object) look(ctx context.Context, api API) (there, whole bool, err error) {
	head, err := api.HeadObject(ctx, &s3.HeadObjectInput{
		Bucket: &o.Bucket, Key: &o.Key, ChecksumMode: types.ChecksumModeEnabled,
	})
	switch status(err) {
	case http.StatusNotFound:
		return false, false, nil
	case http.StatusForbidden:
		return false, false, fmt.Errorf("look for %s: %w: uploading needs s3:ListBucket for the bucket, and s3:GetObject "+
			"and s3:PutObject for its objects", o, err)
	}
	if err != nil {
		return false, false, fmt.Errorf("look for %s: %w", o, err)
	}
	if head.ChecksumSHA256 == nil || *head.ChecksumSHA256 != o.SHA256 {
		return true, false, nil
	}
	if head.VersionId != nil {
		o.Version = *head.VersionId
	}
	return true, true, nil
}

// status returns the HTTP status of an answer of S3 that is an error, and 0 for others.
func status(err error) int {
	var answer *awshttp.ResponseError
	if errors.As(err, &answer) {
		return answer.HTTPStatusCode()
	}
	return 0
}

// FileName is the name of the file that Write writes, below the folder of the zips.
const FileName = "code.tfvars.json"

// Write writes the variables code and architecture of Terraform's root module: arm64 or x86_64, and objects by function.
func Write(file, architecture string, objects map[string]Object) error {
	type place struct {
		S3 Object `json:"s3"`
	}
	code := map[string]place{}
	for name, o := range objects {
		code[name] = place{S3: o}
	}
	text, err := json.MarshalIndent(map[string]any{"architecture": architecture, "code": code}, "", "  ")
	if err != nil {
		return err
	}
	return wholefile.WriteBytes(file, 0o644, append(text, '\n'))
}
