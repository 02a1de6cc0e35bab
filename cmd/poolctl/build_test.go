package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// shop makes a repository with one function, which is a program and nothing more.
func shop(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for path, text := range map[string]string{
		"go.mod": "module example.org/shop\n\ngo 1.26\n", "poolctl.json": `{"triggers":"login","build":"out"}`,
		"login/audit/main.go": "package main\n\nfunc main() {}\n",
	} {
		path = filepath.Join(root, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestBuild(t *testing.T) {
	root := shop(t)
	poolctl(t, root, "", "build").wants(t, 0, "out/arm64/audit.zip\n", "")
	poolctl(t, filepath.Join(root, "login"), "", "build", "--arch", "amd64", "audit").
		wants(t, 0, "out/amd64/audit.zip", "")
	if got := poolctl(t, root, "", "build", "--local", "--out", "out/here"); got.code != 0 || got.stdout != "" {
		t.Errorf("build --local: %+v", got)
	}
	for path, want := range map[string]bool{
		"out/arm64/audit.zip": true, "out/amd64/audit/bootstrap": true, "out/here/audit/bootstrap": true,
		"out/here/audit.zip": false, "build": false,
	} {
		if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(path))); (err == nil) != want {
			t.Errorf("%s: error %v, want it there: %v", path, err, want)
		}
	}
}

func TestBuildRefuses(t *testing.T) {
	root := shop(t)
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"architecture":         {args: []string{"--arch", "x86_64"}, want: "use arm64 or amd64"},
		"two places":           {args: []string{"--local", "--arch", "arm64"}, want: "use --arch or --local, not both"},
		"unknown function":     {args: []string{"sign-up"}, want: `no function named "sign-up"; choose one of audit`},
		"output in sources":    {args: []string{"--out", "login"}, want: "is not inside out"},
		"output everywhere":    {args: []string{"--out", "."}, want: "is not inside out"},
		"output out of it all": {args: []string{"--out", "out/../../x"}, want: "is not inside out"},
		"output of everything": {args: []string{"--out", "out"}, want: "is not inside out"},
		"sources elsewhere":    {args: []string{"--from", ".."}, want: "no function found"},
		"no place in S3":       {args: []string{"--upload", "zips"}, want: "write s3://bucket or s3://bucket/prefix"},
		"upload for here":      {args: []string{"--upload", "s3://zips", "--local"}, want: "use --upload with --arch"},
		"upload of some":       {args: []string{"--upload", "s3://zips", "audit"}, want: "--upload takes all functions"},
	} {
		t.Run(name, func(t *testing.T) {
			poolctl(t, root, "", append([]string{"build"}, c.args...)...).wants(t, 1, "", c.want)
		})
	}
	if _, err := os.Stat(filepath.Join(root, "login", "audit", "main.go")); err != nil {
		t.Error(err)
	}
}

// fakeS3 is a bucket without versioning.
func fakeS3(t *testing.T) (url string, puts *atomic.Int32) {
	t.Helper()
	var objects sync.Map // checksums by path
	puts = &atomic.Int32{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sum, there := objects.Load(r.URL.Path)
		switch {
		case r.Method == http.MethodPut:
			puts.Add(1)
			objects.Store(r.URL.Path, r.Header.Get("X-Amz-Checksum-Sha256"))
		case !there:
			w.WriteHeader(http.StatusNotFound)
		default:
			w.Header().Set("X-Amz-Checksum-Sha256", sum.(string))
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, puts
}

// What is in S3 already is not uploaded again, and the file for Terraform stays the same.
func TestBuildUploads(t *testing.T) {
	root := shop(t)
	url, puts := fakeS3(t)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL_S3": url, "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
	} {
		t.Setenv(name, value)
	}
	upload := []string{"build", "--arch", "amd64", "--upload", "s3://zips/shop"}
	poolctl(t, root, "", upload...).wants(t, 0, ".zip: uploaded\nout/amd64/code.tfvars.json: terraform plan", "")
	path := filepath.Join(root, "out", "amd64", "code.tfvars.json")
	first, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"architecture": "x86_64"`, `"key": "shop/audit/`, `"sha256": "`} {
		if !strings.Contains(string(first), want) {
			t.Errorf("no %s in %s", want, first)
		}
	}
	poolctl(t, root, "", upload...).wants(t, 0, ".zip: is there already\n", "")
	if again, err := os.ReadFile(path); err != nil || string(again) != string(first) || puts.Load() != 1 {
		t.Errorf("after %d uploads: %s, error %v", puts.Load(), again, err)
	}
	t.Setenv("AWS_REGION", "")
	t.Setenv("AWS_DEFAULT_REGION", "")
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(root, "none"))
	poolctl(t, root, "", upload...).wants(t, 1, "", "set AWS_REGION")
}

func TestInit(t *testing.T) {
	root := t.TempDir()
	poolctl(t, root, "", "init", "app", "--module", "example.org/you/app", "--hook", "post_authentication").
		wants(t, 0, "app/triggers/post-authentication/handler.go\n", "")
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"a second time": {args: []string{"app"}, want: "poolctl.json already exists"},
		"no module":     {want: "--module example.org/you/triggers"},
		"two folders":   {args: []string{"a", "b"}, want: `unexpected argument "b"`},
		"no hook":       {args: []string{"--module", "x.org/y", "--hook", "login"}, want: `"login" is not a hook`},
	} {
		t.Run(name, func(t *testing.T) {
			poolctl(t, root, "", append([]string{"init"}, c.args...)...).wants(t, 1, "", c.want)
		})
	}
}
