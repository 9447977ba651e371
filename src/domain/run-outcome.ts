// What a run's result comes to for somebody who is told of trouble only: some runs do not fail by what they find.

/** One sentence; empty: all is well. @param result of a backup, copy, verify, prune, drill or restore */
export const outcomeOf = (result: unknown): string => {
  if (typeof result !== 'object' || result === null) return '';
  const { copies, lines, ok, problems, repositories }: Partial<Record<string, unknown>> = { ...result };
  const parts = [
    ...listOf(copies).filter(({ state }) => state === 'incomplete'),
    ...listOf(repositories).filter(({ state }) => state === 'stopped' || state === 'failed'),
  ].map(({ repository, problem, missing }) =>
    [`${repository}: ${problem}`, ...(typeof missing === 'number' ? [`${missing} not copied`] : [])].join(
      '; ',
    ),
  );
  if (parts.length > 0) return parts.join('; ');
  if (ok !== false) return '';
  // A long list may have left no room for what is wrong.
  if (typeof problems !== 'number') return 'it is not as wanted: the run’s own page says what';
  const first = Array.isArray(lines) ? lines.slice(0, MOST).map(String) : [];
  return [`${problems} found`, ...first].join('; ');
};

const MOST = 3;

const listOf = (value: unknown): Partial<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'object' && item !== null) : [];
