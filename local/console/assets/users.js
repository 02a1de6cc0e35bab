// The users of a pool. Each button is a call of the API, which the timeline shows.
import {html, nothing} from './lit/lit-html.js';
import {repeat} from './lit/directives/repeat.js';
import {operation} from './api.js';
import {attempt, badge, day, region, say} from './parts.js';
import {changed, choose, loadStack, store} from './store.js';

const state = {pool: undefined, users: [], next: '', words: '', open: undefined};

export const poolOf = () => store.stack.pools.find(p => p.id === state.pool) ?? store.stack.pools[0];

export function choosePool(id) {
  state.pool = id;
  changed();
}

const attribute = (user, name) =>
  (user.Attributes ?? user.UserAttributes ?? []).find(a => a.Name === name)?.Value ?? '';

// called is the name by which people know a user.
export const called = user => attribute(user, 'email') || attribute(user, 'phone_number') || user.Username;

async function list(more = false) {
  const pool = poolOf();
  if (!pool) return;
  const words = state.words.replaceAll(/["\\]/g, '');
  const by = words.includes('@') ? 'email' : words.startsWith('+') ? 'phone_number' : 'username';
  const page = await operation('ListUsers', {UserPoolId: pool.id, Limit: 60,
    Filter: words === '' ? undefined : `${by} ^= "${words}"`, PaginationToken: more ? state.next : undefined});
  state.users = more ? [...state.users, ...page.Users] : page.Users;
  state.next = page.PaginationToken ?? '';
  changed();
}

async function open(name) {
  const key = {UserPoolId: poolOf().id, Username: name};
  const [user, groups, devices, factors, sessions] = await Promise.all([
    operation('AdminGetUser', key), operation('AdminListGroupsForUser', key),
    operation('AdminListDevices', key).catch(() => ({Devices: []})), // the pool remembers none
    operation('AdminGetUserAuthFactors', key).catch(() => ({})),
    operation('AdminListUserSessions', key).catch(() => ({Sessions: []})), // the pool lists none
  ]);
  state.open = {...user, groups: groups.Groups.map(g => g.GroupName), devices: devices.Devices,
    sessions: sessions.Sessions, factors: factors.ConfiguredUserAuthFactors ?? []};
  changed();
}

export async function openUsers(name) {
  state.open = undefined;
  try {
    await Promise.all([list(), name ? open(name) : undefined]);
  } catch (e) {
    say(e.message);
  }
}

// act calls an operation about the open user, and shows what became of them.
const act = (name, more = () => ({}), done = 'Done') => attempt(async e => {
  const form = e.target instanceof HTMLFormElement ? new FormData(e.target) : undefined;
  const input = more(form);
  if (input === undefined) return;
  await operation(name, {UserPoolId: poolOf().id, Username: state.open.Username, ...input});
  say(done);
  if (name === 'AdminDeleteUser') {
    location.hash = '#/users';
    return;
  }
  await Promise.all([open(state.open.Username), list()]);
});

const button = (text, operation, more, done) =>
  html`<button type="button" class="plain" @click=${act(operation, more, done)}>${text}</button>`;

const create = attempt(async e => {
  const form = new FormData(e.target);
  const email = form.get('email');
  const {User} = await operation('AdminCreateUser', {UserPoolId: poolOf().id, Username: form.get('name') || email,
    MessageAction: form.get('invite') ? undefined : 'SUPPRESS', TemporaryPassword: form.get('password') || undefined,
    UserAttributes: email ? [{Name: 'email', Value: email}, {Name: 'email_verified', Value: 'true'}] : []});
  e.target.reset();
  await loadStack();
  location.hash = `#/users/${encodeURIComponent(User.Username)}`;
});

const setPassword = act('AdminSetUserPassword', f => ({Password: f.get('password'), Permanent: true}),
  'The password is set');

const addToGroup = act('AdminAddUserToGroup', f => ({GroupName: f.get('group')}));

const setAttribute = act('AdminUpdateUserAttributes',
  f => ({UserAttributes: [{Name: f.get('name'), Value: f.get('value')}]}));

const buttons = u => html`<div class="buttons">
  ${u.UserStatus === 'UNCONFIRMED' ? button('Confirm', 'AdminConfirmSignUp') : nothing}
  ${u.Enabled ? button('Disable', 'AdminDisableUser') : button('Enable', 'AdminEnableUser')}
  ${button('Reset password', 'AdminResetUserPassword', undefined, 'A reset code was sent')}
  ${button('Sign out everywhere', 'AdminUserGlobalSignOut', undefined, 'Signed out everywhere')}
  <button type="button" class="danger" @click=${act('AdminDeleteUser',
    () => confirm(`Delete ${u.Username}?`) ? {} : undefined, 'Deleted')}>Delete</button></div>
  <form @submit=${setPassword}>
    <label>New password <input name="password" type="text" autocomplete="off" required></label>
    <button type="submit">Set</button></form>`;

const groups = u => {
  const others = poolOf().groups.filter(g => !u.groups.includes(g));
  return html`<h3>Groups</h3>
    ${u.groups.length ? html`<ul class="chips">${u.groups.map(g => html`<li>${g} <button type="button" class="small"
      aria-label="Remove from ${g}" @click=${act('AdminRemoveUserFromGroup', () => ({GroupName: g}))}>Remove</button>
      </li>`)}</ul>` : html`<p class="note">None.</p>`}
    ${others.length === 0 ? nothing : html`<form @submit=${addToGroup}>
      <label>Group <select name="group">${others.map(g => html`<option>${g}</option>`)}</select></label>
      <button type="submit">Add</button></form>`}`;
};

const attributes = u => html`<h3>Attributes</h3>
  ${region('Attributes', html`<table><tbody>${u.UserAttributes.map(a => html`<tr>
    <th scope="row"><code>${a.Name}</code></th><td>${a.Value}</td></tr>`)}</tbody></table>`)}
  <form @submit=${setAttribute}>
    <label>Attribute <input name="name" required placeholder="custom:tenant"></label>
    <label>Value <input name="value"></label><button type="submit">Set</button></form>`;

const session = s => html`<tr><th scope="row"><code>${s.SessionId}</code></th>
  <td>${day(s.CreateDate * 1000)}</td><td>${s.DeviceType ?? ''} ${s.LastIPAddress ?? ''}</td>
  <td><button type="button" class="small" @click=${act('AdminRevokeUserSession', () => ({SessionId: s.SessionId}))}>
    Revoke</button></td></tr>`;

const signIn = u => html`<h3>Sign-in</h3>
  <dl><dt>First factors</dt><dd>${u.factors.join(', ') || 'none'}</dd>
    <dt>Second factors</dt><dd>${(u.UserMFASettingList ?? []).join(', ') || 'none'}</dd>
    <dt>Passkeys</dt><dd>${u.factors.includes('WEB_AUTHN')
      ? 'yes; AWS lists them to their owner alone (ListWebAuthnCredentials)' : 'none'}</dd>
    <dt>Devices</dt>
    <dd>${u.devices.length ? u.devices.map(d => html`<div><code>${d.DeviceKey}</code></div>`) : 'none'}</dd></dl>
  ${u.sessions.length ? html`<h3>Sessions</h3>${region('Sessions', html`<table><thead><tr><th scope="col">Session</th>
    <th scope="col">Since</th><th scope="col">From</th><th scope="col">End it</th></tr></thead>
    <tbody>${u.sessions.map(session)}</tbody></table>`)}` : nothing}
  <p><a href="#/" @click=${() => choose({user: u.Username, trigger: '', outcome: ''})}>Calls of this user</a></p>`;

const details = u => html`<article class="card" aria-labelledby="name">
  <h2 id="name">${called(u)}</h2>
  <p class="facts"><span class="badge">${u.UserStatus}</span>
    ${u.Enabled ? nothing : html`<span class="badge bad">disabled</span>`} <code>${u.Username}</code></p>
  ${buttons(u)}${groups(u)}${attributes(u)}${signIn(u)}</article>`;

export const poolChoice = reload => store.stack.pools.length < 2 ? nothing : html`<label>Pool <select
  @change=${e => { choosePool(e.target.value); reload?.(); }}>${store.stack.pools.map(p =>
    html`<option value=${p.id} ?selected=${p.id === poolOf()?.id}>${p.name}</option>`)}</select></label>`;

const item = u => html`<tr><th scope="row"><a href="#/users/${encodeURIComponent(u.Username)}">${called(u)}</a></th>
  <td>${u.UserStatus}</td><td>${u.Enabled ? badge('ok') : html`<span class="badge bad">disabled</span>`}</td>
  <td>${day(u.UserCreateDate * 1000)}</td></tr>`;

const table = () => html`${region('Users', html`<table><thead><tr><th scope="col">User</th><th scope="col">Status</th>
  <th scope="col">Enabled</th><th scope="col">Created</th></tr></thead>
  <tbody>${repeat(state.users, u => u.Username, item)}</tbody></table>`)}`;

export const users = () => html`<h1>Users</h1>
  <form class="filters" role="search" @submit=${attempt(() => list())}>
    ${poolChoice(openUsers)}<label>Name, e-mail or number begins with <input type="search" .value=${state.words}
      @input=${e => { state.words = e.target.value; }}></label><button type="submit" class="plain">Search</button>
    <span class="aside note">${poolOf()?.users ?? 0} users</span></form>
  ${state.open ? details(state.open) : nothing}
  ${state.users.length === 0 ? html`<p class="empty">${state.words ? 'No user matches.' : 'No user yet.'}</p>`
    : table()}
  ${state.next ? html`<button type="button" class="more" @click=${attempt(() => list(true))}>Show more users</button>`
    : nothing}
  <details class="tools"><summary>Create a user</summary><form @submit=${create}>
    <label>E-mail address <input name="email" type="email"></label><label>User name <input name="name"></label>
    <label>Temporary password <input name="password" autocomplete="off"></label>
    <label class="check"><input type="checkbox" name="invite"> Send the invitation</label>
    <button type="submit">Create user</button></form></details>`;
