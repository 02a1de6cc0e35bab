package golden

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// Any stands in a wanted response, item, mail or SMS for a value that differs from run to run, such as a time or a
// random code.
const Any = "ANY"

// Tables gives access to the tables of a case's function: a store in memory, or a database on this machine. Items are
// JSON objects. A table has the name that the case has for it.
type Tables interface {
	// Put stores an item before the event.
	Put(ctx context.Context, table string, item json.RawMessage) error
	// Items lists the items of a table after the event, in any order.
	Items(ctx context.Context, table string) ([]json.RawMessage, error)
}

// Outbox lists what a case's function has sent, in the order of sending.
type Outbox interface {
	Mails(ctx context.Context) ([]Mail, error)
	SMS(ctx context.Context) ([]SMS, error)
}

// Mail is an e-mail. In a want, members that are left out are not compared.
type Mail struct {
	From    string   `json:"from,omitempty"`
	To      []string `json:"to,omitempty"`
	Subject string   `json:"subject,omitempty"`
	Text    string   `json:"text,omitempty"`
	HTML    string   `json:"html,omitempty"`
}

// SMS is a text message. In a want, members that are left out are not compared.
type SMS struct {
	To   string `json:"to,omitempty"`
	Text string `json:"text,omitempty"`
}

// errNoTables and errNoOutbox are the errors of cases whose test supplies nothing to look at.
var (
	errNoTables = errors.New("the case states tables: give the test's Instance its Tables")
	errNoOutbox = errors.New("the case states mails or sms: give the test's Instance its Outbox")
)

// Seed stores the items that the case requires before its event. tables may be nil if it requires none.
func (c Case) Seed(ctx context.Context, tables Tables) error {
	for _, table := range slices.Sorted(maps.Keys(c.Config.Tables)) {
		if tables == nil {
			return errNoTables
		}
		for i, item := range c.Config.Tables[table] {
			if err := tables.Put(ctx, table, item); err != nil {
				return fmt.Errorf("tables.%s[%d]: %w", table, i, err)
			}
		}
	}
	return nil
}

// CheckState compares the tables and what was sent with the case's Want, which may state only some of them. It returns
// nil or readable differences. What the case does not state may be nil.
func (c Case) CheckState(ctx context.Context, tables Tables, outbox Outbox) error {
	now, err := c.state(ctx, tables, outbox)
	if err != nil {
		return err
	}
	var errs []error
	for _, table := range slices.Sorted(maps.Keys(c.Want.Tables)) {
		want, got := unmatched(c.Want.Tables[table], now.Tables[table])
		if len(want)+len(got) > 0 {
			errs = append(errs, difference("items of table "+table, list(want), list(got)))
		}
	}
	if c.Want.Mails != nil && !slices.EqualFunc(c.Want.Mails, now.Mails, meets[Mail]) {
		errs = append(errs, difference("mails", list(c.Want.Mails), list(now.Mails)))
	}
	if c.Want.SMS != nil && !slices.EqualFunc(c.Want.SMS, now.SMS, meets[SMS]) {
		errs = append(errs, difference("sms", list(c.Want.SMS), list(now.SMS)))
	}
	return errors.Join(errs...)
}

// UpdateState sets in want what the case states of tables and messages to what there is now. An item or message that
// still meets the case's Want stays as it is written there, with its Any.
func (c Case) UpdateState(ctx context.Context, want *Want, tables Tables, outbox Outbox) error {
	now, err := c.state(ctx, tables, outbox)
	if err != nil {
		return err
	}
	for table, items := range now.Tables {
		missing, added := unmatched(c.Want.Tables[table], items)
		kept := slices.DeleteFunc(slices.Clone(c.Want.Tables[table]), func(item json.RawMessage) bool {
			return slices.ContainsFunc(missing, func(m json.RawMessage) bool { return slices.Equal(m, item) })
		})
		slices.SortFunc(added, func(a, b json.RawMessage) int { return slices.Compare(pretty(a), pretty(b)) })
		now.Tables[table] = append(kept, added...)
	}
	want.Tables, want.Mails, want.SMS = now.Tables, keep(c.Want.Mails, now.Mails), keep(c.Want.SMS, now.SMS)
	return nil
}

// keep returns what was sent, with the wanted message in place of each that meets it.
func keep[T any](wanted, sent []T) []T {
	for i := range sent {
		if i < len(wanted) && meets(wanted[i], sent[i]) {
			sent[i] = wanted[i]
		}
	}
	return sent
}

// state returns what there is of what the case states.
func (c Case) state(ctx context.Context, tables Tables, outbox Outbox) (now Want, err error) {
	for table := range c.Want.Tables {
		if tables == nil {
			return now, errNoTables
		}
		items, err := tables.Items(ctx, table)
		if err != nil {
			return now, fmt.Errorf("items of table %s: %w", table, err)
		}
		if now.Tables == nil {
			now.Tables = map[string][]json.RawMessage{}
		}
		now.Tables[table] = slices.Clip(append([]json.RawMessage{}, items...))
	}
	if (c.Want.Mails != nil || c.Want.SMS != nil) && outbox == nil {
		return now, errNoOutbox
	}
	if c.Want.Mails != nil {
		mails, err := outbox.Mails(ctx)
		if err != nil {
			return now, fmt.Errorf("mails: %w", err)
		}
		now.Mails = append([]Mail{}, mails...)
	}
	if c.Want.SMS != nil {
		sms, err := outbox.SMS(ctx)
		if err != nil {
			return now, fmt.Errorf("sms: %w", err)
		}
		now.SMS = append([]SMS{}, sms...)
	}
	return now, nil
}

// unmatched returns the items that only one side has. Items without Any find their equals first.
func unmatched(want, got []json.RawMessage) (missing, added []json.RawMessage) {
	left := slices.Clone(got)
	take := func(fits func(want, got json.RawMessage) bool, from []json.RawMessage) (rest []json.RawMessage) {
		for _, item := range from {
			i := slices.IndexFunc(left, func(other json.RawMessage) bool { return fits(item, other) })
			if i < 0 {
				rest = append(rest, item)
				continue
			}
			left = slices.Delete(left, i, i+1)
		}
		return rest
	}
	equal := func(a, b json.RawMessage) bool { return slices.Equal(pretty(a), pretty(b)) }
	return take(func(a, b json.RawMessage) bool { return fits(decoded(a), decoded(b)) }, take(equal, want)), left
}

// fits reports whether a value is the wanted one, in which Any fits every value.
func fits(want, got any) bool {
	switch w := want.(type) {
	case string:
		return w == Any || want == got
	case map[string]any:
		g, is := got.(map[string]any)
		if !is || len(g) != len(w) {
			return false
		}
		for name, member := range w {
			if value, there := g[name]; !there || !fits(member, value) {
				return false
			}
		}
		return true
	case []any:
		g, is := got.([]any)
		return is && slices.EqualFunc(w, g, fits)
	}
	return want == got
}

// meets reports whether a message has the members that the wanted one states.
func meets[T any](want, got T) bool {
	w, g := reflect.ValueOf(want), reflect.ValueOf(got)
	for i := range w.NumField() {
		if w.Field(i).IsZero() || w.Field(i).Kind() == reflect.String && w.Field(i).String() == Any {
			continue
		}
		if !reflect.DeepEqual(w.Field(i).Interface(), g.Field(i).Interface()) {
			return false
		}
	}
	return true
}

// decoded returns a JSON value with its numbers as spelled.
func decoded(text []byte) any {
	var value any
	_ = decodeNumbers(text, &value) // what is no JSON is nil, and fits nothing but the like
	return value
}

// list returns values as indented JSON, for differences.
func list[T any](values []T) []byte {
	text, err := json.Marshal(append([]T{}, values...))
	if err != nil {
		return []byte(err.Error())
	}
	return pretty(text)
}
