import type { AccountConfig } from '#application/ports/connector.ts';
import { authorizationRequestSchema } from '#application/returns/authorization-request.ts';
import { authorizeReturn } from '#application/returns/authorize-return.ts';
import { judgeRequest } from '#application/returns/fraud/judge-return.ts';
import { verifier } from '#connectors/generic/verify.ts';
import { PoisonError } from '#core/kernel/errors.ts';
import { reasonSource } from '#core/returns/reasons/catalogue.ts';
import { partnerAccounts } from '#platform/env.ts';
import { apiHandler, Unauthorized } from '#platform/handlers/api.ts';
import { authenticate } from '#platform/handlers/authenticate.ts';
import type { HttpRequest } from '#platform/handlers/http-request.ts';
import { clock, ids, secrets } from '#platform/handlers/on-aws.ts';
import { returnPorts } from '../wiring/aggregates.ts';
import { erpReader } from '../wiring/erp.ts';
import { fraudPorts } from '../wiring/fraud.ts';
import { reasonsOfSource } from '../wiring/reasons.ts';
import { returnPolicy } from '../wiring/workflow.ts';

/** The ERP's part of the three seconds that a returns platform waits. */
const ERP_BUDGET_MS = 1_500;

export const handler = apiHandler({
  maxBodyBytes: 256 * 1024,
  ids,
  async run(request, { correlationId, traceparent, log }) {
    const { account } = await callerOf(request);
    const asked = parse(request.body);
    const cause = {
      now: clock.now(),
      correlationId,
      causationId: `generic/${account}/authorization/${asked.returnId}`,
      ...(traceparent !== undefined && { traceparent }),
    };
    const answer = await authorizeReturn(
      {
        ...returnPorts(),
        erp: erpReader(asked.channel, asked.account),
        erpDeadline: () => AbortSignal.timeout(ERP_BUDGET_MS),
        policy: returnPolicy(),
        fraud: (order, judged) => judgeRequest(fraudPorts(log), order, judged),
        reasons: reasonsOfSource(reasonSource({ platform: 'generic', account }), cause.now),
        log,
      },
      { platform: 'generic', account },
      asked,
      cause,
    );
    return { status: 200, body: answer };
  },
});

/** The returns platform that signed the request; the path names no account, so each one's secrets are tried. */
async function callerOf(request: HttpRequest): Promise<AccountConfig> {
  let code = 'ACCOUNT_UNKNOWN';
  for (const account of partnerAccounts().filter(({ connector }) => connector === 'generic')) {
    const proof = { verifier, secretPart: 'webhookSecrets' };
    const checked = await authenticate(proof, request, account, { secrets: secrets(), clock });
    if (checked.authentic) return account;
    code = checked.code;
  }
  throw new Unauthorized(code);
}

function parse(body: Uint8Array) {
  const parsed = authorizationRequestSchema.safeParse(jsonOf(body));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.map(String).join('.') ?? '';
  throw new PoisonError('REQUEST_MALFORMED', `${field || 'the request'}: ${issue?.message}`, { context: { field } });
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new PoisonError('REQUEST_MALFORMED', 'the request is not JSON in UTF-8', { context: { field: '' } });
  }
}
