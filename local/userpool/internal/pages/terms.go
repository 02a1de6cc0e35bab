package pages

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

const (
	termsSource      = "LINK"
	termsEnforcement = "NONE"
	maxLinks         = 13
	maxLink          = 1024
)

var termsNames = []string{"terms-of-use", "privacy-policy"}

var linkLanguage = regexp.MustCompile(`^cognito:(default|dutch|english|french|spanish|german|bahasa-indonesia|` +
	`italian|japanese|korean|portuguese-brazil|chinese-(simplified|traditional))$`)

// terms are what an app client's sign-up page links to.
type terms struct {
	ClientId, TermsName, TermsSource, Enforcement string
	Links                                         map[string]string
}

// check checks the members that have a value.
func (t terms) check() error {
	switch {
	case t.TermsName != "" && !slices.Contains(termsNames, t.TermsName):
		return fault.Constrain("termsName", "Member must satisfy regular expression pattern: ^(terms-of-use|privacy-policy)$")
	case t.TermsSource != "" && t.TermsSource != termsSource:
		return fault.Constrain("termsSource", fault.OneOf(termsSource))
	case t.Enforcement != "" && t.Enforcement != termsEnforcement:
		return fault.Constrain("enforcement", fault.OneOf(termsEnforcement))
	case len(t.Links) > maxLinks:
		return fault.Constrain("links", "Member must have length less than or equal to 13")
	}
	for language, link := range t.Links {
		if !linkLanguage.MatchString(language) {
			return fault.Constrain("links", "Map keys must satisfy constraint: [Member must satisfy regular expression "+
				"pattern: "+linkLanguage.String()+"]")
		}
		if link == "" || utf8.RuneCountInString(link) > maxLink || strings.ContainsAny(link, " \t\r\n") {
			return fault.Constrain("links", "Map value must satisfy constraint: [Member must have length between 1 and 1024, "+
				"without blanks]")
		}
	}
	return nil
}

// TermsType is AWS's TermsType.
type TermsType struct {
	TermsId, UserPoolId, ClientId, TermsName, TermsSource, Enforcement string
	Links                                                              map[string]string
	CreationDate, LastModifiedDate                                     wire.Seconds
}

// TermsOutput is the output of the operations that return terms.
type TermsOutput struct{ Terms TermsType }

func termsOutput(poolID string, page pageOf[terms], err error) (*TermsOutput, error) {
	if err != nil {
		return nil, err
	}
	t := page.Data
	return &TermsOutput{TermsType{
		TermsId: page.Name, UserPoolId: poolID, ClientId: t.ClientId, TermsName: t.TermsName, TermsSource: t.TermsSource,
		Enforcement: t.Enforcement, Links: t.Links, CreationDate: wire.Seconds(page.Created),
		LastModifiedDate: wire.Seconds(page.Modified),
	}}, nil
}

// CreateTermsInput is the input of CreateTerms.
type CreateTermsInput struct {
	UserPoolId  string `v:"required,max=55"`
	ClientId    string `v:"required,max=128"`
	TermsName   string `v:"required"`
	TermsSource string `v:"required"`
	Enforcement string `v:"required"`
	Links       map[string]string
}

// CreateTerms serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateTerms.html
func (r *Room) CreateTerms(_ context.Context, in *CreateTermsInput) (*TermsOutput, error) {
	client, _, err := r.directory.ClientOf(in.UserPoolId, in.ClientId)
	if err != nil {
		return nil, err
	}
	made := terms{client.ID, in.TermsName, in.TermsSource, in.Enforcement, in.Links}
	if err := made.check(); err != nil {
		return nil, err
	}
	same := func(t terms) bool { return t.ClientId == made.ClientId && t.TermsName == made.TermsName }
	page, err := createPage(r, in.UserPoolId, termsKind, made, same, fault.New(fault.TermsExist, in.TermsName))
	return termsOutput(in.UserPoolId, page, err)
}

// TermsInput identifies terms.
type TermsInput struct {
	UserPoolId string `v:"required,max=55"`
	TermsId    string `v:"required,max=36"`
}

// DescribeTerms serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeTerms.html
func (r *Room) DescribeTerms(_ context.Context, in *TermsInput) (*TermsOutput, error) {
	pool, err := r.directory.Pool(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	page, err := findPage[terms](pool, termsKind, in.TermsId)
	return termsOutput(pool.ID, page, err)
}

// ClientTermsInput is the input of DescribeTermsByClient.
type ClientTermsInput struct {
	UserPoolId string `v:"required,max=55"`
	ClientId   string `v:"required,max=128"`
	TermsName  string `v:"required"`
}

// DescribeTermsByClient serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeTermsByClient.html
func (r *Room) DescribeTermsByClient(_ context.Context, in *ClientTermsInput) (*TermsOutput, error) {
	client, pool, err := r.directory.ClientOf(in.UserPoolId, in.ClientId)
	if err != nil {
		return nil, err
	}
	if err := (terms{TermsName: in.TermsName}).check(); err != nil {
		return nil, err
	}
	list, err := pagesOf[terms](pool, termsKind)
	if err != nil {
		return nil, err
	}
	for _, page := range list {
		if page.Data.ClientId == client.ID && page.Data.TermsName == in.TermsName {
			return termsOutput(pool.ID, page, nil)
		}
	}
	return nil, fault.New(fault.ResourceNotFound, termsKind, in.TermsName)
}

// UpdateTermsInput is the input of UpdateTerms. What it omits stays.
type UpdateTermsInput struct {
	UserPoolId  string `v:"required,max=55"`
	TermsId     string `v:"required,max=36"`
	TermsName   string
	TermsSource string
	Enforcement string
	Links       map[string]string
}

// UpdateTerms serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateTerms.html
func (r *Room) UpdateTerms(_ context.Context, in *UpdateTermsInput) (*TermsOutput, error) {
	given := terms{TermsName: in.TermsName, TermsSource: in.TermsSource, Enforcement: in.Enforcement, Links: in.Links}
	if err := given.check(); err != nil {
		return nil, err
	}
	page, err := putPage(r, in.UserPoolId, termsKind, in.TermsId, func(p *state.Pool, t terms, there bool) (terms, error) {
		if !there {
			return t, fault.New(fault.ResourceNotFound, termsKind, in.TermsId)
		}
		if given.TermsName != "" && given.TermsName != t.TermsName {
			list, err := pagesOf[terms](*p, termsKind)
			if err != nil {
				return t, err
			}
			for _, other := range list {
				if other.Data.ClientId == t.ClientId && other.Data.TermsName == given.TermsName {
					return t, fault.New(fault.TermsExist, given.TermsName)
				}
			}
			t.TermsName = given.TermsName
		}
		if given.Links != nil {
			t.Links = maps.Clone(given.Links)
		}
		return t, nil
	})
	return termsOutput(in.UserPoolId, page, err)
}

// DeleteTerms serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteTerms.html
func (r *Room) DeleteTerms(_ context.Context, in *TermsInput) (*wire.Empty, error) {
	return r.deletePage(in.UserPoolId, termsKind, in.TermsId)
}

// ListTermsInput is the input of ListTerms.
type ListTermsInput struct {
	UserPoolId string `v:"required,max=55"`
	MaxResults *int
	NextToken  string
}

// TermsList is a page of terms.
type TermsList struct {
	Terms     []TermsSummary
	NextToken string `json:",omitempty"`
}

// TermsSummary is AWS's TermsDescriptionType.
type TermsSummary struct {
	TermsId, TermsName, Enforcement string
	CreationDate, LastModifiedDate  wire.Seconds
}

// ListTerms serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListTerms.html
func (r *Room) ListTerms(_ context.Context, in *ListTermsInput) (*TermsList, error) {
	pool, err := r.directory.Pool(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	all, err := pagesOf[terms](pool, termsKind)
	if err != nil {
		return nil, err
	}
	id := func(page pageOf[terms]) string { return page.Name }
	page, next, err := wire.Paginate(all, in.MaxResults, in.NextToken, id)
	if err != nil {
		return nil, err
	}
	out := &TermsList{Terms: []TermsSummary{}, NextToken: next}
	for _, t := range page {
		out.Terms = append(out.Terms, TermsSummary{
			TermsId: t.Name, TermsName: t.Data.TermsName, Enforcement: t.Data.Enforcement,
			CreationDate: wire.Seconds(t.Created), LastModifiedDate: wire.Seconds(t.Modified),
		})
	}
	return out, nil
}
