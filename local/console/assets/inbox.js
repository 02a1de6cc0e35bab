// The messages that the pool and its functions delivered.
import {html, nothing} from './lit/lit-html.js';
import {repeat} from './lit/directives/repeat.js';
import {copyButton, time} from './parts.js';
import {changed, store} from './store.js';

let shown = 0; // number of the open message; 0: the newest
let narrow = false;
let words = '';

export function openMessage(number) {
  shown = Number(number) || 0;
  changed();
}

const item = m => html`<li><a href="#/inbox/${m.number}" aria-current=${m.number === shown ? 'true' : nothing}>
  <time datetime=${m.at}>${time(m.at)}</time> <strong>${m.to}</strong>
  <span>${m.kind === 'SMS' ? 'SMS' : m.subject}</span></a></li>`;

const body = m => m.kind === 'SMS'
  ? html`<div class="bubble" lang="und">${m.body}</div>`
  : html`<div class="frame ${narrow ? 'phone' : ''}"><iframe sandbox="" title="The mail to ${m.to}"
      src="api/messages/${m.number}"></iframe></div>`;

const message = m => html`<article aria-labelledby="subject">
  <h2 id="subject">${m.kind === 'SMS' ? `SMS to ${m.to}` : m.subject}</h2>
  <p class="facts"><span>to ${m.to}</span> <time datetime=${m.at}>${time(m.at)}</time>
    <span class="note">${m.from || m.source}</span></p>
  ${m.code ? html`<p class="mailcode"><output>${m.code}</output> ${copyButton(m.code, 'code')}</p>` : nothing}
  ${m.kind === 'SMS' ? nothing : html`<div class="choice" role="group" aria-label="Width">
    <button type="button" aria-pressed=${String(!narrow)} @click=${() => { narrow = false; changed(); }}>Desktop</button>
    <button type="button" aria-pressed=${String(narrow)} @click=${() => { narrow = true; changed(); }}>Phone</button></div>`}
  ${body(m)}</article>`;

export const inbox = () => {
  const list = store.messages.filter(m => `${m.to} ${m.userName} ${m.subject ?? ''}`.toLowerCase().includes(words));
  const open = store.messages.find(m => m.number === shown) ?? list[0];
  return html`<h1>Inbox</h1>
    <form class="filters" role="search" @submit=${e => e.preventDefault()}><label>Search <input type="search"
      @input=${e => { words = e.target.value.toLowerCase(); changed(); }}></label>
      ${store.stack.previews ? html`<a href="previews/">All messages in all languages</a>` : nothing}</form>
    ${list.length === 0 ? html`<p class="empty">No message yet.</p>` : html`<div class="mailbox">
      <ul class="mails" aria-label="Messages, newest first">${repeat(list.slice(0, 200), m => m.number, item)}</ul>
      ${open ? message(open) : nothing}</div>`}`;
};
