// The users and groups of a pool. Each button is a call of the API, which the timeline shows.
import {html, nothing} from './lit/lit-html.js';
import {repeat} from './lit/directives/repeat.js';
import {operation} from './api.js';
import {attempt, badge, say, time} from './parts.js';
import {changed, store} from './store.js';

const state = {pool: undefined, users: [], next: '', words: '', open: undefined, problem: ''};

export const poolOf = () => store.stack.pools.find(p => p.id === state.pool) ?? store.stack.pools[0];

export function choosePool(id) {
  state.pool = id;
  changed();
}

const attribute = (user, name) => (user.Attributes ?? user.UserAttributes ?? []).find(a => a.Name === name)?.Value ?? '';

async function list(more = false) {
  const pool = poolOf();
  if (!pool) return;
  const filter = state.words === '' ? undefined
    : state.words.includes('@') ? `email ^= "${state.words.replaceAll('"', '')}"`
      : `username ^= "${state.words.replaceAll('"', '')}"`;
  const page = await operation('ListUsers', {UserPoolId: pool.id, Limit: 60, Filter: filter,
    PaginationToken: more ? state.next : undefined});
  state.users = more ? [...state.users, ...page.Users] : page.Users;
  state.next = page.PaginationToken ?? '';
  changed();
}

async function open(name) {
  const key = {UserPoolId: poolOf().id, Username: name};
  const [user, groups, devices] = await Promise.all([
    operation('AdminGetUser', key), operation('AdminListGroupsForUser', key),
    operation('AdminListDevices', key).catch(() => ({Devices: []})),
  ]);
  state.open = {...user, groups: groups.Groups.map(g => g.GroupName), devices: devices.Devices};
  changed();
}

export async function openUsers(name) {
  state.open = undefined;
  try {
    await list();
    if (name) await open(name);
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
  await open(state.open.Username);
  await list();
});

const create = attempt(async e => {
  const form = new FormData(e.target);
  const email = form.get('email');
  const {User} = await operation('AdminCreateUser', {UserPoolId: poolOf().id, Username: form.get('name') || email,
    MessageAction: form.get('invite') ? undefined : 'SUPPRESS', TemporaryPassword: form.get('password') || undefined,
    UserAttributes: email ? [{Name: 'email', Value: email}, {Name: 'email_verified', Value: 'true'}] : []});
  e.target.reset();
  location.hash = `#/users/${encodeURIComponent(User.Username)}`;
});

const details = u => html`<article class="card" aria-labelledby="name">
  <h2 id="name">${attribute(u, 'email') || u.Username}</h2>
  <p class="facts"><span class="badge">${u.UserStatus}</span> ${u.Enabled ? nothing : html`<span class="badge bad">disabled</span>`}
    <span class="note">${u.Username}</span></p>
  <div class="buttons">
    ${u.UserStatus === 'UNCONFIRMED' ? html`<button type="button" @click=${act('AdminConfirmSignUp')}>Confirm</button>` : nothing}
    ${u.Enabled ? html`<button type="button" @click=${act('AdminDisableUser')}>Disable</button>`
      : html`<button type="button" @click=${act('AdminEnableUser')}>Enable</button>`}
    <button type="button" @click=${act('AdminResetUserPassword', () => ({}), 'A reset code was sent')}>Reset password</button>
    <button type="button" @click=${act('AdminUserGlobalSignOut', () => ({}), 'Signed out everywhere')}>Sign out everywhere</button>
    <button type="button" class="danger" @click=${act('AdminDeleteUser',
      () => confirm(`Delete ${u.Username}?`) ? {} : undefined, 'Deleted')}>Delete</button></div>
  <form @submit=${act('AdminSetUserPassword', f => ({Password: f.get('password'), Permanent: true}), 'The password is set')}>
    <label>New password <input name="password" type="text" autocomplete="off" required></label>
    <button type="submit">Set</button></form>
  <h3>Groups</h3>
  <ul class="chips">${u.groups.map(g => html`<li>${g} <button type="button" class="small" aria-label="Remove from ${g}"
    @click=${act('AdminRemoveUserFromGroup', () => ({GroupName: g}))}>Remove</button></li>`)}</ul>
  <form @submit=${act('AdminAddUserToGroup', f => ({GroupName: f.get('group')}))}><label>Group
    <select name="group">${poolOf().groups.filter(g => !u.groups.includes(g)).map(g => html`<option>${g}</option>`)}</select></label>
    <button type="submit">Add</button></form>
  <h3>Attributes</h3>
  <div class="scroll" tabindex="0" role="region" aria-label="Attributes"><table><tbody>${u.UserAttributes.map(a => html`<tr>
    <th scope="row"><code>${a.Name}</code></th><td>${a.Value}</td></tr>`)}</tbody></table></div>
  <form @submit=${act('AdminUpdateUserAttributes', f => ({UserAttributes: [{Name: f.get('name'), Value: f.get('value')}]}))}>
    <label>Attribute <input name="name" required placeholder="custom:tenant"></label>
    <label>Value <input name="value"></label><button type="submit">Set</button></form>
  <h3>Sign-in</h3>
  <p>Second factors: ${(u.UserMFASettingList ?? []).join(', ') || 'none'}. Devices: ${u.devices.length}.</p>
  ${u.devices.length ? html`<ul>${u.devices.map(d => html`<li><code>${d.DeviceKey}</code></li>`)}</ul>` : nothing}
  <p><a href="#/" @click=${() => { store.filter = {...store.filter, user: u.Username}; }}>Calls of this user</a></p>
</article>`;

export const poolChoice = () => store.stack.pools.length < 2 ? nothing : html`<label>Pool <select
  @change=${e => { choosePool(e.target.value); openUsers(); }}>${store.stack.pools.map(p =>
    html`<option value=${p.id} ?selected=${p.id === poolOf()?.id}>${p.name}</option>`)}</select></label>`;

const item = u => html`<tr><th scope="row"><a href="#/users/${encodeURIComponent(u.Username)}">
    ${attribute(u, 'email') || u.Username}</a></th>
  <td>${u.UserStatus}</td><td>${u.Enabled ? badge('ok') : html`<span class="badge bad">disabled</span>`}</td>
  <td><time datetime=${new Date(u.UserCreateDate * 1000).toISOString()}>${time(u.UserCreateDate * 1000)}</time></td></tr>`;

export const users = () => html`<h1>Users</h1>
  <form class="filters" role="search" @submit=${attempt(() => list())}>
    ${poolChoice()}<label>Name or e-mail begins with <input type="search" .value=${state.words}
      @input=${e => { state.words = e.target.value; }}></label><button type="submit">Search</button></form>
  ${state.open ? details(state.open) : nothing}
  ${state.users.length === 0 ? html`<p class="empty">No user.</p>` : html`<div class="scroll" tabindex="0" role="region"
    aria-label="Users"><table><thead><tr><th scope="col">User</th><th scope="col">Status</th><th scope="col">Enabled</th>
    <th scope="col">Created</th></tr></thead><tbody>${repeat(state.users, u => u.Username, item)}</tbody></table></div>`}
  ${state.next ? html`<button type="button" class="more" @click=${attempt(() => list(true))}>Show more users</button>` : nothing}
  <details class="tools"><summary>Create a user</summary><form @submit=${create}>
    <label>E-mail address <input name="email" type="email"></label><label>User name <input name="name"></label>
    <label>Temporary password <input name="password" autocomplete="off"></label>
    <label class="check"><input type="checkbox" name="invite"> Send the invitation</label>
    <button type="submit">Create</button></form></details>`;
