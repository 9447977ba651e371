// The recovery sheet as plain data: what it says, whichever way it is printed.

export type SheetBlock =
  | { kind: 'words'; text: string }
  /** Said so that nobody overlooks it. */
  | { kind: 'warning'; text: string }
  | { kind: 'facts'; rows: readonly (readonly [label: string, value: string])[] }
  | { kind: 'commands'; lines: readonly string[] }
  /** To be filled in by hand. */
  | { kind: 'blank'; label: string };

export interface SheetSection {
  title: string;
  blocks: SheetBlock[];
}

export interface Sheet {
  title: string;
  sections: SheetSection[];
}

export const words = (text: string): SheetBlock => ({ kind: 'words', text });
export const warning = (text: string): SheetBlock => ({ kind: 'warning', text });
export const facts = (...rows: (readonly [string, string])[]): SheetBlock => ({ kind: 'facts', rows });
export const commands = (...lines: string[]): SheetBlock => ({ kind: 'commands', lines });
export const blank = (label: string): SheetBlock => ({ kind: 'blank', label });
