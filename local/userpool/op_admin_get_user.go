package userpool

// adminGetUser serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetUser.html
func adminGetUser(s *Server, input []byte) (any, error) {
	var in struct{ UserPoolId, Username string }
	if err := read(input, &in); err != nil {
		return nil, err
	}
	user, err := s.find(in.Username)
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"Username": user.Name, "UserAttributes": user.attributeList(), "Enabled": !user.Disabled, "UserStatus": user.Status,
	}, nil
}
