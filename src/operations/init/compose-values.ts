// Variables in a Compose file: `$NAME`, `${NAME}`, `${NAME:-default}` and their kin, `$$` for a dollar.

type Variables = Readonly<Record<string, string | undefined>>;

/** Every text in it with its variables replaced; one that is not set is empty, as Compose has it. */
export const interpolated = (value: unknown, variables: Variables): unknown => {
  if (typeof value === 'string') return interpolatedText(value, variables);
  if (Array.isArray(value)) return value.map((item) => interpolated(item, variables));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, interpolated(inner, variables)]),
  );
};

const VARIABLE =
  /\$(?:(?<dollar>\$)|(?<bare>[A-Za-z_]\w*)|\{(?<name>[A-Za-z_]\w*)(?:(?<how>:?[-+?])(?<other>[^{}]*(?:\{[^{}]*\}[^{}]*)*))?\})/g;

const interpolatedText = (text: string, variables: Variables): string =>
  text.replace(VARIABLE, (...found) => {
    const groups = found.at(-1) as Partial<Record<'dollar' | 'bare' | 'name' | 'how' | 'other', string>>;
    if (groups.dollar !== undefined) return '$';
    const value = variables[groups.name ?? groups.bare ?? ''];
    const { how = '', other = '' } = groups;
    const isSet = value !== undefined && (value !== '' || !how.startsWith(':'));
    if (how.endsWith('+')) return isSet ? interpolatedText(other, variables) : '';
    if (isSet) return value;
    return how.endsWith('-') ? interpolatedText(other, variables) : '';
  });
