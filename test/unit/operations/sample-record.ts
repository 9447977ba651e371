// An operation record as an agent writes it: of a deployment with files and no database.
import { newRecord } from '../../../src/operations/new-record.js';
import type { OperationRecord } from '../../../src/operations/record.js';
import type { KeptSet } from '../../../src/operations/swap/kept.js';

export const sampleRecord = (folder: string, change: Partial<OperationRecord> = {}): OperationRecord => {
  const deployment = change.deployment ?? 'edms';
  return newRecord({
    id: '0123456789',
    deployment,
    kind: 'backup',
    instance: '0123456789abcdef',
    holder: {
      workflowId: `holdfast.${deployment}.backup`,
      firstRunId: 'run-1',
      temporal: 'embedded',
      namespace: 'holdfast',
    },
    startedAt: '2026-01-11T22:47:48.000Z',
    backup: '20260111T224748Z-full-3f9a',
    settings: {
      deployment: {
        name: deployment,
        databases: [],
        trees: [{ name: 'storage', path: `${folder}/storage` }],
        services: [],
        hooks: { beforeBackup: [], afterBackup: [], afterRestore: [] },
        health: { withinMs: 1000, checks: [] },
        forwardWithinMs: 60_000,
        maxPauseMs: 30_000,
        repositories: ['local'],
        keepPreviousMs: 1000,
        approveWithinMs: 1000,
        stallTimeoutMs: 0,
        digest: 'd',
      },
      repository: { kind: 'local', name: 'local', path: `${folder}/backups` },
      encryption: null,
    },
    ...change,
  });
};

/** With everything that a record can hold. */
export const fullRecord = (folder: string): OperationRecord => {
  const record = sampleRecord(folder, { kind: 'restore', undoes: 'abcdef0123' });
  const identity = { device: '1', inode: '2', birth: '' };
  const password = 'env:PASSWORD';
  record.settings.deployment.databases = [
    {
      kind: 'parts',
      name: 'main',
      path: 'databases.main',
      password,
      host: 'h',
      port: 1,
      user: 'u',
      database: 'd',
    },
    { kind: 'url', name: 'other', path: 'databases.other', password: null, url: 'env:URL' },
  ];
  return {
    ...record,
    sideDatabases: [{ database: 'main', name: 'holdfast_0123456789_new', comment: 'c', oid: null }],
    sideFolders: [{ tree: 'storage', path: `${folder}/.holdfast-0123456789-storage-new` }],
    aside: [
      {
        tree: 'project',
        from: `${folder}/.holdfast-0123456789-project-new`,
        to: `${folder}/restored-20260111T224748Z-full-3f9a`,
      },
    ],
    swap: {
      closedAt: '2026-01-11T22:50:00.000Z',
      databases: [
        {
          name: 'main',
          live: 'd',
          liveOid: null,
          incoming: 'holdfast_0123456789_new',
          incomingOid: 5,
          incomingComment: 'c',
          outgoing: 'holdfast_0123456789_previous',
          outgoingComment: 'c',
          properties: null,
        },
      ],
      trees: [
        {
          tree: 'storage',
          live: `${folder}/storage`,
          way: 'rename',
          incoming: `${folder}/new`,
          outgoing: `${folder}/previous`,
          incomingIdentity: identity,
          liveIdentity: null,
          incomingChildren: [{ name: 'a', inode: '3' }],
        },
      ],
    },
  };
};

export const sampleKept = (folder: string, change: Partial<KeptSet> = {}): KeptSet => ({
  version: 1,
  operation: 'abcdef0123',
  instance: '0123456789abcdef',
  deployment: 'edms',
  backup: '20260111T224748Z-full-3f9a',
  replacedAt: '2026-01-11T22:50:00.000Z',
  until: '2026-01-13T22:50:00.000Z',
  settings: sampleRecord(folder).settings,
  databases: [],
  trees: [
    {
      tree: 'storage',
      live: `${folder}/storage`,
      folder: `${folder}/.holdfast-abcdef0123-storage-previous`,
    },
  ],
  absent: [],
  ...change,
});
