// Rows of text as aligned columns.

export interface Column {
  title: string;
  align?: 'left' | 'right';
}

/** The lines of a table, its titles first; columns in which no row says anything are left out. */
export const table = (columns: readonly Column[], rows: readonly (readonly string[])[]): string[] => {
  const shown = columns
    .map((column, index) => ({ ...column, cells: rows.map((row) => row[index] ?? '') }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''))
    .map((column) => ({ ...column, width: widest([column.title, ...column.cells]) }));
  const line = (cell: (column: (typeof shown)[number]) => string) =>
    shown
      .map((column) => pad(cell(column), column))
      .join('   ')
      .trimEnd();
  return [line(({ title }) => title), ...rows.map((_row, index) => line(({ cells }) => cells[index] ?? ''))];
};

const widest = (cells: readonly string[]): number => Math.max(...cells.map((cell) => cell.length));

const pad = (cell: string, { align, width }: { align?: 'left' | 'right'; width: number }): string =>
  align === 'right' ? cell.padStart(width) : cell.padEnd(width);
