import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AccessLogField,
  AccessLogFormat,
  EndpointType,
  LogGroupLogDestination,
  ResponseType,
  RestApi,
  type StageOptions,
} from 'aws-cdk-lib/aws-apigateway';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Stage } from '../config/stage.ts';

export interface WebhookApiProps {
  readonly stage: Pick<Stage, 'name' | 'throttling' | 'setApiLogRole'>;
  readonly logRetention: RetentionDays;
  /** @default RemovalPolicy.DESTROY */
  readonly logRemoval?: RemovalPolicy;
}

type GatewayRefusal = {
  readonly type: ResponseType;
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly retryAfter?: number;
};

/** What API Gateway answers before any function is asked, in the words of our own refusals (RFC 9457). */
const REFUSALS: Readonly<Record<string, GatewayRefusal>> = {
  // Without a route API Gateway answers 403 "Missing Authentication Token", which sends people after the wrong fault.
  NoRoute: {
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    status: 404,
    code: 'ROUTE_UNKNOWN',
    title: 'Not Found',
    detail: 'there is no such route, not with this method, or not without AWS credentials',
  },
  Throttled: {
    type: ResponseType.THROTTLED,
    status: 429,
    code: 'THROTTLED',
    title: 'Too Many Requests',
    detail: 'too many requests at once; send it again later',
    retryAfter: 10,
  },
  TooLarge: {
    type: ResponseType.REQUEST_TOO_LARGE,
    status: 413,
    code: 'BODY_TOO_LARGE',
    title: 'Content Too Large',
    detail: 'the body is larger than any route takes',
  },
  Denied: {
    type: ResponseType.ACCESS_DENIED,
    status: 403,
    code: 'ACCESS_DENIED',
    title: 'Forbidden',
    detail: 'these AWS credentials may not call the route',
  },
  Unavailable: {
    type: ResponseType.INTEGRATION_FAILURE,
    status: 503,
    code: 'UNAVAILABLE',
    title: 'Service Unavailable',
    detail: 'the function behind the route did not answer; send it again later',
    retryAfter: 10,
  },
};

/** API Gateway sends the media type that it chose the template by, so these say `application/json`. */
const problemTemplate = ({ code, ...fields }: Omit<GatewayRefusal, 'type' | 'retryAfter'>): string =>
  JSON.stringify({
    type: `urn:crossdock:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    ...fields,
    code,
    instance: 'urn:crossdock:request:$context.requestId',
    correlationId: '$context.requestId',
  });

/**
 * The one public door. Bodies pass byte for byte (signatures are over raw bytes), requests are throttled as a whole, and an
 * unknown route is a 404. Who sent a message is decided by its signature, in the function behind the route.
 */
export class WebhookApi extends Construct {
  readonly api: RestApi;

  constructor(scope: Construct, id: string, { stage, ...logs }: WebhookApiProps) {
    super(scope, id);
    this.api = new RestApi(this, 'Api', {
      restApiName: `crossdock-${stage.name}`,
      endpointTypes: [EndpointType.REGIONAL],
      binaryMediaTypes: ['*/*'],
      cloudWatchRole: stage.setApiLogRole,
      ...(stage.setApiLogRole && { cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN }),
      deployOptions: {
        stageName: 'live',
        throttlingRateLimit: stage.throttling.ratePerSecond,
        throttlingBurstLimit: stage.throttling.burst,
        tracingEnabled: true,
        ...this.#accessLog(logs),
      },
    });
    for (const [id, { type, status, code, title, detail, retryAfter }] of Object.entries(REFUSALS)) {
      this.api.addGatewayResponse(id, {
        type,
        statusCode: String(status),
        ...(retryAfter !== undefined && { responseHeaders: { 'Retry-After': `'${retryAfter}'` } }),
        templates: { 'application/json': problemTemplate({ status, code, title, detail }) },
      });
    }
  }

  /** Neither body nor address nor agent of the sender: what is needed to find a request again, and no more. */
  #accessLog({ logRetention, logRemoval }: Omit<WebhookApiProps, 'stage'>): Partial<StageOptions> {
    const logGroup = new LogGroup(this, 'AccessLog', {
      retention: logRetention,
      removalPolicy: logRemoval ?? RemovalPolicy.DESTROY,
    });
    const fields = {
      requestId: AccessLogField.contextRequestId(),
      time: AccessLogField.contextRequestTimeEpoch(),
      method: AccessLogField.contextHttpMethod(),
      route: AccessLogField.contextResourcePath(),
      status: AccessLogField.contextStatus(),
      latencyMs: AccessLogField.contextResponseLatency(),
      bytes: AccessLogField.contextResponseLength(),
    };
    return {
      accessLogDestination: new LogGroupLogDestination(logGroup),
      accessLogFormat: AccessLogFormat.custom(JSON.stringify(fields)),
    };
  }
}
