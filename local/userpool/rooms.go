package userpool

import (
	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/internal/accounts"
	"cognito-triggers/local/userpool/internal/control"
	"cognito-triggers/local/userpool/internal/delivery"
	"cognito-triggers/local/userpool/internal/devices"
	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/federation"
	"cognito-triggers/local/userpool/internal/limits"
	"cognito-triggers/local/userpool/internal/login"
	"cognito-triggers/local/userpool/internal/pages"
	"cognito-triggers/local/userpool/internal/passkeys"
	"cognito-triggers/local/userpool/internal/signin"
	"cognito-triggers/local/userpool/internal/tokens"
	"cognito-triggers/local/userpool/internal/triggers"
	"cognito-triggers/shared/cognito"
)

// rooms holds the packages that serve the operations.
type rooms struct {
	directory *directory.Room
	accounts  *accounts.Room
	signIn    *signin.Room
	control   *control.Room
	tokens    *tokens.Room
	delivery  *delivery.Room
	devices   *devices.Room
	federated *federation.Room
	login     *login.Room
	pages     *pages.Room
	passkeys  *passkeys.Room
}

// openRooms creates the rooms and connects them. The error names a missing dependency.
func openRooms(
	o Options, firer *fire.Firer, queue *fire.Queue, inbox *Inbox, at control.Addresses,
) (r rooms, err error) {
	attempts, decoy := &limits.Attempts{}, directory.NewDecoy()
	if r.directory, err = directory.New(directory.Deps{Store: o.Store, Now: o.Now}); err != nil {
		return r, err
	}
	trigger, err := triggers.New(firer, queue)
	if err != nil {
		return r, err
	}
	besides := delivery.SenderAlone
	if o.CustomMessageToo {
		besides = delivery.BothFire
	}
	if r.delivery, err = delivery.New(delivery.Deps{
		Store: o.Store, Directory: r.directory, Triggers: trigger, Inbox: inbox, Decoy: decoy, Now: o.Now, Code: o.Code,
		Seal: o.Seal, Besides: besides,
	}); err != nil {
		return r, err
	}
	migration, err := accounts.NewMigration(accounts.MigrationDeps{
		Store: o.Store, Triggers: trigger, Delivery: r.delivery, Now: o.Now,
	})
	if err != nil {
		return r, err
	}
	if r.tokens, err = tokens.New(tokens.Deps{
		Store: o.Store, Directory: r.directory, Triggers: trigger, Now: o.Now, Issuer: o.issuer, Pair: o.Keys,
	}); err != nil {
		return r, err
	}
	reuse, source := signin.ReuseRefused, cognito.TokenGenerationRefreshTokens
	if o.ReuseRevokes {
		reuse = signin.ReuseRevokes
	}
	if o.RefreshIsAuthentication {
		source = cognito.TokenGenerationAuthentication
	}
	if r.passkeys, err = passkeys.New(passkeys.Deps{
		Store: o.Store, Directory: r.directory, Tokens: r.tokens, Decoy: decoy, Now: o.Now, RelyingParty: o.relyingParty,
	}); err != nil {
		return r, err
	}
	preAuthentication, confirmation := signin.AtInitiateAuth, signin.Silent
	if o.PreAuthenticationAtChoice {
		preAuthentication = signin.AtTheChoice
	}
	if o.PostConfirmationByCode {
		confirmation = signin.Announced
	}
	if r.signIn, err = signin.New(signin.Deps{
		Store: o.Store, Directory: r.directory, Triggers: trigger, Migration: migration,
		Delivery: r.delivery, Tokens: r.tokens, Limits: attempts, Decoy: decoy, Now: o.Now,
		Reuse: reuse, RefreshSource: source,
		Passkeys:            r.passkeys,
		PreAuthenticationAt: preAuthentication, Confirmation: confirmation,
	}); err != nil {
		return r, err
	}
	if r.accounts, err = accounts.New(accounts.Deps{
		Store: o.Store, Directory: r.directory, Delivery: r.delivery, Triggers: trigger, SignIns: r.signIn,
		Migration: migration, Limits: attempts, Now: o.Now,
	}); err != nil {
		return r, err
	}
	if r.devices, err = devices.New(devices.Deps{Directory: r.directory, SignIns: r.signIn, Now: o.Now}); err != nil {
		return r, err
	}
	linking, nonces := federation.LinkingFails, login.NonceOfFederation
	if o.LinkingContinues {
		linking = federation.LinkingContinues
	}
	if o.NonceOfAppAlone {
		nonces = login.NonceOfApp
	}
	if r.federated, err = federation.New(federation.Deps{
		Store: o.Store, Directory: r.directory, Triggers: trigger, Tokens: r.tokens, Now: o.Now, Linking: linking,
	}); err != nil {
		return r, err
	}
	if r.login, err = login.New(login.Deps{
		Store: o.Store, Directory: r.directory, SignIns: r.signIn, Accounts: r.accounts, Tokens: r.tokens, Now: o.Now,
		Federation: r.federated, Nonces: nonces, Passkeys: r.passkeys,
	}); err != nil {
		return r, err
	}
	if r.pages, err = pages.New(pages.Deps{Store: o.Store, Now: o.Now, Directory: r.directory}); err != nil {
		return r, err
	}
	omitted := control.Reset
	if o.KeepOmitted {
		omitted = control.Kept
	}
	r.control, err = control.New(control.Deps{
		Store: o.Store, Now: o.Now, Directory: r.directory, Region: o.Region, Omitted: omitted, IDs: o.IDs,
		Providers: r.federated,
		Addresses: at,
	})
	return r, err
}
