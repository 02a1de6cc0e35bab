package upload

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// bucket is a bucket with versioning, in memory.
type bucket struct {
	versions map[string][]string // checksums by key
	puts     int
	refuse   int    // the status of every HEAD
	race     string // the checksum of what somebody else uploads between HEAD and PUT
}

func failed(status int) error {
	return &awshttp.ResponseError{ResponseError: &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status}}, Err: errors.New("S3 says no"),
	}}
}

func (b *bucket) HeadObject(_ context.Context, in *s3.HeadObjectInput, _ ...func(*s3.Options)) (*s3.HeadObjectOutput,
	error) {
	versions := b.versions[*in.Key]
	switch {
	case b.refuse != 0:
		return nil, failed(b.refuse)
	case len(versions) == 0:
		return nil, failed(http.StatusNotFound)
	}
	out := &s3.HeadObjectOutput{VersionId: new(strconv.Itoa(len(versions)))}
	if sum := versions[len(versions)-1]; sum != "" {
		out.ChecksumSHA256 = &sum
	}
	return out, nil
}

func (b *bucket) PutObject(_ context.Context, in *s3.PutObjectInput, _ ...func(*s3.Options)) (*s3.PutObjectOutput,
	error) {
	if b.race != "" {
		b.versions[*in.Key] = []string{b.race}
	}
	if in.IfNoneMatch != nil && len(b.versions[*in.Key]) > 0 {
		return nil, failed(http.StatusPreconditionFailed)
	}
	if content, err := io.ReadAll(in.Body); err != nil || string(content) != "a zip" {
		return nil, failed(http.StatusBadRequest)
	}
	b.puts++
	b.versions[*in.Key] = append(b.versions[*in.Key], *in.ChecksumSHA256)
	return &s3.PutObjectOutput{VersionId: new(strconv.Itoa(len(b.versions[*in.Key])))}, nil
}

func TestZip(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "audit.zip")
	if err := os.WriteFile(file, []byte("a zip"), 0o600); err != nil {
		t.Fatal(err)
	}
	first, _, err := Zip(t.Context(), &bucket{versions: map[string][]string{}}, Destination{"zips", "shop"}, "audit", file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(first.String(), "s3://zips/shop/audit/") || !strings.HasSuffix(first.Key, ".zip") {
		t.Fatalf("the object is %s", first)
	}
	for name, c := range map[string]struct {
		bucket   bucket
		versions []string // of the key, before
		version  string
		uploaded bool
		puts     int
		err      string
	}{
		"new":                        {version: "1", uploaded: true, puts: 1},
		"there":                      {versions: []string{first.SHA256}, version: "1"},
		"somebody else's content":    {versions: []string{"x"}, version: "2", uploaded: true, puts: 1},
		"content that is not proved": {versions: []string{""}, version: "2", uploaded: true, puts: 1},
		"another runner was faster":  {bucket: bucket{race: first.SHA256}, version: "1"},
		"somebody else was faster":   {bucket: bucket{race: "x"}, err: "upload s3://zips/shop/audit/"},
		"no permission to look":      {bucket: bucket{refuse: 403}, err: "needs s3:ListBucket"},
		"S3 is down":                 {bucket: bucket{refuse: 503}, err: "look for s3://zips/shop/audit/"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := c.bucket
			b.versions = map[string][]string{first.Key: c.versions}
			o, uploaded, err := Zip(t.Context(), &b, Destination{"zips", "shop"}, "audit", file)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Errorf("error %v, want %q", err, c.err)
				}
				return
			}
			if err != nil || o.Version != c.version || uploaded != c.uploaded || b.puts != c.puts {
				t.Errorf("version %q, uploaded %t, %d puts, error %v", o.Version, uploaded, b.puts, err)
			}
		})
	}
}

func TestParseDestination(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Destination{
		"s3://zips": {"zips", ""}, "s3://zips/": {"zips", ""}, "s3://my.zips/shop/prod/": {"my.zips", "shop/prod"},
		"zips/shop": {}, "s3://": {}, "s3:///shop": {}, "s3://Zips": {}, "https://zips.s3.amazonaws.com": {},
	} {
		got, err := ParseDestination(text)
		if (err == nil) != (want.Bucket != "") || got != want {
			t.Errorf("%s: %+v, error %v", text, got, err)
		}
	}
}

func TestWrite(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), FileName)
	err := Write(file, "x86_64", map[string]Object{
		"audit": {Bucket: "zips", Key: "a.zip", Version: "7", SHA256: "s="}, "b": {Bucket: "zips", Key: "b.zip", SHA256: "t="},
	})
	if err != nil {
		t.Fatal(err)
	}
	const want = `{
  "architecture": "x86_64",
  "code": {
    "audit": {
      "s3": {
        "bucket": "zips",
        "key": "a.zip",
        "object_version": "7",
        "sha256": "s="
      }
    },
    "b": {
      "s3": {
        "bucket": "zips",
        "key": "b.zip",
        "sha256": "t="
      }
    }
  }
}
`
	if got, err := os.ReadFile(file); err != nil || string(got) != want {
		t.Errorf("%s, error %v", got, err)
	}
}
