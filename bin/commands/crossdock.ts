import { Command } from 'commander';
import { claimsClose, claimsExport, claimsList, claimsShow, claimsSuppliers } from './claims.ts';
import { connectorsList, connectorsShow, connectorsTry, connectorsVerify } from './connectors.ts';
import { casesClose, casesList, operationsResolve, operationsRetry } from './decide.ts';
import { returnsDecide } from './decide-returns.ts';
import { deployCheck } from './deploy-check.ts';
import { dlqList, dlqRedrive, dlqShow } from './dlq.ts';
import { doctor } from './doctor.ts';
import { explain } from './explain.ts';
import { fraudExplain, fraudForget, fraudReportVerb } from './fraud.ts';
import { operationsList, operationsShow, ordersList, returnsList } from './lists.ts';
import { reasonsCoverage, reasonsList, reasonsRenormalize, reasonsReverse } from './reasons.ts';
import { send } from './send.ts';
import { settlementsLines, settlementsList, settlementsShow } from './settlements/stage-verbs.ts';
import { settlementsImport, settlementsMargin } from './settlements.ts';
import { group } from './verb.ts';

const EXITS = `
Exit codes: 0 good; 1 not found, refused or unhealthy; 2 called wrongly; 3 the stack can't be reached.
Whatever writes is a dry run until --apply. Every verb takes --json, --stage and --help.`;

/** All verbs. */
export function crossdock(): Command {
  const program = new Command('crossdock')
    .description('Looks after a deployed Crossdock: what happened, what is stuck, what a person must decide.')
    .addHelpText('after', EXITS);
  const verbs = [
    doctor,
    deployCheck,
    explain,
    group('orders', 'Orders that were taken.', ordersList),
    group('returns', 'Returns, and what people decide about them.', returnsList, ...returnsDecide),
    group(
      'reasons',
      'Why goods come back: what codes mean, and how channels are told.',
      reasonsList,
      reasonsCoverage,
      reasonsReverse,
      reasonsRenormalize,
    ),
    group('fraud', 'What fraud rules said, and how they did.', fraudExplain, fraudReportVerb, fraudForget),
    group(
      'claims',
      'What suppliers owe for goods that came back through their fault.',
      claimsList,
      claimsShow,
      claimsClose,
      claimsExport,
      claimsSuppliers,
    ),
    group('operations', 'Writes to partners.', operationsList, operationsShow, operationsRetry, operationsResolve),
    group('cases', 'What waits for a person.', casesList, casesClose),
    group('dlq', 'Messages that were parked or failed.', dlqList, dlqShow, dlqRedrive),
    group(
      'settlements',
      'What channels say they pay out.',
      settlementsImport,
      settlementsMargin,
      settlementsList,
      settlementsShow,
      settlementsLines,
    ),
    send,
    group(
      'connectors',
      'Partners that Crossdock can talk to.',
      connectorsList,
      connectorsShow,
      connectorsTry,
      connectorsVerify,
    ),
  ];
  for (const one of verbs) program.addCommand(one);
  quiet(program);
  return program;
}

/** Errors come out by `failureOf`, in one line and with our exit codes; commander itself writes help only. */
function quiet(command: Command): void {
  command.exitOverride().configureOutput({ writeErr: () => {} });
  for (const one of command.commands) quiet(one);
}
