// Where the page signs in. At AWS, leave the endpoint out; the ids are in Terraform's outputs.
window.signIn = {
  userPoolId: 'us-east-1_example',
  clientId: 'example',
  endpoint: 'http://127.0.0.1:9229',
};
