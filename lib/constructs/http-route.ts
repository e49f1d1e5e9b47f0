import { AuthorizationType, LambdaIntegration, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import type { NodeFunction } from './node-function.ts';

export interface HttpRouteProps {
  readonly api: RestApi;
  readonly method: 'GET' | 'POST';
  /** `/webhooks/shopify/{account}` */
  readonly path: string;
  readonly handler: NodeFunction;
  /** AWS checks who calls. @default the function does */
  readonly caller?: 'iam' | undefined;
}

/** One route of the API to one function, request and answer passed on whole. */
export class HttpRoute extends Construct {
  constructor(scope: Construct, id: string, { api, method, path, handler, caller }: HttpRouteProps) {
    super(scope, id);
    api.root
      .resourceForPath(path)
      // The console's test button would ask for a second, wider permission on the function.
      .addMethod(method, new LambdaIntegration(handler.fn, { allowTestInvoke: false }), {
        authorizationType: caller === 'iam' ? AuthorizationType.IAM : AuthorizationType.NONE,
      });
  }
}
