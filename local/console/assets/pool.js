// What runs here: the pools with their app clients and hooks, and the functions.
import {html, nothing} from './lit/lit-html.js';
import {attempt, code, functionName, ms, tree} from './parts.js';
import {changed, loadStack, store} from './store.js';

let kind = 'amplify';

// snippets are configurations for an app client, by tool.
const snippets = {
  amplify: (pool, client) => `Amplify.configure({Auth: {Cognito: {
  userPoolId: '${pool.id}',
  userPoolClientId: '${client.id}',
  userPoolEndpoint: '${location.origin}',
}}});`,
  boto3: (pool, client) => `cognito = boto3.client("cognito-idp", region_name="${pool.region}", endpoint_url="${location.origin}")
cognito.initiate_auth(ClientId="${client.id}", AuthFlow="USER_PASSWORD_AUTH",
                      AuthParameters={"USERNAME": name, "PASSWORD": password})`,
  go: pool => `client := cognitoidentityprovider.NewFromConfig(cfg, func(o *cognitoidentityprovider.Options) {
	o.BaseEndpoint, o.Region = aws.String("${location.origin}"), "${pool.region}"
})`,
  spring: pool => `spring.security.oauth2.resourceserver.jwt.issuer-uri=${location.origin}/${pool.id}`,
  terraform: pool => `provider "aws" {
  region = "${pool.region}"
  endpoints { cognitoidp = "${location.origin}" }
}`,
  curl: (pool, client) => `curl -s ${location.origin} -H 'Content-Type: application/x-amz-json-1.1' \\
  -H 'X-Amz-Target: AWSCognitoIdentityProviderService.InitiateAuth' \\
  -d '{"ClientId":"${client.id}","AuthFlow":"USER_PASSWORD_AUTH","AuthParameters":{"USERNAME":"…","PASSWORD":"…"}}'`,
};

const client = (pool, c) => html`<details class="client"><summary><strong>${c.name}</strong> <code>${c.id}</code>
    ${c.secret ? html`<span class="badge">secret</span>` : nothing}</summary>
  <div class="choice" role="group" aria-label="Tool">${Object.keys(snippets).map(name => html`<button type="button"
    aria-pressed=${String(kind === name)} @click=${() => { kind = name; changed(); }}>${name}</button>`)}</div>
  ${code(snippets[kind](pool, c), `${kind} configuration`)}
  <div class="json" tabindex="0" role="region" aria-label="Settings of ${c.name}">${tree(c.settings)}</div></details>`;

const hook = h => html`<tr><th scope="row">${h.member}</th><td>${h.function
  ? html`<code>${functionName(h.function)}</code>`
  : html`<span class="note">none</span> <code>make new-trigger NAME=my-trigger HOOK=${h.hook}</code>`}</td></tr>`;

const pool = p => html`<section aria-labelledby="pool-${p.id}"><h2 id="pool-${p.id}">${p.name}</h2>
  <p class="facts"><code>${p.id}</code> <span>${p.region}</span> <span>${p.users} users</span>
    ${p.domain ? html`<span>domain ${p.domain}</span>` : nothing}</p>
  <h3>App clients</h3>${p.clients.map(c => client(p, c))}
  <h3>Hooks</h3><div class="scroll" tabindex="0" role="region" aria-label="Hooks of ${p.name}"><table>
    <thead><tr><th scope="col">Hook</th><th scope="col">Function</th></tr></thead><tbody>${p.hooks.map(hook)}</tbody></table></div>
  <details><summary>Settings</summary><div class="json" tabindex="0" role="region" aria-label="Settings of ${p.name}">
    ${tree(p.settings)}</div></details></section>`;

const fn = f => html`<tr><th scope="row">${f.name}<br><span class="note">${f.manifest}</span></th>
  <td>${f.hook || 'HTTP API'}</td><td>${f.enabled ? 'on' : 'off'}</td><td>${f.timeoutSeconds} s, ${f.memoryMB} MB</td>
  <td>${f.calls}</td><td>${f.coldMs ? ms(f.coldMs) : '–'}</td><td>${f.warmMs ? ms(f.warmMs) : '–'}</td>
  <td>${Object.entries(f.environment ?? {}).map(([k, v]) => html`<div><code>${k}=${v}</code></div>`)}</td></tr>`;

export const pools = () => html`<h1>Pool and functions</h1>
  <button type="button" class="small" @click=${attempt(loadStack)}>Refresh</button>
  ${store.stack.pools.map(pool)}
  ${store.stack.functions.length ? html`<section aria-labelledby="functions"><h2 id="functions">Functions</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="Functions"><table><thead><tr><th scope="col">Name</th>
    <th scope="col">Hook</th><th scope="col">State</th><th scope="col">Limits</th><th scope="col">Calls</th>
    <th scope="col">Cold, median</th><th scope="col">Warm, median</th><th scope="col">Settings</th></tr></thead>
    <tbody>${store.stack.functions.map(fn)}</tbody></table></div></section>` : nothing}`;
