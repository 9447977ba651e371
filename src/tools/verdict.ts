// Whether a run of programs went well: all of them, and all of the input.
import { Failure } from '../domain/failure.js';
import type { Child } from './child.js';
import { type Ending, endedWell } from './ending.js';
import { reportedFailure } from './reported-failure.js';
import type { Feed } from './streams.js';

/** How long the others have to say what they know before they are ended: the cause may be one of them. */
const LAST_WORDS_MS = 300;

/**
 * Resolves when every program ended well and the first one took all of the input; rejects with the cause when all are
 * gone. `onFailure` hears of it earlier, so that it can end the others.
 */
export const verdictOf = async (
  children: readonly Child[],
  input: Feed | null,
  onFailure: (cause: unknown) => void,
): Promise<Ending[]> => {
  const endings: Ending[] = [];
  const judgeAll = (): void => {
    const failure = reportedFailure(endings.filter((ending) => ending !== undefined));
    if (failure !== null) onFailure(failure);
  };
  children.forEach((child, place) => {
    child.ended.then((ending) => {
      endings[place] = ending;
      if (!endedWell(ending)) setTimeout(judgeAll, LAST_WORDS_MS).unref();
    });
  });
  const [all] = await Promise.all([everyEnding(children), everyByte(children, input)]);
  return all;
};

const everyEnding = async (children: readonly Child[]): Promise<Ending[]> => {
  const all = await Promise.all(children.map(({ ended }) => ended));
  const failure = reportedFailure(all);
  if (failure !== null) throw failure;
  return all;
};

const everyByte = async (children: readonly Child[], input: Feed | null): Promise<void> => {
  const fed = await input?.done;
  if (fed === undefined || fed.outcome === 'read') return;
  if (fed.outcome === 'input failed') throw fed.error;
  await everyEnding(children);
  const name = children[0]?.name ?? 'the program';
  throw new Failure('TOOL_FAILED', `${name} ended before it had read all of its input`, { cause: fed.error });
};
