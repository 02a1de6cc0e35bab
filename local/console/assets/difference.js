// What differs between two JSON values, member by member, and within long texts word by word.
import {html, nothing} from './lit/lit-html.js';

const isObject = value => value !== null && typeof value === 'object' && !Array.isArray(value);

// differences lists where two JSON values differ: the path, and both values, undefined where there is none.
export function differences(a, b, path = '') {
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  if (!isObject(a) || !isObject(b)) return [{path, before: a, after: b}];
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].flatMap(name => differences(a[name], b[name], path ? `${path}.${name}` : name));
}

const most = 400; // words of a text that are compared one by one

// words splits two texts into parts: {text, kept: true}, {text, before: true} or {text, after: true}.
export function words(a, b) {
  const [left, right] = [a, b].map(text => text.match(/\s+|[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) ?? []);
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start++;
  let end = 0;
  while (end < left.length - start && end < right.length - start && left.at(-1 - end) === right.at(-1 - end)) end++;
  const middle = [left.slice(start, left.length - end), right.slice(start, right.length - end)];
  const parts = [{text: left.slice(0, start).join(''), kept: true}, ...compared(...middle),
    {text: left.slice(left.length - end).join(''), kept: true}];
  return parts.filter(part => part.text !== '');
}

// compared finds the longest words in common. Texts that are too long for that differ as a whole.
function compared(left, right) {
  const [rows, columns] = [left.length, right.length];
  if (rows > most || columns > most) {
    return [{text: left.join(''), before: true}, {text: right.join(''), after: true}];
  }
  const common = Array.from({length: rows + 1}, () => new Uint16Array(columns + 1));
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      common[i][j] = left[i] === right[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  const parts = [];
  const add = (text, kind) => parts.at(-1)?.[kind] ? parts.at(-1).text += text : parts.push({text, [kind]: true});
  let [i, j] = [0, 0];
  while (i < rows || j < columns) {
    if (i < rows && j < columns && left[i] === right[j]) {
      add(left[i++], 'kept');
      j++;
    } else if (i < rows && (j === columns || common[i + 1][j] >= common[i][j + 1])) add(left[i++], 'before');
    else add(right[j++], 'after');
  }
  return parts;
}

const show = value => value === undefined ? html`<span class="note">none</span>`
  : typeof value === 'string' ? value : JSON.stringify(value, null, 2);

// texts shows the two sides of a difference: what both have is quiet, what one has is marked.
function texts({before, after}) {
  const nothingBefore = before === undefined || before === null;
  if (nothingBefore && typeof after === 'string') return [show(before), html`<ins>${after}</ins>`];
  if (typeof before !== 'string' || typeof after !== 'string') return [show(before), show(after)];
  const parts = words(before, after);
  return ['before', 'after'].map(side => parts.filter(part => part.kept || part[side]).map(part =>
    part.kept ? part.text : side === 'before' ? html`<del>${part.text}</del>` : html`<ins>${part.text}</ins>`));
}

const one = d => {
  const [before, after] = texts(d);
  return html`<tr><th scope="row"><code>${d.path || 'everything'}</code></th>
    <td><div class="before">${before}</div></td><td><div class="after">${after}</div></td></tr>`;
};

export const differenceTable = (list, before, after) => list.length === 0 ? nothing : html`
  <div class="scroll" tabindex="0" role="region" aria-label="Differences"><table class="differences">
  <thead><tr><th scope="col">Member</th><th scope="col">${before}</th><th scope="col">${after}</th></tr></thead>
  <tbody>${list.map(one)}</tbody></table></div>`;
