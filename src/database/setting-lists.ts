// Settings whose value is a list of names. PostgreSQL stores the names quoted where they need it, and quotes a list
// that is given as one literal again as ONE name: `"sales, public"` finds no table. So they are given name by name.

const LISTS = new Set([
  'local_preload_libraries',
  'search_path',
  'session_preload_libraries',
  'shared_preload_libraries',
  'temp_tablespaces',
  'unix_socket_directories',
]);

export const isList = (setting: string): boolean => LISTS.has(setting.toLowerCase());

const ELEMENT = /\s*(?:"((?:[^"]|"")*)"|([^",\s]+))\s*(,|$)/y;

/** The names of a stored list, unquoted; null where it is not one. */
export const splitList = (stored: string): string[] | null => {
  if (stored.trim() === '') return [];
  const names: string[] = [];
  ELEMENT.lastIndex = 0;
  for (;;) {
    const match = ELEMENT.exec(stored);
    if (match === null) return null;
    names.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '') return names;
  }
};
