// The messages that the pool and its functions delivered.
import {html, nothing} from './lit/lit-html.js';
import {repeat} from './lit/directives/repeat.js';
import {get} from './api.js';
import {attempt, choice, copyButton, day, time} from './parts.js';
import {changed, query, store} from './store.js';

let list = []; // newest first
let before = 0; // number with which older ones continue
let read = -1; // value of store.messages when the list was read
let shown = 0; // number of the open message; 0: the newest
let narrow = false;
let words = '';
let typing;

async function load(more = false) {
  read = store.messages;
  const page = await get(`messages?${query({search: words, before: more ? before : undefined})}`);
  list = more ? [...list, ...page.messages] : page.messages;
  before = page.before ?? 0;
  changed();
}

export function openMessage(number) {
  shown = Number(number) || 0;
  return load().catch(() => {}); // the page says that the pool is gone
}

function search(text) {
  words = text;
  clearTimeout(typing);
  typing = setTimeout(() => load().catch(() => {}), 150);
}

const item = open => m => html`<li><a href="#/inbox/${m.number}" aria-current=${m === open ? 'true' : nothing}>
  <span class="line"><strong>${m.to}</strong> <time datetime=${m.at}>${time(m.at)}</time></span>
  <span class="subject">${m.kind === 'SMS' ? `SMS: ${m.body}` : m.subject}</span></a></li>`;

const body = m => m.kind === 'SMS'
  ? html`<div class="bubble">${m.body}</div>`
  : html`<div class="frame ${narrow ? 'phone' : ''}"><iframe sandbox="" title="The mail to ${m.to}"
      src="api/messages/${m.number}"></iframe></div>`;

// links are outside the frame, in which nothing can be followed.
const links = m => m.links?.length ? html`<details class="links"><summary>Links in this mail</summary>
  <ul>${m.links.map(l => html`<li><a href=${l} target="_blank" rel="noopener noreferrer">${l}</a></li>`)}</ul>
  </details>` : nothing;

const message = m => html`<article aria-labelledby="subject">
  <h2 id="subject">${m.kind === 'SMS' ? `SMS to ${m.to}` : m.subject}</h2>
  <p class="facts"><span>to ${m.to}</span> <time datetime=${m.at}>${day(m.at)}</time>
    <span class="note">${m.from || m.source}</span></p>
  ${m.code ? html`<p class="mailcode"><output>${m.code}</output> ${copyButton(m.code, 'code')}</p>` : nothing}
  ${m.kind === 'SMS' ? nothing : choice('Width', [[false, 'Desktop'], [true, 'Phone']], narrow, value => {
    narrow = value;
    changed();
  })}
  ${body(m)}${links(m)}</article>`;

export const inbox = () => {
  if (read !== store.messages) load().catch(() => {});
  const open = list.find(m => m.number === shown) ?? list[0];
  return html`<h1>Inbox</h1>
    <form class="filters" role="search" @submit=${e => e.preventDefault()}><label>Receiver, user or subject
      <input type="search" @input=${e => search(e.target.value)}></label>
      ${store.stack.previews ? html`<a class="aside" href="previews/">All messages in all languages</a>` : nothing}
    </form>
    ${list.length === 0 ? html`<p class="empty">${words ? 'No message matches.'
      : 'No message yet. Codes and invitations appear here.'}</p>` : html`<div class="mailbox">
      <div><ul class="mails" aria-label="Messages, newest first">${repeat(list, m => m.number, item(open))}</ul>
      ${before ? html`<button type="button" class="more" @click=${attempt(() => load(true))}>Show older</button>`
        : nothing}
      </div>${open ? message(open) : nothing}</div>`}`;
};
