import type { Progress } from '../progress.ts';
import type { Capability } from './capabilities.ts';

export const ENGINE_NAMES = ['ministack', 'localstack'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

export interface EngineOptions {
  /** Enforce the roles' and resources' policies. Only where the capability `iamEnforcement` is there. */
  readonly enforceIam?: boolean;
  readonly onProgress?: Progress;
}

/** A local AWS: the same synthesized template is deployed to each. */
export interface Engine {
  readonly name: EngineName;
  readonly version: string;
  /** A process of this machine, or a container. */
  readonly mode: 'host' | 'container';
  readonly capabilities: ReadonlySet<Capability>;
  /** `http://127.0.0.1:<port>`. @throws Error before `start()` */
  readonly endpoint: string;
  /** Prepares what is missing and starts afresh: nothing is kept from an earlier start. */
  start(options?: EngineOptions): Promise<void>;
  /** Ends it with everything it has started. Safe to call twice. */
  stop(): Promise<void>;
  /**
   * The URL under which a function reaches a server that listens on this machine's loopback address: the same one,
   * unless functions run in containers.
   */
  reachable(url: string): Promise<string>;
  /** What AWS clients and the CDK CLI need to talk to it: endpoint, region and credentials that are no secrets. */
  environment(): Record<string, string>;
  /** Where a deployed REST API is reached; the stack's own output names a host of AWS. */
  apiUrl(restApiId: string, stage: string, path?: string): string;
  /** Where it writes its log. */
  logFile(): string;
}

/** Every engine deploys to this one. */
export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';

/** What a client of either engine needs; the credentials are the engines' documented test values. */
export function clientEnvironment(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    CDK_DEFAULT_ACCOUNT: ACCOUNT,
    CDK_DEFAULT_REGION: REGION,
  };
}

export function restApiUrl(endpoint: string, restApiId: string, stage: string, path = ''): string {
  return `${endpoint}/restapis/${restApiId}/${stage}/_user_request_/${path.replace(/^\//, '')}`;
}
