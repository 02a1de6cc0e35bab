package userpool

import (
	"encoding/json"

	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// identifyOrMigrate finds the user, or has the migrate user function bring one, which has checked the password then.
func (a *signIn) identifyOrMigrate(name, password string) (checked bool, err error) {
	if _, err := a.store.FindUser(a.pool.ID, name); err != nil {
		u, err := a.migrate(a.pool, a.client.ID, "UserMigration_Authentication", name, events.UserMigrationRequest{Password: password, ValidationData: a.validation})
		switch {
		case err == nil && u != nil:
			a.user = *u
			return true, nil
		case err != nil && !discreet(a.client):
			return false, err
		}
	}
	return false, a.identify(name)
}

// migrate asks the function for a user who is not in the pool; nil where it has none, or there is no function.
func (c *call) migrate(pool state.Pool, client, source, name string, request events.UserMigrationRequest) (*state.User, error) {
	if arn, _ := function(pool, cognito.UserMigration); arn == "" {
		return nil, nil
	}
	response, err := c.fire(pool, cognito.UserMigration, source, name, client, request)
	if err != nil {
		return nil, err
	}
	attributes := fire.Texts(response, "userAttributes")
	if len(attributes) == 0 {
		return nil, nil
	}
	u, err := c.migratedUser(pool, name, attributes)
	if err != nil {
		return nil, err
	}
	status := state.ResetRequired
	if final := fire.Text(response, "finalUserStatus"); final != nil && *final != "" {
		status = *final
	}
	if status != state.Confirmed && status != state.ResetRequired {
		return nil, migrationFailed(client, "Invalid finalUserStatus")
	}
	u.Status = status
	if status == state.Confirmed && request.Password != "" {
		if err := setPassword(pool, &u, request.Password); err != nil {
			return nil, err
		}
	}
	if err := c.create(pool, u, fire.Flag(response, "forceAliasCreation")); err != nil {
		return nil, err
	}
	if action := fire.Text(response, "messageAction"); action == nil || *action != "SUPPRESS" {
		c.welcome(pool, u, client, response)
	}
	return &u, nil
}

func (c *call) migratedUser(pool state.Pool, name string, attributes map[string]string) (state.User, error) {
	now := c.options.Now()
	sub := newUUID()
	u := state.User{Username: name, Attributes: map[string]string{"sub": sub}, Created: now, Modified: now}
	own := attributes["username"]
	delete(attributes, "username")
	switch {
	case len(pool.Settings.UsernameAttributes) > 0:
		attribute, err := signInAttribute(pool.Settings.UsernameAttributes, name)
		if err != nil {
			return u, err
		}
		u.Username, u.Attributes[attribute] = sub, name
	case own != "" && len(pool.Settings.AliasAttributes) > 0:
		u.Username = own
	case own != "" && own != name:
		return u, invalid("Attributes did not conform to the schema: username must be the name that was typed, or be left out")
	}
	if err := checkSchema(pool, nil, attributes, true); err != nil {
		return u, err
	}
	for attribute, value := range attributes {
		u.Attributes[attribute] = value
	}
	for _, attribute := range pool.Schema { // what the pool demands and the function did not bring
		if attribute.Required && u.Attributes[attribute.Name] == "" {
			u.Attributes[attribute.Name] = "cognito:default_val"
		}
	}
	return u, nil
}

func migrationFailed(client, why string) error {
	return &apiError{"UserNotFoundException", "Exception migrating user in app client " + client + ": " + why}
}

// welcome delivers the message of a migration that did not suppress it. Cognito documents no text and no trigger for it.
func (c *call) welcome(pool state.Pool, u state.User, client string, response map[string]json.RawMessage) {
	var mediums []string
	_ = json.Unmarshal(response["desiredDeliveryMediums"], &mediums) // checked when the answer came
	if len(mediums) == 0 {
		mediums = []string{"SMS"}
	}
	for _, medium := range mediums {
		to := map[string]string{"EMAIL": "email", "SMS": "phone_number"}[medium]
		if address := u.Attributes[to]; address != "" {
			c.inbox.add(Message{
				At: c.options.Now().UTC(), Kind: medium, To: address, Subject: "Welcome", Body: "Your account has been created.", Source: cognito.UserMigration.Contract().Name,
				PoolID: pool.ID, UserName: u.Username, User: u.Sub(),
			})
		}
	}
}
