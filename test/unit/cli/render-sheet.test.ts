import { expect, test } from 'vitest';
import { commands, facts, type Sheet, warning, words } from '../../../src/cli/keys/sheet-parts.js';
import { sheetHtml, sheetText } from '../../../src/cli/render/sheet.js';

const hostile = `<script>alert("x")</script> & 'y'\n\u202e# heading`;
const sheet: Sheet = {
  title: hostile,
  sections: [
    {
      title: hostile,
      blocks: [words(hostile), warning(hostile), facts([hostile, hostile]), commands(hostile)],
    },
  ],
};

test('whatever a name holds, in HTML it is only text', () => {
  const html = sheetHtml(sheet);
  expect(html).not.toContain('<script');
  expect(html).not.toContain('\u202e');
  expect(html.match(/&lt;script&gt;alert\(&quot;x&quot;\)&lt;\/script&gt; &amp; &#39;y&#39;/g)).toHaveLength(
    8,
  );
});

test('the page needs nothing but itself, and says so to the browser', () => {
  const html = sheetHtml(sheet);
  expect(html).not.toMatch(/\b(src|href)=|url\(|@import|https?:/);
  expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  expect(html).toContain('@page');
});

test('in text no name begins a line of its own', () => {
  const lines = sheetText(sheet).split('\n');
  expect(lines.filter((line) => /^\W*# heading/.test(line))).toEqual([]);
  expect(lines.some((line) => line.startsWith('*** <script>'))).toBe(true);
});
