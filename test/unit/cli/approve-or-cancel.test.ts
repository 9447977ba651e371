import { expect, it, onTestFinished } from 'vitest';
import { approveOrCancel } from '../../../src/cli/approve-or-cancel.js';
import type { RunView } from '../../../src/cli/run-view.js';
import type { Run, Session } from '../../../src/cli/session.js';
import type { RestoreRequest } from '../../../src/domain/requests.js';

it('the first Ctrl-C cancels a run that is being approved, the second leaves it though no agent answers', async () => {
  const [said, cancelled]: [string[], string[]] = [[], []];
  const output = { say: (line: string) => said.push(line), paint: (_: string, text: string) => text };
  const handle = {
    workflowId: 'holdfast.edms.restore',
    executeUpdate: () => new Promise(() => undefined),
    cancel: async () => cancelled.push('once'),
  };
  const before = process.listenerCount('SIGINT');
  const ignore = () => undefined;
  process.on('SIGINT', ignore);
  onTestFinished(() => void process.off('SIGINT', ignore));
  const approved = approveOrCancel({ output } as unknown as Session, { handle } as unknown as Run, {
    view: { progress: { plan: [], confirm: 'edms' } } as unknown as RunView,
    request: { deployment: 'edms' } as RestoreRequest,
    confirm: 'edms',
  });
  process.emit('SIGINT');
  expect(said.at(-1)).toMatch(/^cancelling/);
  process.emit('SIGINT');
  await expect(approved).rejects.toMatchObject({
    code: 'CANCELLED',
    message: expect.stringMatching(/^no longer following/),
  });
  expect(cancelled).toEqual(['once']);
  expect(process.listenerCount('SIGINT')).toBe(before + 1);
});
