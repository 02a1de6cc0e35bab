// Asks the browser for a passkey, and sends the page's form with the answer. Without a press of the button nothing
// happens: some browsers demand it.
const form = document.getElementById("passkey");
const problem = document.getElementById("passkey-problem");
const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const describe = (list) => (list || []).map((c) => ({ ...c, id: toBytes(c.id) }));

async function ask(create, o) {
  const options = { ...o, challenge: toBytes(o.challenge) };
  if (create) {
    options.user = { ...o.user, id: toBytes(o.user.id) };
    options.excludeCredentials = describe(o.excludeCredentials);
    return navigator.credentials.create({ publicKey: options });
  }
  options.allowCredentials = describe(o.allowCredentials);
  return navigator.credentials.get({ publicKey: options });
}

function encode(c) {
  const response = { clientDataJSON: toText(c.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (c.response[name]) response[name] = toText(c.response[name]);
  }
  if (c.response.getTransports) response.transports = c.response.getTransports();
  return JSON.stringify({
    id: c.id, rawId: toText(c.rawId), type: c.type, response, clientExtensionResults: c.getClientExtensionResults(),
    authenticatorAttachment: c.authenticatorAttachment || undefined,
  });
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  problem.hidden = true;
  try {
    const made = await ask(form.dataset.create === "true", JSON.parse(form.dataset.options));
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "CREDENTIAL";
    field.value = encode(made);
    form.append(field);
    form.submit();
  } catch {
    problem.hidden = false;
  }
});
