// What `copy` and `verify` came to, in lines.
import type { CopyResult, VerifyResult } from '../../domain/copies.js';
import type { VerifyRequest } from '../../domain/copy-requests.js';
import { countOf, formatBytes } from './format.js';

export const copyLines = ({ deployment, copies }: CopyResult): string[] =>
  copies.length === 0
    ? [`${deployment} has one repository only: there is nothing to copy`]
    : copies.map(({ repository, state, copied, bytes, missing, problem }) => {
        const made = copied === 0 ? '' : `, ${countOf(copied, 'backup')} copied (${formatBytes(bytes)})`;
        return state === 'complete'
          ? `${repository}: complete${made}`
          : `${repository}: ${countOf(missing, 'copy', 'copies')} could not be made: ${problem}${made}`;
      });

/** The command that mends copies that are not sound; into a restic repository a new backup brings back what no copy holds any more. */
export const verifyHint = (
  { deployment, repair }: Pick<VerifyRequest, 'deployment' | 'repair'>,
  { copies }: Pick<VerifyResult, 'copies'>,
): string => {
  const named = deployment === null ? [] : [deployment];
  if (copies === 0)
    return `no copy was read; what to mend first says ${['holdfast doctor', ...named].join(' ')}`;
  const again = ['holdfast verify', ...named, '--repair'].join(' ');
  if (!repair) return `what a good copy has is put back by ${again}`;
  const backup = `holdfast backup ${deployment ?? 'DEPLOYMENT'}`;
  return `what no good copy has is lost there; a new backup is whole: ${backup}. In a restic repository it also stores again what is still the same; then ${again} looks once more`;
};

/** `as stored: 4 copies, 1.9 GB read`, or what is wrong, a line each. */
export const verifyLines = ({ ok, copies, bytes, problems, repaired, lines }: VerifyResult): string[] => {
  const read = `${countOf(copies, 'copy', 'copies')}, ${formatBytes(bytes)} read`;
  const found = [
    ...(problems === 0 ? [] : [countOf(problems, 'problem')]),
    ...(repaired === 0 ? [] : [`${repaired} repaired`]),
  ].join(', ');
  return [`${ok ? 'sound' : 'not sound'}: ${found === '' ? read : `${found}; ${read}`}`, ...lines];
};
