// The page: which part of it is shown, by the address after #.
import {html, nothing, render} from './lit/lit-html.js';
import {event, openEvent} from './event.js';
import {groups, openGroups} from './groups.js';
import {inbox, openMessage} from './inbox.js';
import {pools} from './pool.js';
import {follow, load, loadStack, store, subscribe} from './store.js';
import {timeline} from './timeline.js';
import {tokens} from './tokens.js';
import {tryIt} from './try.js';
import {openUsers, users} from './users.js';

const pages = {
  '': {title: 'Timeline', show: timeline},
  event: {title: 'Event', show: event, open: openEvent, under: ''},
  inbox: {title: 'Inbox', show: inbox, open: openMessage},
  users: {title: 'Users', show: users, open: openUsers},
  groups: {title: 'Groups', show: groups, open: openGroups},
  token: {title: 'Token', show: tokens},
  pool: {title: 'Pool', show: pools, open: () => loadStack().catch(() => {})},
  try: {title: 'Try it', show: tryIt},
};

const here = () => {
  const [name, rest] = location.hash.replace(/^#\/?/, '').split(/\/(.*)/s);
  if (!Object.hasOwn(pages, name)) return ['', ''];
  try {
    return [name, decodeURIComponent(rest ?? '')];
  } catch {
    return [name, '']; // an address that somebody mistyped
  }
};

const link = (name, current) =>
  html`<a href="#/${name}" aria-current=${name === current ? 'page' : nothing}>${pages[name].title}</a>`;

function skip(e) {
  e.preventDefault();
  document.getElementById('main').focus();
}

function show() {
  const [name] = here();
  const current = pages[name].under ?? name;
  document.title = `${pages[name].title} – local user pool`;
  render(html`
    <a class="skip" href="#main" @click=${skip}>Skip to content</a>
    <header><span class="brand">Local user pool</span>
      <nav aria-label="Console">${Object.keys(pages).filter(n => n !== 'event').map(n => link(n, current))}</nav>
      <span class="state ${store.live ? 'on' : ''}" role="status">${store.live ? 'live' : 'connecting …'}</span>
    </header>
    <main id="main" tabindex="-1">${pages[name].show()}</main>
    <p id="said" role="status" aria-live="polite"></p>`, document.getElementById('page'));
  document.querySelector('nav [aria-current=page]')?.scrollIntoView?.({block: 'nearest', inline: 'nearest'});
}

function navigate() {
  const [name, rest] = here();
  pages[name].open?.(rest);
  show();
  scrollTo(0, 0);
}

// The slash leads to the search field of the page, as in many tools.
function keys(e) {
  if (e.key !== '/' || e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.target.closest?.('input, textarea, select')) return;
  const field = document.querySelector('[role=search] input');
  if (!field) return;
  e.preventDefault();
  field.focus();
}

document.getElementById('page').replaceChildren();
subscribe(show);
const [after] = await Promise.all([load(), loadStack()]);
addEventListener('hashchange', navigate);
addEventListener('keydown', keys);
navigate();
performance.mark('ready');
await follow(after);
