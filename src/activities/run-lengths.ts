// How long the last runs that a schedule started took, as far as the server remembers them: nothing else knows of runs that make
// no backup.
import type { Context } from '@temporalio/activity';
import { workflowId } from '../domain/queues.js';

interface Asked {
  deployment: string;
  kind: 'verify' | 'drill';
  /** How many at most. */
  most: number;
}

/** One run, or one part of a long one: those of one moment have one id. */
export interface RunPart {
  workflowId: string;
  startTime: Date;
  /** Missing: it is at work. */
  closeTime?: Date | undefined;
  status: string;
}

const WITHIN_MS = 5_000;

/** In milliseconds, the newest first. */
export const lengthsOfRuns = ({ client }: Context, asked: Asked): Promise<number[]> => {
  // Of a moment's run the server makes the id: this one, a hyphen and the moment.
  const query = `WorkflowId STARTS_WITH '${workflowId(asked.deployment, asked.kind)}-'`;
  return client.withDeadline(Date.now() + WITHIN_MS, async () => {
    const parts: RunPart[] = [];
    for await (const { workflowId: id, startTime, closeTime, status } of client.workflow.list({ query })) {
      parts.push({ workflowId: id, startTime, closeTime, status: status.name });
      if (parts.length === LOOKED_AT) break;
    }
    return lengthsOf(parts).slice(0, asked.most);
  });
};

const LOOKED_AT = 50;

/** Of those that came to their end. */
export const lengthsOf = (parts: readonly RunPart[]): number[] => {
  const ids = [...new Set(parts.map((part) => part.workflowId))];
  return ids.flatMap((id) => {
    const own = parts.filter((part) => part.workflowId === id);
    const ended = own.find(({ status }) => status === 'COMPLETED')?.closeTime;
    const begun = Math.min(...own.map(({ startTime }) => startTime.getTime()));
    return ended === undefined ? [] : [ended.getTime() - begun];
  });
};
