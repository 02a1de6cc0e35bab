// Signs in with a passkey or a password, and lets the user add and delete passkeys, with Amplify.
import { Amplify } from 'aws-amplify';
import {
  associateWebAuthnCredential, deleteWebAuthnCredential, getCurrentUser, listWebAuthnCredentials, signIn, signOut,
} from 'aws-amplify/auth';

// { "userPoolId": …, "userPoolClientId": … }; on your machine with the pool's address as "userPoolEndpoint", too.
const Cognito = await (await fetch('config.json')).json();
Amplify.configure({ Auth: { Cognito } });

const at = (id) => document.getElementById(id);

const show = (section) => {
  for (const each of document.querySelectorAll('section')) each.hidden = each.id !== section;
  at('problem').textContent = '';
};

const onClick = (button, act) => button.addEventListener('click', async () => {
  button.disabled = true;
  at('problem').textContent = '';
  try {
    await act();
  } catch (error) {
    at('problem').textContent = error.message;
  } finally {
    button.disabled = false;
  }
});

// One call for each way. What the user does not have cannot be chosen: Cognito then offers what there is.
const begin = async (preferredChallenge, password) => {
  const { isSignedIn } = await signIn({
    username: at('email').value.trim(), password, options: { authFlowType: 'USER_AUTH', preferredChallenge },
  });
  if (!isSignedIn) throw new Error('There is no passkey here for this address. Sign in with your password and add one.');
  await signedIn();
};

const listed = async () => {
  const { credentials } = await listWebAuthnCredentials();
  at('passkeys').replaceChildren(...credentials.map(({ credentialId, friendlyCredentialName, createdAt }) => {
    const entry = document.createElement('li');
    const remove = document.createElement('button');
    remove.textContent = 'Delete';
    remove.className = 'plain';
    entry.append(`${friendlyCredentialName}, ${createdAt.toLocaleDateString()} `, remove);
    onClick(remove, async () => {
      await deleteWebAuthnCredential({ credentialId });
      await listed();
    });
    return entry;
  }));
  at('count').textContent = credentials.length;
};

const signedIn = async () => {
  const { signInDetails } = await getCurrentUser();
  show('done');
  at('who').textContent = signInDetails?.loginId ?? '';
  await listed();
};

onClick(at('by-passkey'), () => begin('WEB_AUTHN'));
onClick(at('by-password'), () => begin('PASSWORD_SRP', at('password').value));
onClick(at('add'), async () => {
  await associateWebAuthnCredential();
  await listed();
});
onClick(at('sign-out'), async () => {
  await signOut();
  show('start');
});

await signedIn().catch(() => show('start'));
