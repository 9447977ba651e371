// Whether a path leads to a disk of another machine: there a look at it may hang for ever, and nothing ends it. Linux only;
// elsewhere each path may.
import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** As it is mounted now, by /proc/self/mountinfo, which never hangs. */
export const mayHang = async (path: string): Promise<boolean> => {
  const text = await readFile('/proc/self/mountinfo', 'utf8').catch(() => null);
  return text === null || mayHangIn(text, path);
};

/** As many as the kernel follows, path_resolution(7). */
const MOST_LINKS = 40;

/** Name by name as the kernel goes, so that links are followed, `..` leads up from where they led, and none behind a network mount is looked at. */
export const mayHangIn = async (mountinfo: string, path: string): Promise<boolean> => {
  let [at, rest, links] = ['/', namesIn(path), 0];
  for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
    const next = join(at, name);
    if (isRemote(mountinfo, next)) return isRemote(mountinfo, join(next, ...rest));
    const target = name === '..' ? null : await readlink(next).catch(() => null);
    if (target === null) {
      at = next;
      continue;
    }
    links += 1;
    if (links > MOST_LINKS) return false;
    if (target.startsWith('/')) at = '/';
    rest = [...namesIn(target), ...rest];
  }
  return isRemote(mountinfo, at);
};

const namesIn = (path: string): string[] => path.split('/').filter((name) => name !== '' && name !== '.');

/** proc_pid_mountinfo(5): the mount point is the fifth field, the type the first one after the dash. */
const isRemote = (mountinfo: string, path: string): boolean => {
  let longest = { point: '', type: '' };
  for (const line of mountinfo.split('\n')) {
    const [fields = '', after = ''] = line.split(' - ');
    const point = unescaped(fields.split(' ')[4] ?? '');
    const [type = ''] = after.split(' ');
    const isAbove = point !== '' && `${path}/`.startsWith(point === '/' ? '/' : `${point}/`);
    // Of two that are mounted at one point, the later one is on top.
    if (isAbove && point.length >= longest.point.length) longest = { point, type };
  }
  return REMOTE.test(longest.type);
};

const REMOTE = /^(nfs|cifs|smb|fuse|9p|afs|ceph|glusterfs|autofs|lustre|ncpfs|ocfs2|gfs2|virtiofs)/;

/** Blanks, tabs, line ends and backslashes are written in octal. */
const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
