package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"runtime"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"cognito-triggers/local/build"
	"cognito-triggers/local/stack"
)

// startPeer deploys the function to ministack behind its API Gateway, with a JWT authorizer for the same pool.
func startPeer(ctx context.Context, s *stack.Stack, w world) (*contestant, error) {
	if s.Emulator.External { // it would outlive this run
		return nil, fmt.Errorf("%s is an emulator of your own", s.Emulator.Endpoint)
	}
	arn, err := deployFunction(ctx, s)
	if err != nil {
		return nil, err
	}
	g := gateway{s}
	id, err := g.create(ctx, arn, s.Pool.Issuer(s.Endpoint, w.pool), w.client)
	if err != nil {
		return nil, err
	}
	c := &contestant{
		name:   "ministack's API Gateway",
		url:    s.Emulator.Endpoint + "/_aws/execute-api/" + id + "/$default/post",
		token:  w.token,
		errs:   true,
		client: newClient(1),
	}
	if err := c.send(ctx, kinds()[0]); err != nil {
		return nil, fmt.Errorf("its first answer: %w", err)
	}
	stranger := &contestant{url: c.url, token: c.token[:len(c.token)-8] + "AAAAAAAA", client: c.client}
	if err := stranger.send(ctx, kind{status: http.StatusUnauthorized}); err != nil {
		return nil, fmt.Errorf("a token with a wrong signature: %w", err)
	}
	return c, nil
}

// deployFunction uploads the function for this machine, with the same settings as in the local stack.
func deployFunction(ctx context.Context, s *stack.Stack) (arn string, err error) {
	manifest, err := s.Function(function)
	if err != nil {
		return "", err
	}
	code, err := os.ReadFile(stack.Bootstrap(s.Repository.Build, function))
	if err != nil {
		return "", err
	}
	var zip bytes.Buffer
	if err := build.Zip(&zip, code); err != nil {
		return "", err
	}
	cfg, err := s.Emulator.Config("LAMBDA")
	if err != nil {
		return "", err
	}
	environment := manifest.EnvironmentWith(s.Environment())
	maps.Copy(environment, map[string]string{"POSTS_TABLE": s.PostsTable, "LOG_LEVEL": "info"})
	architecture := types.ArchitectureX8664
	if runtime.GOARCH == "arm64" {
		architecture = types.ArchitectureArm64
	}
	out, err := lambda.NewFromConfig(cfg).CreateFunction(ctx, &lambda.CreateFunctionInput{
		FunctionName: aws.String("bench-" + function), Runtime: types.RuntimeProvidedal2023, Handler: aws.String("bootstrap"),
		Role: aws.String("arn:aws:iam::" + stack.Account + ":role/bench"), Code: &types.FunctionCode{ZipFile: zip.Bytes()},
		Architectures: []types.Architecture{architecture}, Environment: &types.Environment{Variables: environment},
		Timeout: aws.Int32(int32(manifest.TimeoutSeconds)), MemorySize: aws.Int32(int32(manifest.MemoryMB)),
	})
	if err != nil {
		return "", fmt.Errorf("create the function: %w", err)
	}
	return aws.ToString(out.FunctionArn), nil
}

// gateway calls API Gateway's API with plain requests, to avoid linking another SDK client.
type gateway struct{ stack *stack.Stack }

// create makes an HTTP API with the guarded route and returns its ID.
func (g gateway) create(ctx context.Context, function, issuer, client string) (id string, err error) {
	made, err := g.call(ctx, "/v2/apis", map[string]any{"name": "bench", "protocolType": "HTTP"})
	if err != nil {
		return "", err
	}
	id = made["apiId"]
	api := "/v2/apis/" + id
	integration, err := g.call(ctx, api+"/integrations",
		map[string]any{"integrationType": "AWS_PROXY", "integrationUri": function, "payloadFormatVersion": "2.0"})
	if err != nil {
		return "", err
	}
	authorizer, err := g.call(ctx, api+"/authorizers", map[string]any{
		"authorizerType": "JWT", "name": "jwt", "identitySource": []string{"$request.header.Authorization"},
		"jwtConfiguration": map[string]any{"issuer": issuer, "audience": []string{client}},
	})
	if err != nil {
		return "", err
	}
	if _, err = g.call(ctx, api+"/routes", map[string]any{
		"routeKey": "POST /post", "target": "integrations/" + integration["integrationId"], "authorizationType": "JWT",
		"authorizerId": authorizer["authorizerId"],
	}); err != nil {
		return "", err
	}
	_, err = g.call(ctx, api+"/stages", map[string]any{"stageName": "$default", "autoDeploy": true})
	return id, err
}

// call returns the string members of the response.
func (g gateway) call(ctx context.Context, path string, body map[string]any) (map[string]string, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, g.stack.Emulator.Endpoint+path, bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	hash := sha256.Sum256(text)
	credentials := aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}
	err = v4.NewSigner().SignHTTP(ctx, credentials, request, hex.EncodeToString(hash[:]), "apigateway", g.stack.Region,
		time.Now())
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusCreated {
		err = fmt.Errorf("POST %s: %s: %s", path, response.Status, bytes.TrimSpace(answer))
	}
	if err != nil {
		return nil, err
	}
	var members map[string]any
	if err := json.Unmarshal(answer, &members); err != nil {
		return nil, fmt.Errorf("POST %s: %w", path, err)
	}
	texts := map[string]string{}
	for name, value := range members {
		if value, ok := value.(string); ok {
			texts[name] = value
		}
	}
	return texts, nil
}
