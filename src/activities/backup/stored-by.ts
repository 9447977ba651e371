// Who stores an artifact: what a repository may note beside it.
import { Context } from '@temporalio/activity';
import type { OperationRecord } from '../../operations/record.js';
import type { StoreContext } from '../../repositories/repository.js';

/** The attempt is the operation’s, and Temporal’s number of it. */
export const storedBy = ({ id, instance }: OperationRecord): NonNullable<StoreContext['storedBy']> => ({
  instance,
  attempt: `${id}-${Context.current().info.attempt}`,
});
