// One event of a trigger: what the function got, what it answered, and what came of it.
import {html, nothing} from './lit/lit-html.js';
import {get, send} from './api.js';
import {differences, differenceTable} from './difference.js';
import {attempt, badge, code, copyButton, functionName, ms, quoted, region, say, split, time, tree} from './parts.js';
import {changed, store} from './store.js';

let shown; // the event
let again; // what a replay gave
let problem = '';
let faults = {};
let kind = 'fail'; // of the fault that is chosen

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
  faults = await send('PUT', `faults/${encodeURIComponent(shown.function)}`,
    {kind, calls: Number(form.get('calls')), ms: kind === 'delay' ? Number(form.get('ms')) : 0});
  say(`The next calls of ${functionName(shown.function)} get this fault`);
  changed();
});

const clearFault = attempt(async () => {
  faults = await send('DELETE', `faults/${encodeURIComponent(shown.function)}`);
  changed();
});

const outcome = e => e.outcome === 'ok' ? nothing : html`
  <section class="error" aria-labelledby="reads"><h2 id="reads">
    ${e.asynchronous ? 'What went wrong' : 'What the client reads'}</h2>
  <p><strong>${split(e.outcome)[0]}</strong><br>${split(e.outcome)[1]}</p>
  ${e.asynchronous ? html`<p class="note">Cognito does not wait for this trigger: the client knows nothing of it.</p>`
    : nothing}</section>`;

const problems = e => e.problems?.length ? html`
  <section class="odd" aria-labelledby="rules"><h2 id="rules">Why</h2>
  <ul>${e.problems.map(p => html`<li>${p}</li>`)}</ul></section>` : nothing;

const changes = e => {
  const list = e.returned ? differences(e.event, e.returned) : [];
  return html`<section aria-labelledby="changes"><h2 id="changes">What the function changed</h2>
    ${e.returned ? nothing : html`<p>It gave no answer.</p>`}
    ${e.returned && list.length === 0 ? html`<p>Nothing: the event went back as it came.</p>` : nothing}
    ${differenceTable(list, 'Event', 'Answer')}
    <div class="twice">
      <details open><summary>Event${list.length || !e.returned ? '' : ' and answer'}</summary>
        ${region('Event', tree(e.event), 'json')}
        ${copyButton(JSON.stringify(e.event, null, 2), 'event')}</details>
      ${list.length ? html`<details open><summary>Answer</summary>
        ${region('Answer', tree(e.returned, new Set(list.map(d => d.path))), 'json')}
        ${copyButton(JSON.stringify(e.returned, null, 2), 'answer')}</details>` : nothing}
    </div>
    ${e.hidden?.length ? html`<p class="note">Not kept, and shown as "...": ${e.hidden.join(', ')}.</p>` : nothing}
    </section>`;
};

const attemptOf = (a, i) => html`<li>
  <div class="head"><strong>Attempt ${i + 1}</strong>
    <span class="badge ${a.outcome === 'answered' ? 'good' : 'bad'}">${a.outcome}</span>
    <span class="ms">${ms(a.ms)}</span>
    <span class="note">${a.cold ? `cold start, ${ms(a.initMs ?? 0)} of it` : 'warm'}</span></div>
  ${a.detail ? html`<p class="reads">${a.detail}</p>` : nothing}
  ${a.log?.length ? html`<pre tabindex="0" role="region" aria-label="What the function printed in attempt ${i + 1}">${
    a.log.map(l => l.text).join('\n')}</pre>` : nothing}</li>`;

const attempts = e => html`<section aria-labelledby="attempts"><h2 id="attempts">Attempts</h2>
  <ol class="attempts">${(e.attempts ?? []).map(attemptOf)}</ol></section>`;

const line = l => html`<tr><td class="ms">${time(l.at)}</td><td>${l.level ?? ''}</td><td><code>${l.text}${l.fields
  ? ` ${JSON.stringify(l.fields)}` : ''}</code></td></tr>`;

// lines are also those that the function printed after its answer.
const lines = e => e.lines?.length ? html`<section aria-labelledby="lines"><h2 id="lines">Log lines</h2>
  ${region('Log lines', html`<table><thead><tr><th scope="col">Time</th><th scope="col">Level</th>
    <th scope="col">Line</th></tr></thead><tbody>${e.lines.map(line)}</tbody></table>`)}</section>` : nothing;

const replayed = e => {
  if (!again) return nothing;
  const list = differences(e.returned ?? {}, again.returned ?? {});
  return html`<section class="replayed" aria-labelledby="replayed"><h2 id="replayed">Replay</h2>
    <p>${badge(again.outcome)} in ${ms(again.ms)}.
      ${again.outcome === e.outcome ? nothing : html`The first time: ${badge(e.outcome)}`}</p>
    ${again.outcome === 'ok' ? nothing : html`<p>${split(again.outcome)[1]}</p>`}
    ${again.problems?.length ? html`<ul>${again.problems.map(p => html`<li>${p}</li>`)}</ul>` : nothing}
    ${list.length === 0 && again.outcome === e.outcome ? html`<p>The present code answers as it did then.</p>`
      : nothing}
    ${differenceTable(list, 'Then', 'Now')}</section>`;
};

const faultKinds = [['fail', 'an error'], ['crash', 'a crash'], ['malformed', 'an answer that is not JSON'],
  ['delay', 'a delay']];

const faultForm = e => html`<form @submit=${fault}>
  <label>The next calls get <select name="kind" @change=${x => { kind = x.target.value; changed(); }}>
    ${faultKinds.map(([value, text]) => html`<option value=${value} ?selected=${kind === value}>${text}</option>`)}
  </select></label>
  <label>Calls <input name="calls" type="number" min="1" max="1000" value="1" required></label>
  ${kind === 'delay' ? html`<label>Milliseconds
    <input name="ms" type="number" min="1" max="60000" value="6000"></label>`
    : nothing}
  <button type="submit">Inject fault</button>
  ${faults[e.function] ? html`<p class="note left">${faults[e.function].kind} for ${faults[e.function].calls} more
    <button type="button" class="small" @click=${clearFault}>Clear</button></p>` : nothing}</form>`;

const curl = e => `curl -s -X POST ${location.origin}/console/api/events/${e.number}/replay`;

const tools = e => html`<section class="tools" aria-labelledby="tools"><h2 id="tools">Do more</h2>
  <div class="cards">
  <div><h3>Run it again</h3><p>With the present code; the pool and its users stay as they are.</p>
    <button type="button" id="replay" @click=${replay}>Replay</button></div>
  ${store.stack.saves ? html`<div><h3>Golden case</h3><form id="save" @submit=${save}><label>Function and case
    <input name="name" required pattern="[^\\/]+/[^\\/]+"
      .value=${`${functionName(e.function)}/${e.source}-case`}></label>
    <button type="submit">Save</button></form></div>` : nothing}
  <div id="fault"><h3>Fault</h3>${faultForm(e)}</div></div>
  <details><summary>On the command line</summary>
  ${store.stack.command ? code(`${store.stack.command} events --save ${e.number} ${
    quoted(`testevents/${functionName(e.function)}/${e.source}-case`)}`, 'poolctl line') : nothing}
  ${code(curl(e), 'curl line')}</details></section>`;

export const event = () => {
  if (problem) return html`<h1>Event</h1><p class="empty">${problem}</p>`;
  if (!shown) return html`<h1>Event</h1><p class="quiet">Loading …</p>`;
  const e = shown;
  return html`
    <nav aria-label="Back"><a href="#/">← Timeline</a></nav>
    <h1>${e.source}</h1>
    <p class="facts">${badge(e.outcome)} <strong>${functionName(e.function)}</strong> <span>${e.userName}</span>
      <time datetime=${e.at}>${time(e.at)}</time> <span>${ms(e.ms)}</span>
      <span class="note">event ${e.number}</span></p>
    ${outcome(e)}${problems(e)}${replayed(e)}
    ${e.attempts?.length > 1 ? [attempts(e), changes(e)] : [changes(e), attempts(e)]}${lines(e)}${tools(e)}`;
};
