// What runs here: the pools with their app clients and hooks, and the functions.
import {html, nothing} from './lit/lit-html.js';
import {attempt, choice, code, functionName, ms, region, tree} from './parts.js';
import {changed, loadStack, store} from './store.js';

let kind = 'Amplify';

const here = location.origin;

// snippets are configurations for an app client, by tool.
const snippets = {
  Amplify: (pool, client) => `Amplify.configure({Auth: {Cognito: {
  userPoolId: '${pool.id}',
  userPoolClientId: '${client.id}',
  userPoolEndpoint: '${here}',
}}});`,
  boto3: (pool, client) => `cognito = boto3.client(
    "cognito-idp", region_name="${pool.region}", endpoint_url="${here}")
cognito.initiate_auth(
    ClientId="${client.id}", AuthFlow="USER_PASSWORD_AUTH",
    AuthParameters={"USERNAME": name, "PASSWORD": password})`,
  Go: pool => `client := cognitoidentityprovider.NewFromConfig(cfg, func(o *cognitoidentityprovider.Options) {
	o.BaseEndpoint, o.Region = aws.String("${here}"), "${pool.region}"
})`,
  Spring: pool => `spring.security.oauth2.resourceserver.jwt.issuer-uri=${here}/${pool.id}`,
  Terraform: pool => `provider "aws" {
  region = "${pool.region}"
  endpoints { cognitoidp = "${here}" }
}`,
  curl: (pool, client) => `curl -s ${here} -H 'Content-Type: application/x-amz-json-1.1' \\
  -H 'X-Amz-Target: AWSCognitoIdentityProviderService.InitiateAuth' \\
  -d '{"ClientId":"${client.id}","AuthFlow":"USER_PASSWORD_AUTH",
       "AuthParameters":{"USERNAME":"…","PASSWORD":"…"}}'`,
};

function tool(name) {
  kind = name;
  changed();
}

const client = (pool, c) => html`<details class="client"><summary><strong>${c.name}</strong> <code>${c.id}</code>
    ${c.secret ? html`<span class="badge">secret</span>` : nothing}</summary>
  ${choice('Tool', Object.keys(snippets).map(name => [name, name]), kind, tool)}
  ${code(snippets[kind](pool, c), `${kind} configuration`)}
  <details><summary>Settings</summary>${region(`Settings of ${c.name}`, tree(c.settings), 'json')}</details></details>`;

const hook = h => html`<tr><th scope="row">${h.member}</th><td>${h.function
  ? html`<code>${functionName(h.function)}</code>`
  : html`<span class="note">empty</span> ${h.command ? html`<code>${h.command}</code>` : nothing}`}</td></tr>`;

const domain = d => html`<li><strong>${d.name}</strong>
  ${d.urls.map(url => html`<div><a href=${url} target="_blank" rel="noopener noreferrer">${url}</a></div>`)}</li>`;

const pool = p => html`<section aria-labelledby="pool-${p.id}"><h2 id="pool-${p.id}">${p.name}</h2>
  <p class="facts"><code>${p.id}</code> <span>${p.region}</span> <a href="#/users">${p.users} users</a></p>
  <h3>App clients</h3>${p.clients.map(c => client(p, c))}
  ${p.domains.length ? html`<h3>Domains</h3><ul>${p.domains.map(domain)}</ul>` : nothing}
  <h3>Hooks</h3>${region(`Hooks of ${p.name}`, html`<table><thead><tr><th scope="col">Hook</th>
    <th scope="col">Function</th></tr></thead><tbody>${p.hooks.map(hook)}</tbody></table>`)}
  <details><summary>Settings</summary>${region(`Settings of ${p.name}`, tree(p.settings), 'json')}</details></section>`;

const median = (value, calls) => value ? html`${ms(value)} <span class="note">of ${calls}</span>` : '–';

const fn = f => html`<tr><th scope="row">${f.name}<br><span class="note">${f.manifest}</span></th>
  <td>${f.hook || 'HTTP API'}</td><td>${f.enabled ? 'on' : html`<span class="note">off</span>`}</td>
  <td>${f.timeoutSeconds} s, ${f.memoryMB} MB</td>
  <td>${median(f.coldMs, f.colds)}</td><td>${median(f.warmMs, f.calls - f.colds)}</td>
  <td>${Object.entries(f.environment ?? {}).map(([k, v]) => html`<div><code>${k}=${v}</code></div>`)}</td></tr>`;

const functions = () => html`<section aria-labelledby="functions"><h2 id="functions">Functions</h2>
  ${region('Table of functions', html`<table class="functions"><thead><tr><th scope="col">Name</th>
    <th scope="col">Hook</th><th scope="col">State</th><th scope="col">Limits</th>
    <th scope="col">Cold, median</th><th scope="col">Warm, median</th>
    <th scope="col">Settings</th></tr></thead><tbody>${store.stack.functions.map(fn)}</tbody></table>`)}</section>`;

export const pools = () => html`<div class="titled"><h1>Pool and functions</h1>
  <button type="button" class="small" @click=${attempt(loadStack)}>Refresh</button></div>
  ${store.stack.pools.length === 0 ? html`<p class="empty">There is no pool yet.</p>` : store.stack.pools.map(pool)}
  ${store.stack.functions.length ? functions() : nothing}`;
