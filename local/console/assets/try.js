// Sign up, confirm and sign in as a person would from an app: each step is a call of the API.
import {html, nothing} from './lit/lit-html.js';
import {ApiError, operation, secretHash} from './api.js';
import {attempt, copyButton, say} from './parts.js';
import {changed, store} from './store.js';
import {explain} from './tokens.js';
import {poolChoice, poolOf} from './users.js';

const flows = {
  USER_PASSWORD_AUTH: 'Password', USER_AUTH: 'Choice of the first factor', CUSTOM_AUTH: 'Custom challenge',
};

const state = {client: '', name: '', asked: undefined, tokens: undefined, problem: ''};

const clientOf = pool => pool?.clients.find(c => c.id === state.client) ?? pool?.clients[0];

const step = run => attempt(async e => {
  state.problem = '';
  try {
    await run(new FormData(e.target), poolOf(), clientOf(poolOf()));
  } catch (problem) {
    if (!(problem instanceof ApiError)) throw problem;
    state.problem = `${problem.name}: ${problem.message}`;
  }
  changed();
});

const signUp = step(async (form, pool, client) => {
  state.name = form.get('name');
  const hash = await secretHash(pool, client, state.name);
  const attributes = [...form].filter(([k, v]) => k.startsWith('attribute.') && v)
    .map(([k, v]) => ({Name: k.slice('attribute.'.length), Value: v}));
  const out = await operation('SignUp', {ClientId: client.id, Username: state.name, SecretHash: hash,
    Password: form.get('password') || undefined, UserAttributes: attributes});
  say(out.UserConfirmed ? 'Signed up and confirmed' : 'Signed up; a code is in the inbox');
});

const confirm = step(async (form, pool, client) => {
  await operation('ConfirmSignUp', {ClientId: client.id, Username: state.name, ConfirmationCode: form.get('code').trim(),
    SecretHash: await secretHash(pool, client, state.name)});
  say('Confirmed');
});

const next = out => {
  state.tokens = out.AuthenticationResult;
  state.asked = out.ChallengeName ? out : undefined;
};

const signIn = step(async (form, pool, client) => {
  state.name = form.get('name');
  state.tokens = state.asked = undefined;
  next(await operation('InitiateAuth', {ClientId: client.id, AuthFlow: form.get('flow'), AuthParameters: clean({
    USERNAME: state.name, PASSWORD: form.get('password'), SECRET_HASH: await secretHash(pool, client, state.name)})}));
});

const clean = object => Object.fromEntries(Object.entries(object).filter(([, v]) => v !== undefined && v !== ''));

// answers name the members that answer a challenge.
const answers = {
  SMS_MFA: ['SMS_MFA_CODE'], EMAIL_OTP: ['EMAIL_OTP_CODE'], SMS_OTP: ['SMS_OTP_CODE'],
  SOFTWARE_TOKEN_MFA: ['SOFTWARE_TOKEN_MFA_CODE'], NEW_PASSWORD_REQUIRED: ['NEW_PASSWORD'], PASSWORD: ['PASSWORD'],
  SELECT_CHALLENGE: ['ANSWER', 'PASSWORD'], SELECT_MFA_TYPE: ['ANSWER'], CUSTOM_CHALLENGE: ['ANSWER'],
};

const respond = step(async (form, pool, client) => {
  const asked = state.asked;
  next(await operation('RespondToAuthChallenge', {ClientId: client.id, ChallengeName: asked.ChallengeName,
    Session: asked.Session, ChallengeResponses: clean({...Object.fromEntries(form), USERNAME: state.name,
      SECRET_HASH: await secretHash(pool, client, state.name)})}));
});

const challenge = asked => html`<section aria-labelledby="asked"><h2 id="asked">${asked.ChallengeName}</h2>
  ${asked.AvailableChallenges ? html`<p>One of ${asked.AvailableChallenges.join(', ')}</p>` : nothing}
  <div class="scroll"><table><tbody>${Object.entries(asked.ChallengeParameters ?? {}).map(([k, v]) => html`<tr>
    <th scope="row"><code>${k}</code></th><td><code>${v}</code></td></tr>`)}</tbody></table></div>
  ${answers[asked.ChallengeName] ? html`<form @submit=${respond}>${answers[asked.ChallengeName].map(name =>
    html`<label>${name} <input name=${name} autocomplete="off"></label>`)}<button type="submit">Answer</button></form>`
    : html`<p>This page cannot answer it; a client library can.</p>`}</section>`;

const given = tokens => html`<section aria-labelledby="tokens"><h2 id="tokens">Tokens</h2><ul class="chips">
  ${['IdToken', 'AccessToken', 'RefreshToken'].filter(n => tokens[n]).map(n => html`<li>${n} ${copyButton(tokens[n], n)}
    ${n === 'RefreshToken' ? nothing : html`<button type="button" class="small"
      @click=${() => { location.hash = '#/token'; explain(tokens[n]); }}>Explain</button>`}</li>`)}</ul></section>`;

const required = pool => (pool.settings.Schema ?? []).filter(a => a.Required && a.Name !== 'sub').map(a => a.Name);

export const tryIt = () => {
  const pool = poolOf();
  const client = clientOf(pool);
  if (!client) return html`<h1>Try it</h1><p class="empty">There is no pool with an app client yet.</p>`;
  const names = [...new Set(['email', ...required(pool)])];
  const allowed = client.settings.ExplicitAuthFlows ?? [];
  return html`<h1>Try it</h1>
    <form class="filters">${poolChoice()}<label>App client <select @change=${e => { state.client = e.target.value; changed(); }}>
      ${pool.clients.map(c => html`<option value=${c.id} ?selected=${c.id === client.id}>${c.name}</option>`)}</select></label></form>
    ${state.problem ? html`<p class="reads" role="alert">${state.problem}</p>` : nothing}
    <div class="cards">
    <section aria-labelledby="sign-up"><h2 id="sign-up">Sign up</h2><form @submit=${signUp}>
      <label>Username <input name="name" required .value=${state.name} autocomplete="off"></label>
      <label>Password <input name="password" type="password" autocomplete="new-password"></label>
      ${names.map(n => html`<label>${n} <input name="attribute.${n}" autocomplete="off"></label>`)}
      <button type="submit">Sign up</button></form></section>
    <section aria-labelledby="confirm"><h2 id="confirm">Confirm</h2><p>The code is in the <a href="#/inbox">inbox</a>.</p>
      <form @submit=${confirm}><label>Code <input name="code" required autocomplete="one-time-code"></label>
      <button type="submit">Confirm ${state.name}</button></form></section>
    <section aria-labelledby="sign-in"><h2 id="sign-in">Sign in</h2><form @submit=${signIn}>
      <label>Username <input name="name" required .value=${state.name} autocomplete="off"></label>
      <label>Password <input name="password" type="password" autocomplete="current-password"></label>
      <label>Flow <select name="flow">${Object.entries(flows).filter(([f]) => allowed.includes(`ALLOW_${f}`)).map(([f, text]) =>
        html`<option value=${f}>${text}</option>`)}</select></label><button type="submit">Sign in</button></form></section>
    ${state.asked ? challenge(state.asked) : nothing}${state.tokens ? given(state.tokens) : nothing}</div>`;
};
