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
    // Without a route API Gateway answers 403 "Missing Authentication Token", which sends people after the wrong fault.
    this.api.addGatewayResponse('NoRoute', {
      type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
      statusCode: '404',
      templates: {
        'application/json': '{"code":"ROUTE_UNKNOWN","message":"there is no such route, or not with this method"}',
      },
    });
    this.api.addGatewayResponse('Throttled', {
      type: ResponseType.THROTTLED,
      statusCode: '429',
      responseHeaders: { 'Retry-After': "'10'" },
      templates: {
        'application/json': '{"code":"THROTTLED","message":"too many requests at once; send it again later"}',
      },
    });
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
