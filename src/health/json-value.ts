// A value in a JSON body: `checks.database`, `items.0.state` or `$.items[0].state`. A key that holds a dot cannot be named.

/** What is wrong with it, so that it goes on after the label; null: the value is there and is `equals`. */
export const jsonProblem = (
  body: string,
  { path, equals }: { path: string; equals: string | number | boolean | null },
): string | null => {
  const parsed = parse(body);
  if (parsed === null) return 'answered with a body that is not JSON';
  const steps = jsonSteps(path);
  const found = steps.reduce<unknown>(inner, parsed.value);
  const place = `$.${steps.join('.')}`;
  if (found === undefined) return `answered with a body without ${place}`;
  return found === equals ? null : `says that ${place} is ${shown(found)} instead of ${shown(equals)}`;
};

const jsonSteps = (path: string): string[] =>
  path
    .replace(/^\$\.?/, '')
    .replace(/\[(\d+)\]/g, '.$1')
    .replace(/^\./, '')
    .split('.');

const parse = (body: string): { value: unknown } | null => {
  try {
    return { value: JSON.parse(body) };
  } catch {
    return null;
  }
};

const inner = (value: unknown, step: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, step)
    ? Reflect.get(value, step)
    : undefined;

const SHOWN = 80;

const shown = (value: unknown): string => {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value);
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
};
