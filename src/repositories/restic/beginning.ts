// The beginning of a stream, looked at before anything is begun with it: most streams of a backup are large or tiny.

/** Bytes: with less than that, two snapshots are too many. */
const SMALL = 1 << 20;

interface Beginning {
  /** The whole stream, where it is small. */
  all: Buffer | null;
  /** From the beginning on; empty where there is `all`. */
  bytes: AsyncIterable<Buffer>;
}

export const beginningOf = async (stream: AsyncIterable<Buffer>): Promise<Beginning> => {
  const chunks = stream[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  for (let length = 0; length < SMALL; ) {
    const next = await chunks.next();
    if (next.done === true) return { all: Buffer.concat(first), bytes: none() };
    first.push(next.value);
    length += next.value.length;
  }
  async function* bytes(): AsyncGenerator<Buffer> {
    yield* first;
    yield* { [Symbol.asyncIterator]: () => chunks };
  }
  return { all: null, bytes: bytes() };
};

async function* none(): AsyncGenerator<Buffer> {
  // Nothing.
}
