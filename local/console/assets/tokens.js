// A token, explained: whether it is valid, and where each claim comes from.
import {html, nothing} from './lit/lit-html.js';
import {send} from './api.js';
import {attempt} from './parts.js';
import {changed} from './store.js';

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

const value = c => c.left ? html`<span class="note">not in the token</span>` : html`<code>${JSON.stringify(c.value)}</code>`;

const answer = () => html`
  <p class="facts"><span class="badge ${explained.valid ? 'good' : 'bad'}">${explained.valid ? 'valid' : 'not valid'}</span>
    <span>${explained.use || 'unknown'} token</span>
    <span>${explained.minutesLeft > 0 ? `${Math.floor(explained.minutesLeft)} minutes left` : 'expired'}</span>
    ${explained.event ? html`<a href="#/event/${explained.event}">pre token generation</a>` : nothing}</p>
  ${explained.problem ? html`<p class="reads">${explained.problem}</p>` : nothing}
  <div class="scroll" tabindex="0" role="region" aria-label="Claims"><table><thead><tr><th scope="col">Claim</th>
    <th scope="col">Value</th><th scope="col">From</th></tr></thead>
  <tbody>${explained.claims.map(c => html`<tr><th scope="row"><code>${c.name}</code></th><td>${value(c)}</td>
    <td><span class="from ${c.from === 'trigger' ? 'odd' : ''}">${c.from}</span> <span class="note">${c.note ?? ''}</span></td>
    </tr>`)}</tbody></table></div>`;

export const tokens = () => html`<h1>Token</h1>
  <form @submit=${attempt(e => explain(new FormData(e.target).get('token')))}>
    <label for="token">ID or access token</label>
    <textarea id="token" name="token" rows="5" required spellcheck="false" .value=${text}></textarea>
    <button type="submit">Explain</button></form>
  ${problem ? html`<p class="reads" role="alert">${problem}</p>` : nothing}
  ${explained ? answer() : html`<p class="note">A token stays on this machine and is not kept. <a href="#/try">Sign in as
    somebody</a> to get one.</p>`}`;
