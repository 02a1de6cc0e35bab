package userpool

type providerUser struct{ ProviderName, ProviderAttributeName, ProviderAttributeValue string }

// adminLinkProviderForUser serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminLinkProviderForUser.html
func adminLinkProviderForUser(s *Server, input []byte) (any, error) {
	var in struct {
		UserPoolId                  string
		DestinationUser, SourceUser providerUser
	}
	if err := read(input, &in); err != nil {
		return nil, err
	}
	if in.DestinationUser.ProviderName != "Cognito" || in.SourceUser.ProviderName == "" || in.SourceUser.ProviderAttributeValue == "" {
		return nil, invalid("Source and destination need a provider and a value; the destination's provider is Cognito here")
	}
	user, err := s.find(in.DestinationUser.ProviderAttributeValue)
	if err != nil {
		return nil, err
	}
	for _, other := range s.users {
		for _, id := range other.identities() {
			if id.ProviderName == in.SourceUser.ProviderName && id.UserID == in.SourceUser.ProviderAttributeValue {
				return nil, invalid("SourceUser is already linked to DestinationUser")
			}
		}
	}
	if len(user.identities()) >= maxIdentities {
		return nil, &apiError{"LimitExceededException", "User has reached the maximum number of linked identities"}
	}
	added := identity{UserID: in.SourceUser.ProviderAttributeValue, ProviderName: in.SourceUser.ProviderName, ProviderType: "OIDC"}
	return struct{}{}, user.addIdentity(added)
}
