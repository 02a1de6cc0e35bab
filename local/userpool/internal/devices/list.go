package devices

import (
	"context"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

// DeviceType is AWS's DeviceType.
type DeviceType struct {
	DeviceKey                   string
	DeviceAttributes            []wire.Attribute
	DeviceCreateDate            wire.Seconds
	DeviceLastModifiedDate      wire.Seconds
	DeviceLastAuthenticatedDate wire.Seconds
}

// account is the AWS account ID in the ARNs of devices.
const account = "000000000000"

// typeOf returns a device's description. AWS's examples show different attributes; the local pool has all of them but
// those without a value.
func typeOf(pool state.Pool, u state.User, d state.Device) DeviceType {
	status := notRemembered
	if d.Remembered {
		status = remembered
	}
	owner := u.Username + "." + pool.ID
	var attributes []wire.Attribute
	for _, a := range []wire.Attribute{
		{Name: "device_status", Value: "valid"}, {Name: "device_name", Value: d.Name}, {Name: "last_ip_used", Value: d.IP},
		{Name: "dev:device_arn",
			Value: "arn:aws:cognito-idp:" + pool.Region + ":" + account + ":owner/" + owner + "/device/" + d.Key},
		{Name: "dev:device_owner", Value: owner}, {Name: "dev:device_remembered_status", Value: status},
	} {
		if a.Value != "" {
			attributes = append(attributes, a)
		}
	}
	return DeviceType{
		DeviceKey: d.Key, DeviceAttributes: attributes, DeviceCreateDate: wire.Seconds(d.Created),
		DeviceLastModifiedDate: wire.Seconds(d.Modified), DeviceLastAuthenticatedDate: wire.Seconds(d.SignedIn),
	}
}

// GetOutput is the output of GetDevice and AdminGetDevice.
type GetOutput struct{ Device DeviceType }

// Get serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetDevice.html
func (r *Room) Get(_ context.Context, at wire.Request, in *KeyInput) (*GetOutput, error) {
	b, err := r.bearer(at, in.AccessToken)
	if err != nil {
		return nil, err
	}
	return get(b.Pool, b.User, in.DeviceKey)
}

// AdminGet serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetDevice.html
func (r *Room) AdminGet(_ context.Context, in *AdminKeyInput) (*GetOutput, error) {
	pool, u, err := r.user(in.UserInput)
	if err != nil {
		return nil, err
	}
	return get(pool, u, in.DeviceKey)
}

func get(pool state.Pool, u state.User, key string) (*GetOutput, error) {
	d := u.Device(key)
	if d == nil {
		return nil, fault.New(fault.DeviceNotFound)
	}
	return &GetOutput{Device: typeOf(pool, u, *d)}, nil
}

// ListInput is the input of ListDevices.
type ListInput struct {
	AccessToken string `v:"required"`
	Page
}

// Page selects a part of a list.
type Page struct {
	Limit           *int
	PaginationToken string
}

// ListOutput is the output of ListDevices and AdminListDevices.
type ListOutput struct {
	Devices         []DeviceType
	PaginationToken string `json:",omitempty"`
}

// List serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListDevices.html
func (r *Room) List(_ context.Context, at wire.Request, in *ListInput) (*ListOutput, error) {
	b, err := r.bearer(at, in.AccessToken)
	if err != nil {
		return nil, err
	}
	return list(b.Pool, b.User, in.Page)
}

// AdminListInput is the input of AdminListDevices.
type AdminListInput struct {
	directory.UserInput
	Page
}

// AdminList serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminListDevices.html
func (r *Room) AdminList(_ context.Context, in *AdminListInput) (*ListOutput, error) {
	pool, u, err := r.user(in.UserInput)
	if err != nil {
		return nil, err
	}
	return list(pool, u, in.Page)
}

func list(pool state.Pool, u state.User, p Page) (*ListOutput, error) {
	key := func(d state.Device) string { return d.Key }
	page, next, err := wire.Paginate(u.Devices, p.Limit, p.PaginationToken, key)
	if err != nil {
		return nil, err
	}
	out := &ListOutput{Devices: []DeviceType{}, PaginationToken: next}
	for _, d := range page {
		out.Devices = append(out.Devices, typeOf(pool, u, d))
	}
	return out, nil
}
