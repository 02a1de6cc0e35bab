// Signs in on the pages of the pool's domain, with Amplify.
import { Amplify } from 'aws-amplify';
import { fetchAuthSession, signInWithRedirect, signOut } from 'aws-amplify/auth';
import 'aws-amplify/auth/enable-oauth-listener'; // exchanges the code in the address for tokens
import { Hub } from 'aws-amplify/utils';

const at = (id) => document.getElementById(id);

const show = async () => {
  const { tokens } = await fetchAuthSession(); // waits for an exchange that is under way
  at('start').hidden = Boolean(tokens);
  at('done').hidden = !tokens;
  at('who').textContent = tokens?.idToken.payload.email ?? '';
  at('token').textContent = tokens?.accessToken.payload.jti ?? '';
};

const onClick = (button, act) => button.addEventListener('click', async () => {
  at('problem').textContent = '';
  await act().catch((error) => { at('problem').textContent = error.message; });
});

onClick(at('sign-in'), () => signInWithRedirect()); // leaves the page
onClick(at('refresh'), async () => {
  await fetchAuthSession({ forceRefresh: true });
  await show();
});
onClick(at('sign-out'), () => signOut()); // revokes the refresh token and leaves the page, for the domain to forget the user

// What went wrong on the domain's pages, or that the user came back without signing in.
Hub.listen('auth', ({ payload: { event, data } }) => {
  if (event === 'signInWithRedirect_failure') at('problem').textContent = data.error.message;
});

// { "domain": …, without https://, "userPoolId": …, "userPoolClientId": … }; on your machine "userPoolEndpoint", too.
const { domain, ...ids } = await (await fetch('config.json')).json();
const here = `${location.origin}/`; // in the app client's callback_urls and logout_urls, character by character
Amplify.configure({
  Auth: {
    Cognito: {
      ...ids,
      loginWith: {
        oauth: {
          domain, responseType: 'code', redirectSignIn: [here], redirectSignOut: [here],
          scopes: ['openid', 'email', 'aws.cognito.signin.user.admin'],
        },
      },
    },
  },
});
await show();
