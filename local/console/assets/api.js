// How the page speaks with the pool: by the console's own routes, and by the operations of the pool's API.

async function json(response) {
  const body = await response.json();
  if (!response.ok) throw new Error(body.error ?? body.message ?? response.statusText);
  return body;
}

export const get = async path => json(await fetch(`api/${path}`));

export const send = async (method, path, body) =>
  json(await fetch(`api/${path}`, {method, body: body === undefined ? undefined : JSON.stringify(body)}));

// ApiError is an error of the pool's API, with AWS's name and text.
export class ApiError extends Error {
  constructor(name, text) {
    super(text);
    this.name = name;
  }
}

// operation calls an operation of the pool's API, as an SDK does. The call appears in the timeline.
export async function operation(name, input) {
  const response = await fetch('/', {
    method: 'POST',
    headers: {'Content-Type': 'application/x-amz-json-1.1',
      'X-Amz-Target': `AWSCognitoIdentityProviderService.${name}`},
    body: JSON.stringify(input),
  });
  const body = await response.json();
  if (!response.ok) throw new ApiError(body.__type, body.message);
  return body;
}

// secretHash returns the SECRET_HASH of an app client with a secret; undefined without one.
export async function secretHash(pool, client, username) {
  if (!client.secret) return undefined;
  const {UserPoolClient} = await operation('DescribeUserPoolClient', {UserPoolId: pool.id, ClientId: client.id});
  const bytes = text => new TextEncoder().encode(text);
  const key = await crypto.subtle.importKey('raw', bytes(UserPoolClient.ClientSecret), {name: 'HMAC', hash: 'SHA-256'},
    false, ['sign']);
  const mac = await crypto.subtle.sign('HMAC', key, bytes(username + client.id));
  return btoa(String.fromCharCode(...new Uint8Array(mac)));
}
