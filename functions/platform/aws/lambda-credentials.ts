/**
 * What bundles use in place of `@aws-sdk/credential-provider-node`: a function's role comes by the environment and is fixed
 * for the life of its sandbox. The SDK's own chain (profiles, SSO, instance metadata, process, web identity) is 136 KB
 * that no function ever runs. The name and the shape are the SDK's.
 */
export const defaultProvider = () => async () => ({
  accessKeyId: required('AWS_ACCESS_KEY_ID'),
  secretAccessKey: required('AWS_SECRET_ACCESS_KEY'),
  ...(process.env.AWS_SESSION_TOKEN && { sessionToken: process.env.AWS_SESSION_TOKEN }),
});

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: Lambda sets it from the function's role`);
  return value;
}
