// A token, explained: whether it is valid, and where each claim comes from.
import {html, nothing} from './lit/lit-html.js';
import {send} from './api.js';
import {attempt, day, region, time} from './parts.js';
import {changed, store} from './store.js';

let text = '';
let explained;
let problem = '';

export async function explain(token) {
  text = token;
  explained = undefined;
  problem = '';
  if (token.trim()) {
    try {
      explained = await send('POST', 'token', {token});
    } catch (e) {
      problem = e.message;
    }
  }
  changed();
}

const times = ['auth_time', 'exp', 'iat', 'nbf'];

const value = c => c.left ? html`<span class="note">not in the token</span>`
  : html`<code>${JSON.stringify(c.value)}</code>${times.includes(c.name) && Number.isFinite(c.value)
    ? html` <span class="note">${day(c.value * 1000)}</span>` : nothing}`;

const claim = c => html`<tr><th scope="row"><code>${c.name}</code></th><td>${value(c)}</td>
  <td><span class="from ${c.from === 'trigger' ? 'odd' : ''}">${c.from}</span>
    <span class="note">${c.note ?? ''}</span></td></tr>`;

const left = t =>
  t.minutesLeft > 0 ? `${Math.floor(t.minutesLeft)} minutes left, until ${time(t.expires)}` : 'expired';

const uses = {id: 'ID token', access: 'Access token'};

const answer = t => html`<section aria-labelledby="explained"><h2 id="explained">${uses[t.use] ?? 'Unknown token'}</h2>
  <p class="facts"><span class="badge ${t.valid ? 'good' : 'bad'}">${t.valid ? 'valid' : 'not valid'}</span>
    <span>${left(t)}</span>
    ${t.event ? html`<a href="#/event/${t.event}">the event of pre token generation</a>` : nothing}</p>
  ${t.problem ? html`<p class="reads">${t.problem}</p>` : nothing}
  ${region('Claims', html`<table class="claims"><thead><tr><th scope="col">Claim</th><th scope="col">Value</th>
    <th scope="col">Comes from</th></tr></thead><tbody>${t.claims.map(claim)}</tbody></table>`)}</section>`;

// known are the tokens of sign-ins on this page.
const known = () => store.tokens.length === 0 ? html`<p class="note">A token stays on this machine and is not kept.
    <a href="#/try">Sign in as somebody</a> to get one.</p>`
  : html`<ul class="chips" aria-label="Tokens of this page's sign-ins">${store.tokens.map(t => html`<li>${t.user}
    <button type="button" class="small" @click=${() => explain(t.IdToken)}>ID</button>
    <button type="button" class="small" @click=${() => explain(t.AccessToken)}>Access</button></li>`)}</ul>`;

export const tokens = () => html`<h1>Token</h1>
  <form @submit=${attempt(e => explain(new FormData(e.target).get('token')))}>
    <label class="wide" for="token">ID or access token
    <textarea id="token" name="token" rows="4" required spellcheck="false" .value=${text}></textarea></label>
    <button type="submit">Explain</button></form>
  ${known()}
  ${problem ? html`<p class="reads" role="alert">${problem}</p>` : nothing}
  ${explained ? answer(explained) : nothing}`;
