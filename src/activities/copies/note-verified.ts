// Tells the log what `verify` found in one repository.
import { Context } from '@temporalio/activity';
import { eventId } from '../../catalog/log-object.js';
import type { VerifiedPart } from '../../domain/copies.js';
import type { LogEvent } from '../../domain/log-entry.js';
import { noteEvent } from '../../operations/log/log.js';
import { lookingActivity } from '../attempt.js';
import type { Dependencies } from '../dependencies.js';

export const noteVerified = (dependencies: Dependencies) =>
  lookingActivity(dependencies, async (part: VerifiedPart, { host }): Promise<void> => {
    await noteEvent(host, eventOf(part, Context.current().info.workflowExecution?.runId ?? ''));
  });

/** The run tells one verification from another, and `newest` the parts of a long one. */
const eventOf = (part: VerifiedPart, run: string): LogEvent => {
  const { deployment, repository, backup, newest, oldest, decode, copies, bytes, damaged, omitted } = part;
  return {
    ...{ deployment, kind: 'verify', id: eventId(run, repository, newest) },
    ...{ at: new Date().toISOString(), backup, outcome: outcomeOf(part) },
    facts: {
      ...{ repository, decode, copies, bytes, newest, oldest, repaired: part.repaired },
      ...(damaged.length === 0 ? {} : { damaged }),
      ...(omitted === 0 ? {} : { omitted }),
      ...(part.problem === '' ? {} : { problem: part.problem.slice(0, 500) }),
    },
  };
};

const outcomeOf = ({ damaged, problem, repaired }: VerifiedPart): string => {
  if (damaged.length > 0) return 'damaged';
  if (problem !== '') return 'failed';
  return repaired > 0 ? 'repaired' : 'intact';
};
