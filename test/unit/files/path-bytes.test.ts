import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absoluteBytes, printable } from '../../../src/files/path-bytes.js';

const bytes = (text: string): string => Buffer.from(text).toString('latin1');

describe('printable', () => {
  it.each([
    ['plain name.txt', 'plain name.txt'],
    [bytes('Übersicht – 日本 🎉'), 'Übersicht – 日本 🎉'],
    ['line\nbreak', 'line\\nbreak'],
    ['back\\slash', 'back\\\\slash'],
    ['\x1b[31m\x7f', '\\x1b[31m\\x7f'],
    ['\xff\xc3', '\\xff\\xc3'],
    [bytes('a\u0085b\u202ec'), 'a\\xc2\\x85b\\xe2\\x80\\xaec'],
    ['\xed\xa0\x80', '\\xed\\xa0\\x80'],
    ['\xf0\x9f\x8e', '\\xf0\\x9f\\x8e'],
  ])('shows %j as %j', (path, shown) => {
    expect(printable(path)).toBe(shown);
  });

  it('keeps every name apart from every other, and never holds a control character', () => {
    const name = fc.uint8Array({ maxLength: 30 }).map((array) => Buffer.from(array).toString('latin1'));
    fc.assert(
      fc.property(name, (path) => {
        const shown = printable(path);
        expect(shown).not.toMatch(/\p{Cc}/u);
        expect(original(shown)).toBe(path);
      }),
    );
  });
});

describe('absoluteBytes', () => {
  it('puts bytes that are not UTF-8 below a root that is', () => {
    expect(absoluteBytes('/tmp/ü', 'a\xff').toString('latin1')).toBe('/tmp/\xc3\xbc/a\xff');
  });
});

const original = (shown: string): string =>
  bytes(shown).replace(/\\(x[0-9a-f]{2}|.)/g, (_match, code: string) =>
    code.startsWith('x')
      ? String.fromCharCode(Number.parseInt(code.slice(1), 16))
      : ({ n: '\n', r: '\r', t: '\t' }[code] ?? code),
  );
