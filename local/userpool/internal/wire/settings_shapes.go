package wire

import (
	"encoding/json"
	"reflect"
)

type shapeKey struct{ of, name string }

// shapes lists the types of settings that are stored as raw JSON. Without them, a wrong type would be accepted, and
// every client that reads it would fail.
var shapes = map[shapeKey]reflect.Type{
	{"user pool", "SmsConfiguration"}:                   reflect.TypeFor[smsConfiguration](),
	{"user pool", "UserPoolAddOns"}:                     reflect.TypeFor[addOns](),
	{"user pool", "AcrConfiguration"}:                   reflect.TypeFor[map[string]struct{ AcrValue string }](),
	{"user pool", "DcrConfiguration"}:                   reflect.TypeFor[dcrConfiguration](),
	{"user pool", "KeyConfiguration"}:                   reflect.TypeFor[struct{ KeyType, KmsKeyArn string }](),
	{"user pool", "Policies.SignInPolicy"}:              reflect.TypeFor[struct{ AllowedFirstAuthFactors []string }](),
	{"app client", "AnalyticsConfiguration"}:            reflect.TypeFor[analyticsConfiguration](),
	{"app client", "PublishSecretsInAWSSecretsManager"}: reflect.TypeFor[bool](),
	{"domain", "CustomDomainConfig"}:                    reflect.TypeFor[customDomain](),
	{"domain", "Routing"}:                               reflect.TypeFor[routing](),
	{"identity provider", "UserPoolId"}:                 reflect.TypeFor[string](),
	{"identity provider", "ProviderName"}:               reflect.TypeFor[string](),
	{"identity provider", "ProviderType"}:               reflect.TypeFor[string](),
	{"identity provider", "ProviderDetails"}:            reflect.TypeFor[map[string]string](),
	{"identity provider", "AttributeMapping"}:           reflect.TypeFor[map[string]string](),
	{"identity provider", "IdpIdentifiers"}:             reflect.TypeFor[[]string](),
	{"identity provider", "AcrMapping"}:                 reflect.TypeFor[map[string]string](),
	{"resource server", "UserPoolId"}:                   reflect.TypeFor[string](),
	{"resource server", "Identifier"}:                   reflect.TypeFor[string](),
	{"resource server", "Name"}:                         reflect.TypeFor[string](),
	{"resource server", "Scopes"}:                       reflect.TypeFor[[]struct{ ScopeName, ScopeDescription string }](),

	{"MFA configuration", "SmsMfaConfiguration.SmsConfiguration"}: reflect.TypeFor[smsConfiguration](),
}

type (
	smsConfiguration struct {
		SnsCallerArn, ExternalId, SnsRegion string
		EumsSms                             struct {
			CallerArn, ExternalId, OriginationIdentity, ConfigurationSetName, InEntityId, InTemplateId, Region string
		}
	}
	dcrConfiguration struct {
		EnableStatus                                              string
		OpenDcrEnabled                                            bool
		AuthenticatedGrantTypes, OpenDcrGrantTypes, AllowedScopes []string
	}
	addOns struct {
		AdvancedSecurityMode            string
		AdvancedSecurityAdditionalFlows struct{ CustomAuthMode string }
	}
	analyticsConfiguration struct {
		ApplicationArn, ApplicationId, ExternalId, RoleArn string
		UserDataShared                                     bool
	}
	customDomain struct{ CertificateArn, SecurityPolicy string }
	routing      struct {
		Failover struct{ PrimaryRoute53HealthCheckId, SecondaryRegion string }
	}
)

// Shape returns the type of a setting that is stored as raw JSON, nil for others.
func (s Setting) Shape() reflect.Type { return shapes[shapeKey{s.Of, s.Name}] }

// fits reports whether a value has the setting's type.
func (s Setting) fits(value json.RawMessage) bool {
	shape := s.Shape()
	return shape == nil || json.Unmarshal(value, reflect.New(shape).Interface()) == nil
}
