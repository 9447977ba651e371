// Bech32 (BIP 173), which age writes its keys in: the last six letters are a checksum over the rest.

const LETTERS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const CHECKSUM_LETTERS = 6;

/** Five bits a word, without the checksum. null: it is none, or the checksum does not fit. */
export const bech32Words = (text: string): { prefix: string; words: number[] } | null => {
  const end = text.lastIndexOf('1');
  const prefix = text.slice(0, end);
  const words = [...text.slice(end + 1)].map((letter) => LETTERS.indexOf(letter));
  if (end < 1 || words.length < CHECKSUM_LETTERS || words.includes(-1)) return null;
  if (checksum([...expanded(prefix), ...words]) !== 1) return null;
  return { prefix, words: words.slice(0, -CHECKSUM_LETTERS) };
};

const expanded = (prefix: string): number[] => {
  const codes = [...prefix].map((letter) => letter.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
};

const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

const checksum = (words: readonly number[]): number =>
  words.reduce(
    (sum, word) =>
      GENERATOR.reduce(
        (next, mask, bit) => (((sum >> 25) >> bit) & 1 ? next ^ mask : next),
        ((sum & 0x1ffffff) << 5) ^ word,
      ),
    1,
  );
