import { expect, test } from 'vitest';
import { sqlStatements } from '../../../src/database/sql-statements.js';

test('statements end at semicolons that stand for themselves', () => {
  const script = `-- a comment; with one
CREATE ROLE "odd; ""name""";
COMMENT ON ROLE a IS 'it''s; two
lines';
ALTER ROLE a SET x TO E'back\\'slash;';  -- and more; here
SELECT 1 - 2;
`;
  expect(sqlStatements(script)).toEqual([
    'CREATE ROLE "odd; ""name"""',
    `COMMENT ON ROLE a IS 'it''s; two\nlines'`,
    `ALTER ROLE a SET x TO E'back\\'slash;'`,
    'SELECT 1 - 2',
  ]);
});

test('what is not ended is no statement', () => {
  expect(sqlStatements('SELECT 1;\nDROP DATABASE')).toEqual(['SELECT 1']);
});
