package userpool

import (
	"regexp"
	"testing"
)

var uuid4 = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

func TestTerms(t *testing.T) {
	t.Parallel()
	d := startDirect(t, nil, nil)
	made := at(d.do("CreateTerms", someTerms()), "Terms").(object)
	id, _ := made["TermsId"].(string)
	if !uuid4.MatchString(id) || made["ClientId"] != d.client || at(made, "Links.cognito:default") == nil {
		t.Fatalf("made %v", made)
	}
	d.fails("CreateTerms", someTerms(), "TermsExistsException", "privacy-policy")
	for words, change := range map[string]object{
		"termsName": {"TermsName": "else"}, "termsSource": {"TermsSource": "TEXT"}, "enforcement": {"Enforcement": "ALL"},
		"Map keys":  {"Links": object{"english": "https://example.org"}},
		"Map value": {"Links": object{"cognito:english": ""}},
	} {
		d.fails("CreateTerms", with(someTerms(), change), "InvalidParameterException", words)
		d.fails("UpdateTerms", with(object{"TermsId": id}, change), "InvalidParameterException", words)
	}
	other := at(d.do("CreateTerms", with(someTerms(), object{"TermsName": "terms-of-use"})), "Terms.TermsId")
	d.fails("UpdateTerms", object{"TermsId": other, "TermsName": "privacy-policy"}, "TermsExistsException", "")
	d.do("UpdateTerms", object{"TermsId": id, "Links": object{"cognito:french": "https://example.org/fr"}})
	shown := d.do("DescribeTerms", object{"TermsId": id})
	byClient := d.do("DescribeTermsByClient", object{"TermsName": "privacy-policy"})
	if at(shown, "Terms.Links.cognito:french") == nil || at(shown, "Terms.TermsName") != "privacy-policy" ||
		text(t, shown) != text(t, byClient) {
		t.Errorf("shown %v, by client %v", shown, byClient)
	}
	if list := d.do("ListTerms", object{"MaxResults": 1}); len(list["Terms"].([]any)) != 1 || list["NextToken"] == nil {
		t.Errorf("list %v", list)
	}
	d.do("DeleteTerms", object{"TermsId": id})
	d.fails("DescribeTerms", object{"TermsId": id}, "ResourceNotFoundException", id)
	d.fails("DescribeTermsByClient", object{"TermsName": "privacy-policy"}, "ResourceNotFoundException", "")
	d.fails("DeleteTerms", object{"TermsId": id}, "ResourceNotFoundException", id)
	d.fails("UpdateTerms", object{"TermsId": id}, "ResourceNotFoundException", id)
	d.do("DeleteUserPoolClient", object{})
	if list := d.do("ListTerms", object{"MaxResults": 5}); len(list["Terms"].([]any)) != 0 {
		t.Errorf("of a client that is gone: %v", list)
	}
}

func TestBranding(t *testing.T) {
	t.Parallel()
	d := startDirect(t, nil, nil)
	logo := object{"Category": "FORM_LOGO", "ColorMode": "LIGHT", "Extension": "PNG", "Bytes": "AAEC"}
	style := object{"Settings": object{"components": object{"form": 1}}, "Assets": []object{logo}}
	made := at(d.do("CreateManagedLoginBranding", style), "ManagedLoginBranding").(object)
	id := made["ManagedLoginBrandingId"]
	if text(t, made["Settings"]) != text(t, style["Settings"]) || text(t, made["Assets"]) != text(t, style["Assets"]) {
		t.Fatalf("made %v", made)
	}
	d.fails("CreateManagedLoginBranding", object{}, "ManagedLoginBrandingExistsException", d.client)
	for words, change := range map[string]object{
		"category":                 {"Assets": []object{with(logo, object{"Category": "X"})}},
		"colorMode":                {"Assets": []object{with(logo, object{"ColorMode": "X"})}},
		"extension":                {"Assets": []object{with(logo, object{"Extension": "GIF"})}},
		"UseCognitoProvidedValues": {"UseCognitoProvidedValues": true, "Settings": object{"a": 1}},
	} {
		d.fails("UpdateManagedLoginBranding", with(object{"ManagedLoginBrandingId": id}, change),
			"InvalidParameterException", words)
	}
	d.fails("UpdateManagedLoginBranding", object{"ManagedLoginBrandingId": id, "Settings": 5}, "SerializationException",
		"Settings")
	d.do("UpdateManagedLoginBranding", object{"ManagedLoginBrandingId": id,
		"Assets": []object{with(logo, object{"Bytes": "Aw=="})}})
	shown := d.do("DescribeManagedLoginBrandingByClient", object{"ReturnMergedResources": true})
	assets := at(shown, "ManagedLoginBranding.Assets").([]any)
	if len(assets) != 1 || at(assets[0], "Bytes") != "Aw==" ||
		text(t, at(shown, "ManagedLoginBranding.Settings")) != text(t, style["Settings"]) ||
		text(t, shown) != text(t, d.do("DescribeManagedLoginBranding", object{"ManagedLoginBrandingId": id})) {
		t.Errorf("shown %v", shown)
	}
	own := d.do("UpdateManagedLoginBranding", object{"ManagedLoginBrandingId": id, "UseCognitoProvidedValues": true})
	if at(own, "ManagedLoginBranding.Settings") != nil ||
		at(own, "ManagedLoginBranding.UseCognitoProvidedValues") != true {
		t.Errorf("Cognito's own values: %v", own)
	}
	d.do("DeleteManagedLoginBranding", object{"ManagedLoginBrandingId": id})
	d.fails("DescribeManagedLoginBranding", object{"ManagedLoginBrandingId": id}, "ResourceNotFoundException", "")
	d.fails("DescribeManagedLoginBrandingByClient", object{}, "ResourceNotFoundException", "")
}

// A style has at most 40 assets, also if it gets them one after the other.
func TestMostAssets(t *testing.T) {
	t.Parallel()
	d := startDirect(t, nil, nil)
	asset := func(category, mode string) object {
		return object{"Category": category, "ColorMode": mode, "Extension": "PNG"}
	}
	var assets []object
	for _, category := range []string{"FAVICON_ICO", "FAVICON_SVG", "EMAIL_GRAPHIC", "SMS_GRAPHIC", "AUTH_APP_GRAPHIC",
		"PASSWORD_GRAPHIC", "PASSKEY_GRAPHIC", "PAGE_HEADER_LOGO", "PAGE_HEADER_BACKGROUND", "PAGE_FOOTER_LOGO",
		"PAGE_FOOTER_BACKGROUND", "PAGE_BACKGROUND", "FORM_BACKGROUND", "FORM_LOGO"} {
		assets = append(assets, asset(category, "LIGHT"), asset(category, "DARK"), asset(category, "DYNAMIC"))
	}
	made := d.do("CreateManagedLoginBranding", object{"Assets": assets[:40]})
	id := at(made, "ManagedLoginBranding.ManagedLoginBrandingId")
	d.fails("UpdateManagedLoginBranding", object{"ManagedLoginBrandingId": id, "Assets": assets[40:]},
		"InvalidParameterException", "assets")
	d.do("UpdateManagedLoginBranding", object{"ManagedLoginBrandingId": id, "Assets": assets[:1]})
}

func TestUICustomization(t *testing.T) {
	t.Parallel()
	const noDomain = "There has to be an existing domain associated with this user pool"
	d := startDirect(t, nil, nil)
	set := object{"CSS": ".label-customizable {font-weight: 400;}", "ImageFile": "AAEC"}
	d.fails("SetUICustomization", set, "InvalidParameterException", noDomain)
	d.fails("GetUICustomization", object{}, "InvalidParameterException", noDomain)
	d.do("CreateUserPoolDomain", object{"Domain": "people"})
	if got := d.do("GetUICustomization", object{}); text(t, got) != `{"UICustomization":{}}` {
		t.Errorf("nothing set: %v", got)
	}
	d.do("SetUICustomization", with(set, object{"ClientId": "ALL", "CSS": "all"}))
	if got := d.do("GetUICustomization", object{}); at(got, "UICustomization.CSS") != "all" ||
		at(got, "UICustomization.ClientId") != "ALL" {
		t.Errorf("of all: %v", got)
	}
	d.do("SetUICustomization", set)
	if got := d.do("GetUICustomization", object{}); at(got, "UICustomization.CSS") != set["CSS"] ||
		at(got, "UICustomization.ClientId") != d.client || at(got, "UICustomization.CSSVersion") != "20260304050607" {
		t.Errorf("of the client: %v", got)
	}
	d.do("SetUICustomization", object{})
	if got := d.do("GetUICustomization", object{}); at(got, "UICustomization.CSS") != "all" {
		t.Errorf("after it was removed: %v", got)
	}
	d.fails("SetUICustomization", with(set, object{"ClientId": "nobody"}), "ResourceNotFoundException", "nobody")
}
