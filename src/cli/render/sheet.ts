// The recovery sheet as text, and as one HTML file that needs nothing else and prints on A4 and Letter.
import type { Sheet, SheetBlock, SheetSection } from '../keys/sheet-parts.js';

export const sheetText = ({ title, sections }: Sheet): string =>
  [...underlined(title, '='), '', ...sections.flatMap(textSection)].join('\n');

export const sheetHtml = ({ title, sections }: Sheet): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
${sections.map(htmlSection).join('\n')}
</body>
</html>
`;

const textSection = ({ title, blocks }: SheetSection): string[] => [
  ...underlined(title, '-'),
  ...blocks.flatMap((block) => [...textBlock(block), '']),
];

const underlined = (title: string, line: string): string[] => [plain(title), line.repeat(title.length)];

const textBlock = (block: SheetBlock): string[] => {
  switch (block.kind) {
    case 'words':
      return [plain(block.text)];
    case 'warning':
      return [`*** ${plain(block.text)} ***`];
    case 'facts': {
      const width = Math.max(...block.rows.map(([label]) => label.length));
      return block.rows.map(([label, value]) => `  ${plain(label).padEnd(width)}  ${plain(value)}`);
    }
    case 'commands':
      return block.lines.map((line) => `    ${plain(line)}`);
    case 'blank':
      return [`${block.label}: ${'_'.repeat(40)}`];
    default:
      return block satisfies never;
  }
};

const htmlSection = ({ title, blocks }: SheetSection): string =>
  `<section>\n<h2>${escaped(title)}</h2>\n${blocks.map(htmlBlock).join('\n')}\n</section>`;

const htmlBlock = (block: SheetBlock): string => {
  switch (block.kind) {
    case 'words':
      return `<p>${escaped(block.text)}</p>`;
    case 'warning':
      return `<p class="warning">${escaped(block.text)}</p>`;
    case 'facts':
      return `<table>${block.rows.map(([label, value]) => `<tr><th>${escaped(label)}</th><td>${escaped(value)}</td></tr>`).join('')}</table>`;
    case 'commands':
      return `<pre>${block.lines.map(escaped).join('\n')}</pre>`;
    case 'blank':
      return `<p class="blank">${escaped(block.label)}</p>`;
    default:
      return block satisfies never;
  }
};

/** For text between tags and in attributes alike. */
const escaped = (text: string): string =>
  plain(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/** No name can begin a line of its own, turn the text round or drive a printer. */
const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\u{fffd}');

const STYLE = `
@page { margin: 15mm }
body { font: 10.5pt/1.4 system-ui, sans-serif; color: #000; background: #fff; max-width: 180mm; margin: 0 auto; padding: 4mm }
h1 { font-size: 17pt; margin: 0 0 4mm }
h2 { font-size: 12pt; margin: 5mm 0 1mm; border-bottom: 0.3mm solid #000; break-after: avoid }
section { break-inside: avoid-page }
p { margin: 1mm 0 2mm }
table { border-collapse: collapse; width: 100%; margin: 1mm 0 3mm }
th { text-align: left; vertical-align: top; font-weight: 600; padding: 0.5mm 4mm 0.5mm 0; white-space: nowrap; width: 1% }
td, pre { font-family: ui-monospace, monospace; font-size: 9.5pt; overflow-wrap: anywhere }
td { padding: 0.5mm 0 }
pre { white-space: pre-wrap; border: 0.2mm solid #888; padding: 2mm; margin: 1mm 0 3mm }
.warning { font-weight: 700; border: 0.7mm solid #000; padding: 2mm }
.blank { margin: 4mm 0; border-bottom: 0.2mm solid #000; padding-bottom: 6mm }
`;
