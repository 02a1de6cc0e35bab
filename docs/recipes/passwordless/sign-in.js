// Signs in by a code or a link, with amazon-cognito-identity-js. The page has no form, and nothing happens without a
// person's click: a scanner that opens a link, runs scripts or submits forms has sent nothing.
(() => {
  const { AuthenticationDetails, CognitoUser, CognitoUserPool } = window.AmazonCognitoIdentity;
  const { userPoolId: UserPoolId, clientId: ClientId, endpoint } = window.signIn;
  const Pool = new CognitoUserPool({ UserPoolId, ClientId, endpoint });
  const at = (id) => document.getElementById(id);

  // A link opens in a tab of its own, so the session that it belongs to is kept for all tabs of this browser.
  const kept = {
    get: () => JSON.parse(localStorage.getItem('sign-in') ?? 'null'),
    set: (session) => localStorage.setItem('sign-in', JSON.stringify(session)),
    clear: () => localStorage.removeItem('sign-in'),
  };

  const show = (section, who = '') => {
    for (const each of document.querySelectorAll('section')) each.hidden = each.id !== section;
    for (const each of document.querySelectorAll('.who')) each.textContent = who;
    at('problem').textContent = '';
  };

  // Only a real click counts: el.click() and dispatchEvent() make events that are not trusted.
  const onClick = (id, act) => at(id).addEventListener('click', async (event) => {
    if (!event.isTrusted) return;
    at(id).disabled = true;
    try {
      await act();
    } catch (error) {
      // Cognito's text for the end of every sign-in speaks of passwords.
      const ended = error.code === 'NotAuthorizedException';
      at('problem').textContent = ended ? 'This does not work any more. Ask for another code or link.' : error.message;
    } finally {
      at(id).disabled = false;
    }
  });

  const userOf = (Username, session) => Object.assign(new CognitoUser({ Username, Pool }), { Session: session });

  // One step of the sign-in: { challenge, ... } if Cognito asks something, { tokens } at the end.
  const step = (call) => new Promise((resolve, reject) => call({
    onSuccess: (tokens) => resolve({ tokens }),
    onFailure: reject,
    customChallenge: resolve,
  }));
  const begin = (user) => step((on) => user.initiateAuth(new AuthenticationDetails({ Username: user.getUsername() }), on));
  const answer = (user, text, metadata) => step((on) => user.sendCustomChallengeAnswer(text, on, metadata));

  // Begins a sign-in and chooses how, if there is a choice.
  const ask = async (user, method) => {
    const asked = await begin(user);
    if (asked.challenge !== 'CHOOSE') return asked;
    return answer(user, method, { sign_in_method: method, locale: navigator.language });
  };

  let user;
  const signedIn = ({ tokens }) => {
    kept.clear();
    show('done', tokens.getIdToken().payload.email);
  };

  onClick('by-code', async () => {
    user = userOf(at('email').value.trim());
    await ask(user, 'EMAIL_CODE');
    show('typing', user.getUsername());
    at('code').focus();
  });

  onClick('check', async () => {
    const next = await answer(user, at('code').value);
    if (next.tokens) return signedIn(next);
    at('code').value = '';
    throw new Error('This is not the code. Try again.');
  });

  onClick('by-link', async () => {
    user = userOf(at('email').value.trim());
    await ask(user, 'MAGIC_LINK');
    kept.set({ name: user.getUsername(), session: user.Session });
    show('waiting', user.getUsername());
  });

  // User name and token are in the fragment, which no server gets. They leave the address bar and the history at once.
  const link = new URLSearchParams(location.hash.slice(1));
  history.replaceState(null, '', location.pathname + location.search);

  onClick('use-link', async () => {
    const asked = kept.get();
    if (asked) {
      user = userOf(asked.name, asked.session);
    } else { // on another device, where the pool's settings allow that
      user = userOf(link.get('user'));
      await ask(user, 'HAVE_LINK');
    }
    signedIn(await answer(user, link.get('token'))); // a wrong token ends the sign-in with an error
  });

  show(link.get('token') ? 'opened' : 'start');
})();
