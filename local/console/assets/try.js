// Sign up, confirm and sign in as a person would from an app: each step is a call of the API.
import {html, nothing} from './lit/lit-html.js';
import {ApiError, operation, secretHash} from './api.js';
import {attempt, code, copyButton, say} from './parts.js';
import {changed, store} from './store.js';
import {explain} from './tokens.js';
import {poolChoice, poolOf} from './users.js';

const flows = {
  USER_PASSWORD_AUTH: 'Password', USER_AUTH: 'Choice of the first factor', CUSTOM_AUTH: 'Custom challenge',
};

// elsewhere says who can do what this page cannot: the arithmetic of SRP is a library's.
const elsewhere = {
  USER_SRP_AUTH: 'USER_SRP_AUTH: Amplify, amazon-cognito-identity-js, pycognito, and pooltest in Go sign in by it.',
};

const state = {client: '', name: '', asked: undefined, secret: '', tokens: undefined, problem: ''};

const clientOf = pool => pool?.clients.find(c => c.id === state.client) ?? pool?.clients[0];

// step is a form's call. What the pool refuses is shown above the forms.
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

const clean = members => Object.fromEntries(Object.entries(members).filter(([, v]) => v !== undefined && v !== ''));

const hashOf = (pool, client) => secretHash(pool, client, state.name);

const signUp = step(async (form, pool, client) => {
  state.name = form.get('name');
  const attributes = [...form].filter(([k, v]) => k.startsWith('attribute.') && v)
    .map(([k, v]) => ({Name: k.slice('attribute.'.length), Value: v}));
  const out = await operation('SignUp', {ClientId: client.id, Username: state.name, UserAttributes: attributes,
    SecretHash: await hashOf(pool, client), Password: form.get('password') || undefined});
  say(out.UserConfirmed ? 'Signed up and confirmed' : 'Signed up; a code is in the inbox');
});

const confirmSignUp = step(async (form, pool, client) => {
  await operation('ConfirmSignUp', {ClientId: client.id, Username: state.name,
    ConfirmationCode: form.get('code').trim(), SecretHash: await hashOf(pool, client)});
  say('Confirmed');
});

function next(out) {
  state.secret = '';
  state.tokens = out.AuthenticationResult;
  state.asked = out.ChallengeName ? out : undefined;
  if (state.tokens) store.tokens = [{user: state.name, ...state.tokens}, ...store.tokens].slice(0, 20);
}

const signIn = step(async (form, pool, client) => {
  state.name = form.get('name');
  state.tokens = state.asked = undefined;
  next(await operation('InitiateAuth', {ClientId: client.id, AuthFlow: form.get('flow'), AuthParameters: clean({
    USERNAME: state.name, PASSWORD: form.get('password'), SECRET_HASH: await hashOf(pool, client)})}));
});

// answers name the members that answer a challenge.
const answers = {
  SMS_MFA: ['SMS_MFA_CODE'], EMAIL_OTP: ['EMAIL_OTP_CODE'], SMS_OTP: ['SMS_OTP_CODE'],
  SOFTWARE_TOKEN_MFA: ['SOFTWARE_TOKEN_MFA_CODE'], NEW_PASSWORD_REQUIRED: ['NEW_PASSWORD'], PASSWORD: ['PASSWORD'],
  SELECT_CHALLENGE: ['ANSWER', 'PASSWORD'], SELECT_MFA_TYPE: ['ANSWER'], CUSTOM_CHALLENGE: ['ANSWER'],
};

const answer = async (pool, client, given) => {
  const {ChallengeName, Session} = state.asked;
  next(await operation('RespondToAuthChallenge', {ClientId: client.id, ChallengeName, Session,
    ChallengeResponses: clean({...given, USERNAME: state.name, SECRET_HASH: await hashOf(pool, client)})}));
};

const respond = step((form, pool, client) => answer(pool, client, Object.fromEntries(form)));

// An app for codes is set up in two steps: the pool gives a secret, and takes a code that the app makes of it.
const associate = step(async () => {
  const out = await operation('AssociateSoftwareToken', {Session: state.asked.Session});
  state.secret = out.SecretCode;
  state.asked = {...state.asked, Session: out.Session};
});

const verify = step(async (form, pool, client) => {
  const out = await operation('VerifySoftwareToken', {Session: state.asked.Session, UserCode: form.get('code').trim()});
  state.asked = {...state.asked, Session: out.Session};
  await answer(pool, client, {});
});

const setUp = () => state.secret
  ? html`<p>Put this secret into an app for codes, and type the code that it shows.</p>${code(state.secret, 'secret')}
    <form @submit=${verify}><label>Code of the app <input name="code" required inputmode="numeric"></label>
    <button type="submit">Verify</button></form>`
  : html`<form @submit=${associate}><button type="submit">Set up an app for codes</button></form>`;

const questions = asked => asked.ChallengeName === 'MFA_SETUP' ? setUp()
  : answers[asked.ChallengeName] ? html`<form @submit=${respond}>${answers[asked.ChallengeName].map(name =>
    html`<label>${name} <input name=${name} autocomplete="off"></label>`)}<button type="submit">Answer</button></form>`
    : html`<p>This page cannot answer it; a client library can.</p>`;

const parameter = ([name, value]) =>
  html`<tr><th scope="row"><code>${name}</code></th><td><code>${value}</code></td></tr>`;

const challenge = asked => html`<section class="card" aria-labelledby="asked"><h2 id="asked">${asked.ChallengeName}</h2>
  ${asked.AvailableChallenges ? html`<p>One of ${asked.AvailableChallenges.join(', ')}</p>` : nothing}
  ${Object.keys(asked.ChallengeParameters ?? {}).length ? html`<div class="scroll"><table><tbody>
    ${Object.entries(asked.ChallengeParameters).map(parameter)}</tbody></table></div>` : nothing}
  ${questions(asked)}</section>`;

function toToken(token) {
  location.hash = '#/token';
  explain(token);
}

const given = tokens => html`<section class="card" aria-labelledby="tokens">
  <h2 id="tokens">${state.name} is signed in</h2>
  <ul class="chips">${['IdToken', 'AccessToken', 'RefreshToken'].filter(n => tokens[n]).map(n => html`<li>${n}
    ${copyButton(tokens[n], n)} ${n === 'RefreshToken' ? nothing : html`<button type="button" class="small"
      aria-label="Explain ${n}" @click=${() => toToken(tokens[n])}>Explain</button>`}</li>`)}</ul></section>`;

const required = pool => (pool.settings.Schema ?? []).filter(a => a.Required && a.Name !== 'sub').map(a => a.Name);

const name = () => html`<label>Username <input name="name" required .value=${state.name} autocomplete="off"></label>`;

const signUpForm = pool => html`<section aria-labelledby="sign-up"><h2 id="sign-up">1. Sign up</h2>
  <form id="sign-up-form" @submit=${signUp}>${name()}
  <label>Password <input name="password" type="password" autocomplete="new-password"></label>
  ${[...new Set(['email', ...required(pool)])].map(n =>
    html`<label>${n} <input name="attribute.${n}" autocomplete="off"></label>`)}
  <button type="submit">Sign up</button></form></section>`;

const confirmForm = () => html`<section aria-labelledby="confirm"><h2 id="confirm">2. Confirm</h2>
  <p>The code is in the <a href="#/inbox">inbox</a>.</p><form id="confirm-form" @submit=${confirmSignUp}>
  <label>Code <input name="code" required autocomplete="one-time-code"></label>
  <button type="submit">Confirm ${state.name}</button></form></section>`;

function signInForm(client) {
  const allowed = client.settings.ExplicitAuthFlows ?? [];
  const isAllowed = ([flow]) => allowed.includes(`ALLOW_${flow}`);
  const [mine, others] = [flows, elsewhere].map(all => Object.entries(all).filter(isAllowed));
  return html`<section aria-labelledby="sign-in"><h2 id="sign-in">3. Sign in</h2>
    ${mine.length === 0 ? nothing : html`<form id="sign-in-form" @submit=${signIn}>${name()}
      <label>Password <input name="password" type="password" autocomplete="current-password"></label>
      <label>Flow <select name="flow">
        ${mine.map(([f, text]) => html`<option value=${f}>${text}</option>`)}</select></label>
      <button type="submit">Sign in</button></form>`}
    ${others.map(([, text]) => html`<p class="note">${text}</p>`)}</section>`;
}

function chooseClient(e) {
  state.client = e.target.value;
  changed();
}

export const tryIt = () => {
  const pool = poolOf();
  const client = clientOf(pool);
  if (!client) return html`<h1>Try it</h1><p class="empty">There is no pool with an app client yet.</p>`;
  return html`<h1>Try it</h1>
    <form class="filters" @submit=${e => e.preventDefault()}>${poolChoice()}
      <label>App client <select @change=${chooseClient}>${pool.clients.map(c =>
        html`<option value=${c.id} ?selected=${c.id === client.id}>${c.name}</option>`)}</select></label></form>
    ${state.problem ? html`<p class="reads" role="alert">${state.problem} <a href="#/">See why in the timeline</a></p>`
      : nothing}
    ${state.asked ? challenge(state.asked) : nothing}${state.tokens ? given(state.tokens) : nothing}
    <div class="cards">${signUpForm(pool)}${confirmForm()}${signInForm(client)}</div>`;
};
