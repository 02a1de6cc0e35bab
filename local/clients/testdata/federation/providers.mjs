// Two identity providers that we did not write, in one process: oidc-provider with its own sign-in pages, and samlp,
// which has none. The test sets who somebody is by PUT /people/NAME.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import Provider from 'oidc-provider';
import samlp from 'samlp';

const { REDIRECT_URI, ACS, KEY, CERT } = process.env;
const people = new Map();
const read = async (request) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
};
const server = http.createServer();
await new Promise((up) => { server.listen(0, '127.0.0.1', up); });
const base = `http://127.0.0.1:${server.address().port}`;

const oidc = new Provider(base, {
  clients: [{
    client_id: 'pool', client_secret: 'secret-of-the-pool-at-this-provider', redirect_uris: [REDIRECT_URI],
    grant_types: ['authorization_code'], response_types: ['code'], token_endpoint_auth_method: 'client_secret_post',
  }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['given_name', 'groups'] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people.get(id) }) }),
  pkce: { required: () => false },
});
const openID = oidc.callback();

const key = readFileSync(KEY);
const cert = readFileSync(CERT);
const issuer = 'urn:samlp:idp';
const saml = samlp.auth({
  issuer, key, cert, recipient: ACS, destination: ACS,
  getPostURL: (audience, request, _, done) => done(null, request.documentElement.getAttribute('AssertionConsumerServiceURL')),
});
const metadata = samlp.metadata({ issuer, cert, redirectEndpointPath: '/saml/sso', postEndpointPath: '/saml/sso' });

const html = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
// What samlp needs of Express.
const express = (request, response, url) => {
  request.query = Object.fromEntries(url.searchParams);
  request.protocol = 'http';
  request.originalUrl = request.url;
  request.get = (name) => request.headers[name.toLowerCase()];
  response.set = (name, value) => response.setHeader(name, value);
  response.send = (body) => { response.end(typeof body === 'number' ? String(body) : body); };
};

server.on('request', async (request, response) => {
  const url = new URL(request.url, base);
  const fail = (error) => { response.statusCode = 500; response.end(String(error)); };
  if (url.pathname.startsWith('/people/')) {
    people.set(url.pathname.slice('/people/'.length), JSON.parse(await read(request)));
    response.end();
  } else if (url.pathname === '/saml/metadata') {
    express(request, response, url);
    metadata(request, response, fail);
  } else if (url.pathname === '/saml/sso' && request.method === 'GET') {
    response.setHeader('Content-Type', 'text/html');
    response.end(`<form method="post" action="${html(request.url)}"><input name="login"></form>`);
  } else if (url.pathname === '/saml/sso') {
    const id = new URLSearchParams(await read(request)).get('login');
    const person = people.get(id);
    express(request, response, url);
    request.method = 'GET';
    request.user = {
      id, emails: [{ value: person.email }], displayName: person.given_name,
      name: { givenName: person.given_name, familyName: 'K' },
    };
    saml(request, response, fail);
  } else {
    openID(request, response);
  }
});
console.log(base);
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
