// Package visible decides which characters of a text people see, by Unicode's own properties. Texts that show nothing,
// or show their characters in another order than they have, mislead the people who read them.
package visible

import (
	"strings"
	"unicode"
)

// Ignorable reports whether a character shows nothing where a font does not support it, and usually shows nothing at
// all: Unicode's property Default_Ignorable_Code_Point. It has format characters such as the zero width space, but also
// letters, such as the Hangul filler, and marks, such as variation selectors.
//
// See https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
func Ignorable(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) &&
		!unicode.In(r, unicode.White_Space, unicode.Prepended_Concatenation_Mark) &&
		!annotates(r) && !hieroglyphFormat(r)
}

// annotates reports whether r is an interlinear annotation character, which should be seen where it is not supported.
func annotates(r rune) bool { return r >= 0xFFF9 && r <= 0xFFFB }

func hieroglyphFormat(r rune) bool { return r >= 0x13430 && r <= 0x13440 }

// Reorders reports whether a character embeds, overrides or isolates a direction, so that the text around it is shown
// in another order. The marks LRM, RLM and ALM are none of them: they settle the place of a neighbour in ordinary
// Arabic and Hebrew text.
//
// See https://www.unicode.org/reports/tr9/#Explicit_Directional_Embeddings
func Reorders(r rune) bool { return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 }

// Blank reports whether a character shows nothing although it is neither white space nor a control character: it is
// Ignorable, or the braille pattern without dots.
func Blank(r rune) bool { return Ignorable(r) || r == brailleBlank }

const brailleBlank = 0x2800

// Any reports whether a text shows anything: any character that is not white space, a control character or Blank.
func Any(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.IsSpace(r) && !unicode.IsControl(r) && !Blank(r)
	})
}
