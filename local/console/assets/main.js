// The page: which part of it is shown, by the address after #.
import {html, render} from './lit/lit-html.js';
import {event, openEvent} from './event.js';
import {inbox, openMessage} from './inbox.js';
import {pools} from './pool.js';
import {follow, load, loadMessages, loadStack, store, subscribe} from './store.js';
import {timeline} from './timeline.js';
import {tokens} from './tokens.js';
import {tryIt} from './try.js';
import {openUsers, users} from './users.js';

const pages = {
  '': {title: 'Timeline', show: timeline},
  event: {title: 'Event', show: event, open: openEvent, under: ''},
  inbox: {title: 'Inbox', show: inbox, open: openMessage},
  users: {title: 'Users', show: users, open: openUsers},
  token: {title: 'Token', show: tokens},
  pool: {title: 'Pool', show: pools, open: () => loadStack()},
  try: {title: 'Try it', show: tryIt},
};

const here = () => {
  const [name, rest] = location.hash.replace(/^#\/?/, '').split(/\/(.*)/s);
  return pages[name] ? [name, decodeURIComponent(rest ?? '')] : ['', ''];
};

const link = (name, current) => html`<a href="#/${name}" aria-current=${name === current ? 'page' : 'false'}>${pages[name].title}</a>`;

function show() {
  const [name] = here();
  const current = pages[name].under ?? name;
  document.title = `${pages[name].title} – local user pool`;
  render(html`
    <a class="skip" href="#main" @click=${e => { e.preventDefault(); document.getElementById('main').focus(); }}>Skip to content</a>
    <header><span class="brand">Local user pool</span>
      <nav aria-label="Console">${['', 'inbox', 'users', 'token', 'pool', 'try'].map(n => link(n, current))}</nav>
      <span class="state ${store.live ? 'on' : ''}" role="status">${store.live ? 'live' : 'connecting …'}</span></header>
    <main id="main" tabindex="-1">${pages[name].show()}</main>
    <p id="said" role="status" aria-live="polite"></p>`, document.getElementById('page'));
}

function navigate() {
  const [name, rest] = here();
  pages[name].open?.(rest);
  show();
  scrollTo(0, 0);
}

document.getElementById('page').replaceChildren();
subscribe(show);
const after = await load();
follow(after);
await Promise.all([loadStack(), loadMessages()]);
addEventListener('hashchange', navigate);
navigate();
performance.mark('ready');
