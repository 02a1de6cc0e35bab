// Small parts that several pages use.
import {html} from './lit/lit-html.js';

export const time = at => new Date(at).toLocaleTimeString([], {hour12: false});

export const day = at => new Date(at).toLocaleString([], {dateStyle: 'medium', timeStyle: 'short', hour12: false});

export const ms = value =>
  value === undefined ? '' : value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;

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
  html`<button type="button" class="small" @click=${attempt(() => copy(text, what))}>Copy ${what}</button>`;

export const code = (text, what) => html`<div class="code">
  <pre tabindex="0" role="region" aria-label=${what}>${text}</pre>
  ${copyButton(text, what)}</div>`;

// quoted returns a text as a word of a shell.
export const quoted = text => `'${text.replaceAll("'", "'\\''")}'`;

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

// choice is a group of buttons of which one is pressed. Options are pairs of value and text.
export const choice = (label, options, value, choose) => html`
  <div class="choice" role="group" aria-label=${label}>${options.map(([one, text]) => html`<button type="button"
    aria-pressed=${String(one === value)} @click=${() => choose(one)}>${text}</button>`)}</div>`;

// region is a part that scrolls by itself, also by keyboard.
export const region = (label, content, kind = 'scroll') =>
  html`<div class=${kind} tabindex="0" role="region" aria-label=${label}>${content}</div>`;

// tree shows a JSON value. Lines whose path is among the marked ones are highlighted.
export function tree(value, marked = new Set(), path = '', name = undefined, last = true) {
  const key = name === undefined ? '' : html`<span class="key">${JSON.stringify(name)}</span>: `;
  const comma = last ? '' : ',';
  const line = content => marked.has(path) ? html`<mark>${content}</mark>` : content;
  if (value === null || typeof value !== 'object') {
    const shown = html`<span class=${typeof value}>${JSON.stringify(value)}</span>`;
    return html`<div class="leaf">${line(html`${key}${shown}${comma}`)}</div>`;
  }
  const list = Array.isArray(value);
  const entries = Object.entries(value);
  const [opening, closing] = list ? ['[', ']'] : ['{', '}'];
  if (entries.length === 0) return html`<div class="leaf">${line(html`${key}${opening}${closing}${comma}`)}</div>`;
  const inner = entries.map(([k, v], i) =>
    tree(v, marked, path ? `${path}.${k}` : k, list ? undefined : k, i === entries.length - 1));
  return html`<div class="leaf">${line(html`${key}${opening}`)}<div class="inner">${inner}</div>
    ${closing}${comma}</div>`;
}
