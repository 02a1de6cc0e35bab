package identitypool

import (
	"context"
)

type openIDInput struct {
	identityID
	loginsInput
}

func (in *openIDInput) check(p *problems) {
	in.identityID.check(p)
	in.loginsInput.check(p)
}

type openIDOutput struct{ IdentityId, Token string }

// getOpenIDToken begins the basic flow: the client takes the token to STS, and names a role itself.
func (s *Server) getOpenIDToken(_ context.Context, c call, in *openIDInput) (*openIDOutput, error) {
	i, p, proofs, err := s.claim(c, *in.IdentityId, in.Logins)
	switch {
	case err != nil:
		return nil, err
	case len(p.Mappings) > 0:
		return nil, invalidParameter(textRoleMappings)
	case p.AllowClassicFlow == nil || !*p.AllowClassicFlow:
		return nil, invalidParameter(textNotClassic)
	}
	text, err := s.issue(i, proofs)
	return &openIDOutput{i.ID, text}, err
}

type credentialsInput struct {
	openIDInput
	CustomRoleArn *string
}

func (in *credentialsInput) check(p *problems) {
	in.openIDInput.check(p)
	p.optional("customRoleArn", in.CustomRoleArn, rules.arn)
}

type credentialsOutput struct {
	IdentityId  string
	Credentials credentials
}

// credentials are AWS's, whose member for the key has another name than in all other APIs.
type credentials struct {
	AccessKeyId, SecretKey, SessionToken string
	Expiration                           float64
}

// getCredentials is the enhanced flow: the pool chooses the role and asks STS itself.
func (s *Server) getCredentials(ctx context.Context, c call, in *credentialsInput) (*credentialsOutput, error) {
	i, p, proofs, err := s.claim(c, *in.IdentityId, in.Logins)
	if err != nil {
		return nil, err
	}
	custom := ""
	if in.CustomRoleArn != nil {
		custom = *in.CustomRoleArn
	}
	role, err := p.roleOf(proofs, custom)
	if err != nil {
		return nil, err
	}
	text, err := s.issue(i, proofs)
	if err != nil {
		return nil, err
	}
	got, err := s.sts.assume(ctx, role, text)
	if err != nil {
		return nil, err
	}
	return &credentialsOutput{i.ID, got}, nil
}
