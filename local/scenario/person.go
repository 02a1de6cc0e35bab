package scenario

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"

	"cognito-triggers/shared/events"
)

// person is the user whose life is played: a new one every time, so that a run against a store that outlives it starts
// from nothing.
type person struct{ pool, sub, email, name string }

func newPerson() person {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	sub := fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
	return person{pool: "eu-west-1_LocalPool", sub: sub, email: "ines." + sub[:8] + "@example.org", name: "Ines Moreau"}
}

// dress makes a golden event the person's own: pool, user name, sub, address and name, where the event has them.
func (u person) dress(event []byte) ([]byte, error) {
	dec := json.NewDecoder(bytes.NewReader(event))
	dec.UseNumber()
	var members map[string]any
	if err := dec.Decode(&members); err != nil {
		return nil, fmt.Errorf("golden event: %w", err)
	}
	members["userPoolId"], members["userName"] = u.pool, u.sub
	if request, ok := members["request"].(map[string]any); ok {
		if attributes, ok := request["userAttributes"].(map[string]any); ok {
			for name, value := range map[string]string{"sub": u.sub, "email": u.email, "name": u.name} {
				if _, there := attributes[name]; there {
					attributes[name] = value
				}
			}
		}
	}
	return json.Marshal(members)
}

func source(event []byte) string {
	envelope, err := events.DecodeEnvelope(event)
	if err != nil {
		return "?"
	}
	return envelope.TriggerSource
}
