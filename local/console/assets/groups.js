// The groups of a pool with their members.
import {html, nothing} from './lit/lit-html.js';
import {operation} from './api.js';
import {attempt, region, say} from './parts.js';
import {changed, loadStack} from './store.js';
import {called, poolChoice, poolOf} from './users.js';

const state = {groups: [], next: '', open: '', members: [], nextMembers: ''};

async function list(more = false) {
  if (!poolOf()) return;
  const page = await operation('ListGroups', {UserPoolId: poolOf().id, NextToken: more ? state.next : undefined});
  state.groups = more ? [...state.groups, ...page.Groups] : page.Groups;
  state.next = page.NextToken ?? '';
  changed();
}

async function members(more = false) {
  const page = await operation('ListUsersInGroup', {UserPoolId: poolOf().id, GroupName: state.open,
    NextToken: more ? state.nextMembers : undefined});
  state.members = more ? [...state.members, ...page.Users] : page.Users;
  state.nextMembers = page.NextToken ?? '';
  changed();
}

export async function openGroups(name) {
  Object.assign(state, {open: name ?? '', members: [], nextMembers: ''});
  try {
    await list();
    if (state.open) await members();
  } catch (e) {
    say(e.message);
  }
}

const create = attempt(async e => {
  const form = new FormData(e.target);
  const precedence = form.get('precedence');
  await operation('CreateGroup', {UserPoolId: poolOf().id, GroupName: form.get('name'),
    Description: form.get('description') || undefined, Precedence: precedence === '' ? undefined : Number(precedence)});
  e.target.reset();
  await Promise.all([list(), loadStack()]);
});

const remove = name => attempt(async () => {
  if (!confirm(`Delete the group ${name}?`)) return;
  await operation('DeleteGroup', {UserPoolId: poolOf().id, GroupName: name});
  await Promise.all([openGroups(), loadStack()]);
});

const add = attempt(async e => {
  await operation('AdminAddUserToGroup',
    {UserPoolId: poolOf().id, GroupName: state.open, Username: new FormData(e.target).get('user')});
  e.target.reset();
  await members();
});

const row = g => html`<tr><th scope="row"><a href="#/groups/${encodeURIComponent(g.GroupName)}">${g.GroupName}</a></th>
  <td>${g.Description ?? ''}</td><td>${g.Precedence ?? '–'}</td></tr>`;

const details = () => html`<article class="card" aria-labelledby="group"><h2 id="group">${state.open}</h2>
  ${state.members.length === 0 ? html`<p class="note">Nobody is in it.</p>` : html`<ul class="chips">
    ${state.members.map(u => html`<li><a href="#/users/${encodeURIComponent(u.Username)}">${called(u)}</a></li>`)}
    </ul>`}
  ${state.nextMembers
    ? html`<button type="button" class="more" @click=${attempt(() => members(true))}>Show more</button>`
    : nothing}
  <form @submit=${add}><label>User name <input name="user" required></label>
    <button type="submit">Add to the group</button>
    <button type="button" class="danger" @click=${remove(state.open)}>Delete the group</button></form></article>`;

export const groups = () => html`<h1>Groups</h1>
  <form class="filters" @submit=${e => e.preventDefault()}>${poolChoice(openGroups)}</form>
  ${state.open ? details() : nothing}
  ${state.groups.length === 0 ? html`<p class="empty">No group yet.</p>` : region('Groups', html`<table><thead><tr>
    <th scope="col">Group</th><th scope="col">Description</th><th scope="col">Precedence</th></tr></thead>
    <tbody>${state.groups.map(row)}</tbody></table>`)}
  ${state.next ? html`<button type="button" class="more" @click=${attempt(() => list(true))}>Show more groups</button>`
    : nothing}
  <details class="tools"><summary>Create a group</summary><form @submit=${create}>
    <label>Name <input name="name" required></label><label>Description <input name="description"></label>
    <label>Precedence <input name="precedence" type="number" min="0"></label>
    <button type="submit">Create group</button></form></details>`;
