// Signs in on the pages of the pool's domain, with oidc-client-ts.
import { UserManager } from 'oidc-client-ts';

const at = (id) => document.getElementById(id);

const show = (user) => {
  at('start').hidden = Boolean(user);
  at('done').hidden = !user;
  at('who').textContent = user?.profile.email ?? '';
  at('token').textContent = user?.access_token.slice(-8) ?? '';
};

const attempt = async (act) => {
  at('problem').textContent = '';
  await act().catch((error) => { at('problem').textContent = error.message; });
};

// { "issuer": …, "clientId": … }
const { issuer, clientId } = await (await fetch('config.json')).json();
const here = `${location.origin}/`; // in the app client's callback_urls and logout_urls, character by character
const users = new UserManager({
  authority: issuer, client_id: clientId, redirect_uri: here, scope: 'openid email',
  loadUserInfo: true, // Cognito's userInfo has the attributes of the scopes
  revokeTokenTypes: ['refresh_token'], // Cognito refuses to revoke an access token
});

const signOut = async () => {
  await users.revokeTokens();
  await users.removeUser();
  // signoutRedirect does not fit: Cognito's /logout wants these two parameters and sends no state back.
  const logout = await users.metadataService.getEndSessionEndpoint();
  location.assign(`${logout}?${new URLSearchParams({ client_id: clientId, logout_uri: here })}`);
};

at('sign-in').onclick = () => attempt(() => users.signinRedirect({ nonce: crypto.randomUUID() }));
at('refresh').onclick = () => attempt(async () => show(await users.signinSilent())); // by the refresh token
at('sign-out').onclick = () => attempt(signOut);

await attempt(async () => {
  const back = new URLSearchParams(location.search);
  if (back.has('code') || back.has('error')) {
    history.replaceState(null, '', '/'); // a code works once: reloading must not try again
    await users.signinCallback(`${here}?${back}`);
  }
});
show(await users.getUser());
