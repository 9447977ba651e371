// Finishes or undoes an interrupted operation, on request.
import type { SettleResult } from '../domain/progress.js';
import { parseSettleRequest } from '../domain/requests.js';
import { quick, WATCHED } from './activities.js';
import { failingPlainly } from './failing.js';
import { parsed } from './input.js';
import { showProgress } from './progress.js';

export async function settle(input: unknown): Promise<SettleResult> {
  const request = parsed(parseSettleRequest, input);
  const progress = showProgress('settle', request.deployment);
  return failingPlainly(async () => {
    progress.show({ phase: 'working' });
    const act = (name: string) => quick(name, WATCHED).settleOperation(request);
    const outcome = await progress.step('settle', act, (line) => line);
    progress.show({ phase: 'done' });
    return { deployment: request.deployment, outcome };
  });
}
