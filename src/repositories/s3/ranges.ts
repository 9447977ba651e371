// A long listing, asked for in several places at once. A server gives a thousand keys at a time, and only where the last ones
// ended does it go on: of ten thousand backups that is fifty answers, one after the other. But ids of backups begin with their
// moment, so that what is left can be cut by time. The result is that of one listing from the first key to the last.

export interface Page<Listed> {
  /** In the order of their keys. */
  listed: Listed[];
  /** The server has others behind them. */
  more: boolean;
}

export interface Listing<Listed> {
  /** The first keys that come after this one; empty: from the beginning. */
  pageAfter(key: string): Promise<Page<Listed>>;
  /** Where nothing that is wanted lies between a key and a later one: that one. */
  skipTo?(key: string): string;
  atOnce: number;
  now: Date;
}

/**
 * null: the server does not list by bytes, or not from a key on, so that its listing cannot be cut. SeaweedFS orders folder by
 * folder: `edms-2/` behind `edms/`.
 */
export const listInRanges = async <Listed extends { key: string }>(
  listing: Listing<Listed>,
): Promise<Listed[] | null> => {
  let asking = 1;
  let given = true;
  const ask = async (after: string): Promise<Page<Listed>> => {
    try {
      const page = await listing.pageAfter(after);
      given &&= isInOrder(after, page);
      return page;
    } catch (error) {
      given = false;
      throw error;
    }
  };
  const walk = async ({ after: start, until }: Range): Promise<Listed[]> => {
    const found: Listed[] = [];
    for (let after = start; given && !isBehind(after, until); ) {
      const { listed, more } = await ask(after);
      found.push(...listed.filter(({ key }) => until === null || key <= until));
      const [first, last] = [listed[0], listed.at(-1)];
      if (!more || first === undefined || last === undefined) break;
      after = listing.skipTo?.(last.key) ?? last.key;
      const pieces = cut(
        { after, until },
        { from: first.key, most: listing.atOnce - asking + 1, now: listing.now },
      );
      if (pieces.length <= 1) continue;
      asking += pieces.length;
      found.push(...(await Promise.all(pieces.map(walk))).flat());
      break;
    }
    asking -= 1;
    return found;
  };
  const found = await walk({ after: '', until: null });
  return given ? found : null;
};

interface Range {
  after: string;
  /** The last key that may belong to it; null: no other range comes behind. */
  until: string | null;
}

const isBehind = (key: string, until: string | null): boolean => until !== null && key >= until;

const isInOrder = <Listed extends { key: string }>(after: string, { listed, more }: Page<Listed>): boolean =>
  (listed.length > 0 || !more) && listed.every(({ key }, index) => key > (listed[index - 1]?.key ?? after));

/**
 * The rest of a range in equal times: as many pieces as there are pages in it, if the others are like the one that began at `from`.
 * What has no moment in its key comes with the last one.
 */
const cut = (rest: Range, { from, most, now }: { from: string; most: number; now: Date }): Range[] => {
  const [first, at] = [momentIn(from), momentIn(rest.after)];
  const end = rest.until === null ? now.getTime() : timeBehind(at?.stem, rest.until);
  if (at === null || first?.stem !== at.stem || end <= at.time) return [rest];
  const left = end - at.time;
  const count = Math.min(most, Math.ceil(left / Math.max(at.time - first.time, 1000)));
  const bounds = new Set<string>();
  for (let piece = 1; piece < count; piece++) {
    const bound = keyOf({ stem: at.stem, time: at.time + (piece * left) / count });
    if (bound > rest.after && !isBehind(bound, rest.until)) bounds.add(bound);
  }
  const starts = [rest.after, ...bounds];
  return starts.map((after, index) => ({ after, until: starts[index + 1] ?? rest.until }));
};

interface Moment {
  /** What stands before it in the key. */
  stem: string;
  time: number;
}

/** Of the first name in a key that begins with one. */
const momentIn = (key: string): Moment | null => {
  const found = /^((?:[^/]*\/)*?)(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(key);
  if (found === null) return null;
  const [, stem = '', year, month, day, hour, minute, second] = found;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? null : { stem, time };
};

const timeBehind = (stem: string | undefined, key: string): number => {
  const moment = momentIn(key);
  return moment?.stem === stem ? (moment?.time ?? 0) : 0;
};

const keyOf = ({ stem, time }: Moment): string =>
  `${stem}${new Date(time).toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`;
