// Small parts that several pages use.
import {html, nothing} from './lit/lit-html.js';

export const time = at => new Date(at).toLocaleTimeString([], {hour12: false});

export const ms = value => value === undefined ? '' : value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;

// functionName returns the name in a function's ARN.
export const functionName = arn => arn.split(':function:').pop().split(':')[0];

// split separates an error's name from its text.
export function split(outcome) {
  const at = outcome.indexOf(': ');
  return at < 0 ? [outcome, ''] : [outcome.slice(0, at), outcome.slice(at + 2)];
}

export function badge(outcome) {
  if (outcome === undefined) return html`<span class="badge runs">running</span>`;
  if (outcome === 'ok') return html`<span class="badge good">ok</span>`;
  return html`<span class="badge bad">${split(outcome)[0]}</span>`;
}

// say tells screen readers and everybody else what a button did.
export function say(text) {
  const place = document.getElementById('said');
  if (!place) return;
  place.textContent = text;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { place.textContent = ''; }, 6000);
}

export async function copy(text, what) {
  await navigator.clipboard.writeText(text);
  say(`Copied ${what}`);
}

export const copyButton = (text, what) =>
  html`<button type="button" class="small" @click=${() => copy(text, what)}>Copy ${what}</button>`;

export const code = (text, what) => html`<div class="code"><pre tabindex="0" aria-label=${what}>${text}</pre>
  ${copyButton(text, what)}</div>`;

// attempt runs what a button does, and says what went wrong.
export const attempt = run => async event => {
  event?.preventDefault();
  const button = event?.submitter ?? event?.currentTarget;
  if (button) button.disabled = true;
  try {
    await run(event);
  } catch (problem) {
    say(`${problem.name === 'Error' ? '' : `${problem.name}: `}${problem.message}`);
  } finally {
    if (button) button.disabled = false;
  }
};

// differences lists where two JSON values differ: the path, and both values, undefined where there is none.
export function differences(a, b, path = '') {
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  const object = v => v !== null && typeof v === 'object' && !Array.isArray(v);
  if (!object(a) || !object(b)) return [{path, before: a, after: b}];
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].flatMap(name => differences(a[name], b[name], path ? `${path}.${name}` : name));
}

const show = value => value === undefined ? '–' : JSON.stringify(value);

export const differenceTable = (list, before, after) => list.length === 0 ? nothing : html`
  <div class="scroll" tabindex="0" role="region" aria-label="Differences"><table>
  <thead><tr><th scope="col">Member</th><th scope="col">${before}</th><th scope="col">${after}</th></tr></thead>
  <tbody>${list.map(d => html`<tr><th scope="row"><code>${d.path}</code></th>
    <td><code class="before">${show(d.before)}</code></td><td><code class="after">${show(d.after)}</code></td></tr>`)}
  </tbody></table></div>`;

// tree shows a JSON value. Lines whose path is among the marked ones are highlighted.
export function tree(value, marked = new Set(), path = '', name = undefined, last = true) {
  const key = name === undefined ? nothing : html`<span class="key">${JSON.stringify(name)}</span>: `;
  const comma = last ? '' : ',';
  const isMarked = marked.has(path);
  const line = content => isMarked ? html`<mark>${content}</mark>` : content;
  if (value !== null && typeof value === 'object') {
    const list = Array.isArray(value);
    const entries = Object.entries(value);
    const [open, close] = list ? ['[', ']'] : ['{', '}'];
    if (entries.length === 0) return html`<div class="leaf">${line(html`${key}${open}${close}${comma}`)}</div>`;
    return html`<div class="leaf">${line(html`${key}${open}`)}<div class="inner">${entries.map(([k, v], i) =>
      tree(v, marked, path ? `${path}.${k}` : k, list ? undefined : k, i === entries.length - 1))}</div>${close}${comma}</div>`;
  }
  return html`<div class="leaf">${line(html`${key}<span class=${typeof value}>${JSON.stringify(value)}</span>${comma}`)}</div>`;
}
