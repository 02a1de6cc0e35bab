package userpool

// adminAddUserToGroup serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminAddUserToGroup.html
// Every group exists.
func adminAddUserToGroup(s *Server, input []byte) (any, error) {
	var in struct{ UserPoolId, Username, GroupName string }
	if err := read(input, &in); err != nil {
		return nil, err
	}
	if in.GroupName == "" {
		return nil, invalid("GroupName must have a value")
	}
	user, err := s.find(in.Username)
	if err != nil {
		return nil, err
	}
	if s.groups[in.GroupName] == nil {
		s.groups[in.GroupName] = map[string]struct{}{}
	}
	s.groups[in.GroupName][user.Name] = struct{}{}
	return struct{}{}, nil
}
