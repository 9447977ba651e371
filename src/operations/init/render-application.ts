// The lines about what is around the database: folders, services, health, hooks.
import type { Draft, FolderDraft } from './draft.js';
import { comments, indented, yamlList, yamlText } from './yaml-text.js';

export const folderLines = (folders: readonly FolderDraft[]): string[] => [
  ...comments(
    'Folders and Docker volumes that belong to it, each with a name of its own: stored with the database as one backup.',
  ),
  ...(folders.length === 0
    ? comments('files:', '  media: /srv/app/media', '  uploads: { volume: app_uploads }')
    : ['files:', ...indented(2, folders.map(folderLine))]),
  ...comments(
    'One more, for what is stored too but never swapped in (restore: aside puts it beside):',
    '  project: { path: /srv/app, include: [compose.yaml, .env], restore: aside }',
  ),
];

const folderLine = (folder: FolderDraft): string =>
  'volume' in folder
    ? `${yamlText(folder.name)}: { volume: ${yamlText(folder.volume)} }`
    : `${yamlText(folder.name)}: ${yamlText(folder.path)}`;

export const serviceLines = ({ services }: Pick<Draft, 'services'>): string[] => [
  ...comments(
    'What a restore stops for the moment of the swap, in this order, and puts back exactly as it was. duringBackup: pause makes',
    'a backup one moment of rows and files alike, for as long as maxPause (30s) lets it; keep measures the gap instead.',
  ),
  ...(services === null
    ? comments(
        'services:',
        '  - systemd: app.service',
        '  - compose: { project: app, services: [web, worker] }',
        '    duringBackup: keep',
      )
    : [
        'services:',
        `  - compose: { project: ${yamlText(services.project)}, services: ${yamlList(services.services)} }`,
        '    duringBackup: keep',
      ]),
];

export const healthLines = ({ services }: Pick<Draft, 'services'>): string[] => {
  const healthy = services?.healthy ?? [];
  const shown = (name: string) =>
    `    - container: { compose: { project: ${yamlText(services?.project ?? '')}, service: ${yamlText(name)} } }`;
  return [
    ...comments(
      'When the application is well. After a restore all checks must pass within this time, or everything is put back.',
    ),
    ...(healthy.length === 0
      ? comments('health:', '  within: 2m', '  checks:')
      : ['health:', '  within: 2m', '  checks:', ...healthy.map(shown)]),
    ...comments(
      '    - http: { url: "http://localhost:8000/health", status: 200 }',
      '    - sql: { query: "select count(*) > 0 from users" }',
      '    - tcp: localhost:6379',
    ),
  ];
};

export const hookLines = ({ services }: Pick<Draft, 'services'>): string[] => {
  const project = services?.project ?? 'app';
  const service = services?.services[0] ?? 'web';
  const migrate = ['docker', 'compose', '--project-name', project, 'run', '--rm', service];
  return comments(
    'Commands, run without a shell. afterRestore: on the restored data, before the services start.',
    'hooks:',
    '  beforeBackup: [[/usr/local/bin/flush-queue]]',
    `  afterRestore: [${yamlList([...migrate, 'python', 'manage.py', 'migrate'])}]`,
  );
};
