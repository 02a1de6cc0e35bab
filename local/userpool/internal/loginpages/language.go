package loginpages

import (
	"fmt"
	"slices"
	"strings"
)

// languages of the pages; the first is the default. AWS has more: who asks for one of those gets the default.
func languages() []string { return []string{"en", "ko"} }

// Default is the language of pages that have none.
const Default = "en"

// Language returns the first of the wanted languages that the pages have; each text is the tag of a language, or a
// list of them as in Accept-Language.
func Language(wanted ...string) string {
	for _, list := range wanted {
		for tag := range strings.SplitSeq(list, ",") {
			tag, _, _ = strings.Cut(strings.TrimSpace(tag), ";")
			tag, _, _ = strings.Cut(tag, "-")
			if tag = strings.ToLower(tag); slices.Contains(languages(), tag) {
				return tag
			}
		}
	}
	return Default
}

// say returns a text of the pages in a language. What the pages do not know stays as it is: names, and what triggers
// and the API say.
func say(language, english string) (text string, known bool) {
	if language == Default {
		return english, true
	}
	text, known = korean[english]
	if !known {
		return english, false
	}
	return text, true
}

// translate puts the page's texts into its language.
func (p *Page) translate() {
	put := func(texts ...*string) {
		for _, t := range texts {
			*t, _ = say(p.Language, *t)
		}
	}
	name := func(text *string, of string) {
		if of != "" {
			*text = strings.Replace(*text, "%s", of, 1)
		}
	}
	var known bool
	if p.Problem, known = say(p.Language, p.Problem); !known && p.Problem != "" {
		p.ProblemLanguage = Default
	}
	put(&p.Title)
	for i := range p.Notes {
		put(&p.Notes[i])
	}
	for i := range p.Buttons {
		put(&p.Buttons[i].Text)
		name(&p.Buttons[i].Text, p.Buttons[i].Name)
	}
	for i := range p.Forms {
		put(&p.Forms[i].Submit)
		name(&p.Forms[i].Submit, p.Forms[i].Name)
		for j := range p.Forms[i].Fields {
			put(&p.Forms[i].Fields[j].Label)
		}
	}
	for i := range p.Links {
		put(&p.Links[i].Before, &p.Links[i].Text)
	}
}

// Words are the texts of the markup itself.
type Words struct{ Problem, Or, Optional, Key, QRCode, NoScript, PasskeyProblem string }

// Words returns the texts of the markup in the page's language.
func (p Page) Words() Words {
	text := func(english string) string {
		translated, _ := say(p.Language, english)
		return translated
	}
	return Words{
		Problem: text("Error"), Or: text("or"), Optional: text("(optional)"), Key: text("Key to enter by hand"),
		QRCode: text("QR code with the key below"), NoScript: text("Passkeys need JavaScript."),
		PasskeyProblem: text("The passkey was not used. Please try again, or choose another way."),
	}
}

// Demands says in the page's language what a hint demands.
func (p Page) Demands(h Hint) string {
	text := func(english string) string {
		translated, _ := say(p.Language, english)
		return translated
	}
	demands := fmt.Sprintf(text("At least %d characters"), h.Least)
	if len(h.With) == 0 {
		return demands
	}
	sets := make([]string, 0, len(h.With))
	for _, set := range h.With {
		sets = append(sets, text(set))
	}
	return demands + " · " + fmt.Sprintf(text("with %s"), strings.Join(sets, ", "))
}
