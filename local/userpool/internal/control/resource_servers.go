package control

import (
	"context"
	"encoding/json"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

func resourceServer() kind {
	const name = directory.ResourceServer
	return kind{name: name, idMember: "identifier", exists: func(id string) error {
		return fault.New(fault.ResourceExists, name, id)
	}}
}

// ServerInput is the input of CreateResourceServer and UpdateResourceServer. Members without effect are kept as raw
// JSON.
type ServerInput struct {
	UserPoolId string
	Identifier string
	Name       json.RawMessage
	Scopes     json.RawMessage
}

func (in *ServerInput) given() members { return given(members{"Name": in.Name, "Scopes": in.Scopes}) }

// ServerNameInput identifies a resource server.
type ServerNameInput struct{ UserPoolId, Identifier string }

// ServerOutput is the output of the operations that return a resource server.
type ServerOutput struct{ ResourceServer ServerType }

// ServerType is AWS's ResourceServerType.
type ServerType struct {
	UserPoolId string
	Identifier string
	Name       json.RawMessage `json:",omitempty"`
	Scopes     json.RawMessage `json:",omitempty"`
}

func serverTypeOf(pool state.Pool, r state.Resource) ServerType {
	return ServerType{UserPoolId: pool.ID, Identifier: r.Name, Name: r.Data["Name"], Scopes: r.Data["Scopes"]}
}

func serverOutput(pool state.Pool, r state.Resource, err error) (*ServerOutput, error) {
	if err != nil {
		return nil, err
	}
	return &ServerOutput{serverTypeOf(pool, r)}, nil
}

// CreateServer serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateResourceServer.html
func (r *Room) CreateServer(_ context.Context, in *ServerInput) (*ServerOutput, error) {
	return serverOutput(r.createResource(resourceServer(), in.UserPoolId, in.Identifier, in.given()))
}

// UpdateServer serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateResourceServer.html
func (r *Room) UpdateServer(_ context.Context, in *ServerInput) (*ServerOutput, error) {
	return serverOutput(r.updateResource(resourceServer(), in.UserPoolId, in.Identifier, in.given()))
}

// DescribeServer serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeResourceServer.html
func (r *Room) DescribeServer(_ context.Context, in *ServerNameInput) (*ServerOutput, error) {
	return serverOutput(r.describeResource(resourceServer(), in.UserPoolId, in.Identifier))
}

// DeleteServer serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteResourceServer.html
func (r *Room) DeleteServer(_ context.Context, in *ServerNameInput) (*wire.Empty, error) {
	return r.deleteResource(resourceServer(), in.UserPoolId, in.Identifier)
}

// ServerList is a page of resource servers.
type ServerList struct {
	ResourceServers []ServerType
	NextToken       string `json:",omitempty"`
}

// ListServers serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListResourceServers.html
func (r *Room) ListServers(_ context.Context, in *ListInput) (*ServerList, error) {
	pool, page, next, err := r.listResources(resourceServer(), in)
	if err != nil {
		return nil, err
	}
	out := &ServerList{ResourceServers: []ServerType{}, NextToken: next}
	for _, s := range page {
		out.ResourceServers = append(out.ResourceServers, serverTypeOf(pool, s))
	}
	return out, nil
}
