// One event of a trigger: what the function got, what it answered, and what came of it.
import {html, nothing} from './lit/lit-html.js';
import {get, send} from './api.js';
import {attempt, badge, code, copyButton, differences, differenceTable, functionName, ms, say, split, time, tree} from './parts.js';
import {changed, store} from './store.js';

let shown; // the event
let again; // what a replay gave
let problem = '';
let faults = {};

export async function openEvent(number) {
  shown = again = undefined;
  problem = '';
  changed();
  try {
    [shown, faults] = await Promise.all([get(`events/${number}`), get('faults')]);
  } catch (e) {
    problem = e.message;
  }
  changed();
}

const replay = attempt(async () => {
  again = await send('POST', `events/${shown.number}/replay`);
  changed();
});

const save = attempt(async e => {
  const {files} = await send('POST', `events/${shown.number}/save`, {name: new FormData(e.target).get('name')});
  say(`Saved ${files.join(', ')}`);
});

const fault = attempt(async e => {
  const form = new FormData(e.target);
  faults = await send('PUT', `faults/${encodeURIComponent(shown.function)}`, {
    kind: form.get('kind'), calls: Number(form.get('calls')), ms: form.get('kind') === 'delay' ? Number(form.get('ms')) : 0,
  });
  say(`The next calls of ${functionName(shown.function)} get this fault`);
  changed();
});

const clearFault = attempt(async () => {
  faults = await send('DELETE', `faults/${encodeURIComponent(shown.function)}`);
  changed();
});

const attempts = e => html`
  <h2>Attempts</h2>
  <ol class="attempts">${(e.attempts ?? []).map((a, i) => html`<li>
    <div class="head"><strong>Attempt ${i + 1}</strong> <span class="badge ${a.outcome === 'answered' ? 'good' : 'bad'}">
      ${a.outcome}</span> <span class="ms">${ms(a.ms)}</span>
      <span class="note">${a.cold ? `cold start, ${ms(a.initMs ?? 0)} of it` : 'warm'}</span></div>
    ${a.detail ? html`<p class="reads">${a.detail}</p>` : nothing}
    ${a.log?.length ? html`<pre tabindex="0" aria-label="What the function printed in attempt ${i + 1}">${a.log.map(l =>
      l.text).join('\n')}</pre>` : nothing}
  </li>`)}</ol>`;

const outcome = e => e.outcome === 'ok' ? nothing : html`
  <section class="error" aria-labelledby="reads"><h2 id="reads">What the client reads</h2>
  <p><strong>${split(e.outcome)[0]}</strong> ${split(e.outcome)[1]}</p>
  ${e.asynchronous ? html`<p class="note">Cognito does not wait for this trigger, so the client knows nothing of it.</p>` : nothing}
  </section>`;

const problems = e => e.problems?.length ? html`
  <section><h2>Rules of Cognito that the answer breaks</h2><ul>${e.problems.map(p => html`<li>${p}</li>`)}</ul></section>` : nothing;

const changes = e => {
  const list = e.returned ? differences(e.event, e.returned) : [];
  return html`<section><h2>What the function changed</h2>
    ${e.returned ? nothing : html`<p>There is no answer that is JSON.</p>`}
    ${e.returned && list.length === 0 ? html`<p>Nothing: the event went back as it came.</p>` : nothing}
    ${differenceTable(list, 'Event', 'Answer')}
    <div class="twice">
      <details open><summary>Event ${copyButton(JSON.stringify(e.event, null, 2), 'event')}</summary>
        <div class="json" tabindex="0" role="region" aria-label="Event">${tree(e.event)}</div></details>
      ${e.returned ? html`<details open><summary>Answer</summary><div class="json" tabindex="0" role="region" aria-label="Answer">
        ${tree(e.returned, new Set(list.map(d => d.path)))}</div></details>` : nothing}
    </div>
    ${e.hidden?.length ? html`<p class="note">Not kept, and shown as "...": ${e.hidden.join(', ')}.</p>` : nothing}</section>`;
};

const replayed = e => again ? html`<section><h2>Replay</h2>
  <p>${badge(again.outcome)} in ${ms(again.ms)}. ${again.outcome === e.outcome ? nothing
    : html`The first time: ${badge(e.outcome)}.`}</p>
  ${differences(e.returned, again.returned).length === 0 && again.outcome === e.outcome
    ? html`<p>The present code answers as it did then.</p>` : nothing}
  ${differenceTable(differences(e.returned ?? {}, again.returned ?? {}), 'Then', 'Now')}</section>` : nothing;

const tools = e => html`<section class="tools"><h2>Do more</h2>
  <button type="button" @click=${replay}>Replay with the present code</button>
  ${store.stack.saves ? html`<form @submit=${save}><label>Golden case
    <input name="name" required pattern="[^\/]+\/[^\/]+" .value=${`${functionName(e.function)}/${e.source}-`}></label>
    <button type="submit">Save</button></form>` : nothing}
  <form @submit=${fault}><label>Fault <select name="kind">
      <option value="fail">an error</option><option value="crash">a crash</option>
      <option value="malformed">an answer that is not JSON</option><option value="delay">a delay</option></select></label>
    <label>for calls <input name="calls" type="number" min="1" max="1000" value="1" required></label>
    <label>delay in ms <input name="ms" type="number" min="1" max="60000" value="6000"></label>
    <button type="submit">Inject</button>
    ${faults[e.function] ? html`<span class="note">${faults[e.function].kind} for ${faults[e.function].calls} more</span>
      <button type="button" class="small" @click=${clearFault}>Clear</button>` : nothing}</form>
  ${code(`build/poolctl events --save ${e.number} testevents/${functionName(e.function)}/NAME`, 'command')}</section>`;

export const event = () => {
  if (problem) return html`<h1>Event</h1><p class="empty">${problem}</p>`;
  if (!shown) return html`<h1>Event</h1><p class="quiet">Loading …</p>`;
  const e = shown;
  return html`
    <p><a href="#/">Timeline</a></p>
    <h1>${e.source}</h1>
    <p class="facts">${badge(e.outcome)} <span>${functionName(e.function)}</span> <span>${e.userName}</span>
      <time datetime=${e.at}>${time(e.at)}</time> <span>${ms(e.ms)}</span> <span class="note">event ${e.number}</span></p>
    ${outcome(e)}${problems(e)}${replayed(e)}${changes(e)}${attempts(e)}${tools(e)}`;
};
