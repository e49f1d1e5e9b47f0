import type { ErpReader, OperationExecutor } from '#application/ports/connector.ts';
import { type TrytonAccount, trytonAccess } from './access.ts';
import { TrytonExecutor } from './executor.ts';
import { TrytonReader } from './reader.ts';

/** One Tryton account whole: its operations and its reads, over one session. A function takes the part that it needs. */
export function trytonConnector(account: TrytonAccount): { executor: OperationExecutor; reader: ErpReader } {
  const access = trytonAccess(account);
  return { executor: new TrytonExecutor(access), reader: new TrytonReader(access) };
}
