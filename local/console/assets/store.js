// What the page knows: the newest rows of the timeline, kept up to date by the pool's stream, and what surrounds them.
import {get} from './api.js';

const most = 1000; // rows and messages that the page keeps

export const store = {
  rows: [], // newest first: a call of a client with the triggers that it fired
  before: 0, // ID with which older rows continue; 0 if there are none
  total: 0,
  filter: {user: '', trigger: '', outcome: ''},
  stack: {pools: [], functions: []},
  tokens: [], // that "Try it" got, newest first; they end with the page
  messages: 0, // how many messages came since the page was loaded: the inbox reads its list again
  live: false, // whether the stream is connected
};

const listeners = new Set();
let due = false;

// subscribe calls a function, at most once per frame, when the store has changed.
export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function changed() {
  if (due) return;
  due = true;
  const tell = () => {
    due = false;
    for (const listener of listeners) listener();
  };
  if (document.hidden) setTimeout(tell, 250); // frames rest there
  else requestAnimationFrame(tell);
}

export const query = members => new URLSearchParams(
  Object.entries(members).filter(([, value]) => value !== '' && value !== undefined)).toString();

// choose filters the timeline by other members.
export function choose(filter) {
  store.filter = {...store.filter, ...filter};
  load().catch(() => {}); // the page says that the pool is gone
}

let loading; // what the stream said since the newest load began

// load reads the newest rows that match the filter. It returns where the stream continues. What the stream says
// meanwhile may be newer than the answer, and is taken again.
export async function load() {
  const mine = loading = [];
  let page;
  try {
    page = await get(`timeline?${query({...store.filter, limit: 100})}`);
  } finally {
    if (loading === mine) loading = undefined;
  }
  if (loading) return page.after; // a later filter is on its way
  store.rows = page.rows;
  store.before = page.before ?? 0;
  store.total = page.total;
  waiting.clear();
  for (const [kind, data] of mine) take(kind, data);
  changed();
  return page.after;
}

// older adds the rows before the last one.
export async function older() {
  const page = await get(`timeline?${query({...store.filter, limit: 200, before: store.before})}`);
  store.rows = [...store.rows, ...page.rows];
  store.before = page.before ?? 0;
  changed();
}

export async function loadStack() {
  store.stack = await get('stack');
  changed();
}

const failed = row => (row.outcome !== undefined && row.outcome !== 'ok') ||
  row.events.some(e => e.outcome !== 'ok' || e.problems || e.attempts > 1);

// matches reports whether a row is to be shown. The server's timeline applies the same rules.
export function matches(row, {user, trigger, outcome} = store.filter) {
  const has = name => (name ?? '').toLowerCase().includes(user.toLowerCase());
  if (user && !has(row.userName) && !row.events.some(e => has(e.userName))) return false;
  if (trigger && !row.events.some(e => e.source.startsWith(trigger))) return false;
  return !outcome || (outcome === 'failed') === failed(row);
}

// waiting holds rows that do not match the filter, or not yet: what a call fires decides.
const waiting = new Map();

const find = id => waiting.get(id) ?? store.rows.find(row => row.id === id);

function place(row) {
  const shown = store.rows.includes(row);
  if (!matches(row)) {
    if (!shown) waiting.set(row.id, row);
    if (waiting.size > 200) waiting.delete(waiting.keys().next().value);
    return;
  }
  waiting.delete(row.id);
  if (shown) return;
  store.rows = [row, ...store.rows];
  store.total++;
  if (store.rows.length <= most) return;
  store.rows = store.rows.slice(0, most);
  store.before = store.rows[most - 1].id; // what was dropped is read again
}

function take(kind, data) {
  loading?.push([kind, data]);
  if (kind === 'call') {
    const row = find(data.id) ?? {events: []};
    place(Object.assign(row, data));
  } else if (kind === 'event') {
    const row = find(data.call);
    if (row && !row.events.some(e => e.number === data.number)) {
      row.events.push(data);
      place(row);
    }
  } else {
    store.messages++;
    const row = find(data.call);
    if (row) row.messages = [...new Set([...row.messages ?? [], data.number])];
  }
  changed();
}

const pause = ms => new Promise(done => setTimeout(done, ms));

// follow keeps the store up to date. After an interruption it reads everything anew, for the pool may be another run.
export async function follow(after) {
  for (;;) {
    await listen(after);
    store.live = false;
    changed();
    for (after = undefined; after === undefined;) {
      await pause(1000);
      try {
        after = await load();
        await loadStack();
      } catch {} // the pool is not back yet
    }
  }
}

// listen takes what the stream says, until it breaks.
const listen = after => new Promise(broken => {
  const stream = new EventSource(`/local/stream?after=${after}`);
  stream.onopen = () => {
    store.live = true;
    changed();
  };
  stream.onerror = () => {
    stream.close();
    broken();
  };
  for (const kind of ['call', 'event', 'message']) {
    stream.addEventListener(kind, e => take(kind, JSON.parse(e.data)));
  }
});
