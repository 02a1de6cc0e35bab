// The timeline: what clients called, newest first, with the triggers that each call fired beneath it.
import {html, nothing} from './lit/lit-html.js';
import {repeat} from './lit/directives/repeat.js';
import {attempt, badge, choice, functionName, ms, split, time} from './parts.js';
import {choose, older, store} from './store.js';

const triggers = [
  ['', 'Any trigger'], ['PreSignUp', 'Pre sign-up'], ['PostConfirmation', 'Post confirmation'],
  ['PreAuthentication', 'Pre authentication'], ['PostAuthentication', 'Post authentication'],
  ['TokenGeneration', 'Pre token generation'], ['CustomMessage', 'Custom message'], ['UserMigration', 'User migration'],
  ['DefineAuthChallenge', 'Define auth challenge'], ['CreateAuthChallenge', 'Create auth challenge'],
  ['VerifyAuthChallengeResponse', 'Verify auth challenge'], ['CustomEmailSender', 'Custom email sender'],
  ['CustomSMSSender', 'Custom SMS sender'], ['InboundFederation', 'Inbound federation'],
];

const outcomes = [['', 'All'], ['ok', 'Fine'], ['failed', 'With problems']];

let typing;

// search waits until somebody stops typing.
function search(user) {
  store.filter = {...store.filter, user};
  clearTimeout(typing);
  typing = setTimeout(() => choose({user}), 200);
}

const filters = () => html`
  <form class="filters" role="search" @submit=${e => e.preventDefault()}>
    <label>User <input type="search" .value=${store.filter.user} placeholder="any"
      @input=${e => search(e.target.value)}></label>
    <label>Trigger <select @change=${e => choose({trigger: e.target.value})}>${triggers.map(([value, text]) =>
      html`<option value=${value} ?selected=${store.filter.trigger === value}>${text}</option>`)}</select></label>
    ${choice('Outcome', outcomes, store.filter.outcome, outcome => choose({outcome}))}
    <span class="aside note">${store.total} ${store.total === 1 ? 'call' : 'calls'}</span>
  </form>`;

const trigger = e => html`
  <li><a class="trigger ${e.outcome === 'ok' ? (e.problems || e.attempts > 1 ? 'odd' : '') : 'failed'}"
    href="#/event/${e.number}">
    <span class="source">${e.source}</span>
    <span class="function">${functionName(e.function)}</span>
    <span class="note">${[e.attempts > 1 ? `${e.attempts} attempts` : '', e.cold ? 'cold start' : ''].filter(Boolean)
      .join(', ')}</span>
    <span class="ms">${ms(e.ms)}</span>
    <span class="came">${badge(e.outcome)}
      ${e.problems && e.outcome === 'ok' ? html`<span class="badge odd">see why</span>` : nothing}</span>
  </a></li>`;

const sent = n => html`<li><a class="trigger mail" href="#/inbox/${n}">✉ Message ${n}</a></li>`;

// fired lists each trigger and message that a call caused.
const fired = r => r.events.length || r.messages?.length
  ? html`<ul class="fired">${r.events.map(trigger)}${(r.messages ?? []).map(sent)}</ul>` : nothing;

const row = r => html`
  <li class="call">
    <div class="head">
      <time datetime=${r.at}>${time(r.at)}</time>
      <strong>${r.operation}</strong>
      <span class="user">${r.userName ?? ''}</span>
      <span class="ms">${ms(r.ms)}</span>
      ${badge(r.outcome)}
    </div>
    ${r.outcome && r.outcome !== 'ok' ? html`<p class="reads">${split(r.outcome)[1]}</p>` : nothing}
    ${fired(r)}
  </li>`;

const empty = () => html`<p class="empty">${Object.values(store.filter).some(Boolean)
  ? 'No call matches the filter.'
  : html`Nobody has called the pool yet. <a href="#/try">Sign somebody up</a>, or send a call from your app.`}</p>`;

export const timeline = () => html`
  <h1>Timeline</h1>
  ${filters()}
  ${store.rows.length === 0 ? empty() : nothing}
  <ol class="calls" aria-label="Calls, newest first">${repeat(store.rows, r => r.id, row)}</ol>
  ${store.before ? html`<button type="button" class="more" @click=${attempt(older)}>Show older calls</button>`
    : nothing}`;
