// Which entries of a folder are stored: relative names, `*` and `?` standing for part of one name. A folder that is named
// is stored with all that is in it.

/** What is wrong with an entry of `include`; null: nothing. */
export const includeProblem = (entry: string): string | null => {
  if (entry.startsWith('/') || entry.startsWith('~'))
    return 'must be a name below path, not a path of its own';
  const steps = entry.split('/');
  if (steps.includes('..')) return 'must not leave path';
  if (steps.some((step) => step === '' || step === '.') || /\p{Cc}/u.test(entry))
    return 'must be a name below path, such as .env or conf/*.yaml';
  return steps.some((step) => step.includes('**'))
    ? 'must not hold **: a folder is stored whole anyway'
    : null;
};

export const isLiteral = (entry: string): boolean => !/[*?]/.test(entry);

/** Whether `name`, one step of a path, is what `step` of an entry stands for. */
export const matchesStep = (step: string, name: string): boolean => {
  if (isLiteral(step)) return step === name;
  const expression = step
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 's').test(name);
};

/** Whether what `entry` names may be, contain or lie inside `path`, both below the same folder. */
export const mayOverlap = (entry: string, path: string): boolean => {
  const names = path.split('/');
  return entry
    .split('/')
    .slice(0, names.length)
    .every((step, index) => matchesStep(step, names[index] ?? ''));
};
