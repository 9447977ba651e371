// What status found: something that is wrong, or worth knowing, and the command that mends it.

/** `problem`: something did not work, or will not. `warning`: worth knowing; monitoring does not fail for it. */
export interface StatusFinding {
  level: 'problem' | 'warning';
  /** A sentence. */
  message: string;
  /** The one command that mends it, or else the next step. */
  hint: string;
}

export const problem = (message: string, hint: string): StatusFinding => ({
  level: 'problem',
  message,
  hint,
});
export const warning = (message: string, hint: string): StatusFinding => ({
  level: 'warning',
  message,
  hint,
});

export const isProblem = ({ level }: StatusFinding): boolean => level === 'problem';

/** Otherwise as they were. */
export const worstFirst = (findings: readonly StatusFinding[]): StatusFinding[] => [
  ...findings.filter(isProblem),
  ...findings.filter((finding) => !isProblem(finding)),
];
