import { describe, expect, it } from 'vitest';
import { propertyStatements } from '../../../src/database/properties.js';
import type { DatabaseProperties } from '../../../src/domain/manifest.js';

const plain: DatabaseProperties = {
  owner: 'alice',
  acl: null,
  settings: [],
  connectionLimit: -1,
  comment: null,
  tablespace: 'pg_default',
};

describe('the statements that give a database its properties', () => {
  it('change the owner first, so that the rights are granted by it', () => {
    expect(propertyStatements('Odd "name"', plain)[0]).toBe('ALTER DATABASE "Odd ""name""" OWNER TO "alice"');
  });

  it('give a list name by name and any other value as one literal', () => {
    const settings = [
      { role: null, name: 'search_path', value: '"My Schema", public' },
      { role: null, name: 'DateStyle', value: 'ISO, DMY' },
      { role: 'o"brien', name: 'app.note', value: "it's" },
    ];
    expect(propertyStatements('app', { ...plain, settings })).toEqual(
      expect.arrayContaining([
        `ALTER DATABASE "app" SET "search_path" TO 'My Schema', 'public'`,
        `ALTER DATABASE "app" SET "DateStyle" TO 'ISO, DMY'`,
        `ALTER ROLE "o""brien" IN DATABASE "app" SET "app.note" TO 'it''s'`,
      ]),
    );
  });

  it('grant to everybody where no grantee is named, and pass on the right to grant', () => {
    const acl = [
      { grantee: null, privilege: 'CONNECT', grantable: false },
      { grantee: 'bob', privilege: 'CREATE', grantable: true },
    ];
    const statements = propertyStatements('app', { ...plain, acl });
    expect(statements.filter((statement) => statement.startsWith('GRANT'))).toEqual([
      'GRANT CONNECT ON DATABASE "app" TO PUBLIC',
      'GRANT CREATE ON DATABASE "app" TO "bob" WITH GRANT OPTION',
    ]);
  });

  it('leave no rights where none were', () => {
    const statements = propertyStatements('app', { ...plain, acl: [] });
    expect(statements.filter((statement) => statement.startsWith('GRANT'))).toEqual([]);
  });
});
