package lint

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"

	"cognito-triggers/shared/messages"
)

// void are the elements without an end tag that occur in mails.
var void = []string{"br", "hr", "img", "meta"}

// elements reports elements that are not closed in order, content that loads from elsewhere or runs, and characters
// that Cognito refuses.
func elements(set *messages.Set, locale string, kind messages.Kind) error {
	for _, fields := range variants(locale, "x") {
		for _, block := range kind.HTMLBlocks() {
			text, err := set.Block(locale, kind, block, fields, true)
			if err != nil {
				return err
			}
			if err := wellFormed(text); err != nil {
				return fmt.Errorf("block %q: %w", block, err)
			}
		}
		for _, block := range append(kind.HTMLBlocks(), kind.TextBlocks()...) {
			text, err := set.Block(locale, kind, block, fields, true)
			if err != nil {
				return err
			}
			if i := strings.IndexFunc(text, refused); i >= 0 {
				return fmt.Errorf("block %q: Cognito refuses the character %q", block, []rune(text[i:])[0])
			}
		}
	}
	return nil
}

func wellFormed(text string) error {
	var open []string
	for tokens := html.NewTokenizer(strings.NewReader(text)); ; {
		kind := tokens.Next()
		token := tokens.Token()
		switch kind {
		case html.ErrorToken:
			if !errors.Is(tokens.Err(), io.EOF) {
				return tokens.Err()
			}
			if len(open) > 0 {
				return fmt.Errorf("<%s> is not closed", open[len(open)-1])
			}
			return nil
		case html.StartTagToken:
			if err := harmless(token); err != nil {
				return err
			}
			if !slices.Contains(void, token.Data) {
				open = append(open, token.Data)
			}
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != token.Data {
				return fmt.Errorf("</%s> closes nothing", token.Data)
			}
			open = open[:len(open)-1]
		}
	}
}

// harmless returns an error for content that mail programs block or warn about.
func harmless(token html.Token) error {
	if slices.Contains([]string{"script", "iframe", "object", "embed", "form", "link", "img"}, token.Data) {
		return fmt.Errorf("<%s> is not allowed in a mail", token.Data)
	}
	for _, a := range token.Attr {
		if strings.HasPrefix(a.Key, "on") || a.Key == "src" || strings.Contains(a.Val, "url(") {
			return fmt.Errorf("<%s %s> loads or runs something", token.Data, a.Key)
		}
	}
	return nil
}

func refused(r rune) bool {
	return r != '\n' && r != ' ' && !unicode.In(r, unicode.L, unicode.M, unicode.S, unicode.N, unicode.P)
}
