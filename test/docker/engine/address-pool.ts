// Which addresses an engine's networks may take: none that this machine has a route to, so also none of another engine.
import { readFile } from 'node:fs/promises';

/** `172.23.0.0/16`. Docker's own default range is left to a Docker that uses it. */
export const freeAddressPool = async (): Promise<string> => {
  const routes = await readFile('/proc/net/route', 'utf8').catch(() => '');
  const free = Array.from({ length: 10 }, (_, n) => 20 + n).filter((second) => !isRouted(routes, second));
  const second = free[Math.floor(Math.random() * free.length)];
  if (second === undefined) throw new Error('every network from 172.20 to 172.29 is taken on this machine');
  return `172.${second}.0.0/16`;
};

/** The kernel prints an address as a little-endian number: 172.23.x.x ends in 17AC. */
const isRouted = (routes: string, second: number): boolean =>
  new RegExp(`\t[0-9A-F]{4}${second.toString(16).toUpperCase().padStart(2, '0')}AC\t`).test(routes);
