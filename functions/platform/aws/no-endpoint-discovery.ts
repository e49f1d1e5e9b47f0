/**
 * What bundles use in place of `@aws-sdk/middleware-endpoint-discovery`: the DynamoDB client resolves its settings and then
 * never asks for an endpoint, for it is off unless somebody turns it on. Its cache is 9 KB. The names are the SDK's.
 */
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: () => undefined,
  configFileSelector: () => undefined,
  default: undefined,
};

export const resolveEndpointDiscoveryConfig = <T>(config: T): T => config;
