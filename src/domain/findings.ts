// What doctor found: whether a backup and a restore would work, and what their surroundings are like.

export const AREAS = ['DATABASE', 'STORAGE', 'APPLICATION', 'BACKUP_SYSTEM', 'SECURITY'] as const;

export type Area = (typeof AREAS)[number];

/** `problem`: a backup or a restore would fail, or others can get at the data. `warning`: worth knowing. */
export type FindingLevel = 'ok' | 'warning' | 'problem';

export interface Finding {
  area: Area;
  level: FindingLevel;
  /** A sentence. */
  message: string;
  /** The next step; empty where nothing is to be done. */
  hint: string;
}

/** As much as a payload may hold. */
export interface Fitted<Item> {
  kept: Item[];
  /** How many did not fit. */
  omitted: number;
}

/** The first ones. @param atMost bytes of JSON */
export const fitting = <Item>(items: readonly Item[], atMost: number): Fitted<Item> => {
  const kept: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    bytes += new TextEncoder().encode(JSON.stringify(item)).length + 1;
    if (bytes > atMost) break;
    kept.push(item);
  }
  return { kept, omitted: items.length - kept.length };
};

const ORDER: readonly FindingLevel[] = ['problem', 'warning', 'ok'];

export const worstFirst = (findings: readonly Finding[]): Finding[] =>
  [...findings].sort((one, other) => ORDER.indexOf(one.level) - ORDER.indexOf(other.level));

/** `2 problems, 1 warning`; `ready` where there is neither. */
export const inShort = (findings: readonly Pick<Finding, 'level'>[]): string => {
  const count = (level: FindingLevel): string[] => {
    const many = findings.filter((finding) => finding.level === level).length;
    return many === 0 ? [] : [`${many} ${level}${many === 1 ? '' : 's'}`];
  };
  return [...count('problem'), ...count('warning')].join(', ') || 'ready';
};
