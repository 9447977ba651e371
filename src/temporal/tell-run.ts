// An update of a run. One that reaches the server while it throws a workflow task away (a step's answer came in between) is dropped,
// which the server says; the run has seen nothing of it then, and the same one is taken a moment later.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isGrpcServiceError, ServiceError, type WorkflowHandle } from '@temporalio/client';
import { Failure } from '../domain/failure.js';

/** gRPC's FAILED_PRECONDITION: what the server answers where a workflow task failed. */
const TASK_FAILED = 9;

/** Milliseconds before it is sent again. */
const PAUSES = [50, 100, 200, 400, 800, 1600, 3200];

/**
 * Gives the run's answer. Told under one id, it counts once however often it is sent.
 * @throws what the client throws; Failure UNEXPECTED where the run's tasks fail again and again
 */
export const tellRun = async <Answer>(
  handle: Pick<WorkflowHandle, 'executeUpdate' | 'workflowId'>,
  update: string,
  what: unknown,
): Promise<Answer> => {
  const told = { args: [what] as [unknown], updateId: randomUUID() };
  const send = () => handle.executeUpdate<Answer, [unknown]>(update, told);
  for (const pause of PAUSES) {
    try {
      return await send();
    } catch (thrown) {
      if (!isDropped(thrown)) throw thrown;
      await sleep(pause);
    }
  }
  return send().catch((thrown: unknown) => {
    throw isDropped(thrown) ? keepsFailing(handle.workflowId, thrown) : thrown;
  });
};

const isDropped = (thrown: unknown): boolean =>
  thrown instanceof ServiceError && isGrpcServiceError(thrown.cause) && thrown.cause.code === TASK_FAILED;

const keepsFailing = (id: string, cause: unknown): Failure =>
  new Failure('UNEXPECTED', `${id} cannot be told anything: its workflow tasks fail`, {
    hint: 'its history in Temporal’s UI says why; an agent of the version that began it may be needed',
    cause,
  });
