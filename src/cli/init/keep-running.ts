// What keeps `holdfast up` running: a systemd unit or a Compose service, made of the ones in packaging/ for this configuration.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { shellQuote } from '../../catalog/restore-commands.js';
import { asFailure, type Failure } from '../../domain/failure.js';
import { composeServiceText } from '../../operations/init/compose-service-text.js';
import { systemdUnitText } from '../../operations/init/systemd-unit-text.js';
import type { Output } from '../output.js';
import { writePrivateFile } from '../private-file.js';
import { failureLines } from '../report-failure.js';
import { askOne } from './answers.js';
import type { Written } from './written.js';

/** @throws CANCELLED */
export const offerService = async (written: Written, output: Output): Promise<void> => {
  const folder = dirname(written.draft.file);
  const unit = join(folder, 'holdfast.service');
  const compose = join(folder, 'holdfast-compose.yaml');
  const chosen = await askOne(
    'Backups happen by themselves while `holdfast up` runs. What keeps it running?',
    [
      { label: 'I will see to that later' },
      { label: 'systemd: write the unit', hint: unit },
      { label: 'systemd: show the unit' },
      { label: 'Docker: write the Compose service', hint: compose },
      { label: 'Docker: show the Compose service' },
    ],
  );
  if (chosen === 1) await writeText(unit, await unitFor(written), installUnit(unit), output);
  if (chosen === 2) output.say(await unitFor(written));
  if (chosen === 3) await writeText(compose, await serviceFor(written), startService(compose), output);
  if (chosen === 4) output.say(await serviceFor(written));
};

const unitFor = async ({ draft, variable }: Written): Promise<string> =>
  systemdUnitText(await packaged('holdfast.service'), {
    config: draft.file,
    environmentFile: variable?.file ?? null,
  });

const serviceFor = async ({ draft, variable }: Written): Promise<string> =>
  composeServiceText(await packaged('compose.yaml'), { draft, environmentFile: variable?.file ?? null });

const packaged = (name: string): Promise<string> =>
  readFile(new URL(`../../../packaging/${name}`, import.meta.url), 'utf8');

const installUnit = (unit: string): string[] => [
  `sudo install -m 644 ${shellQuote(unit)} /etc/systemd/system/ && sudo systemctl daemon-reload && sudo systemctl enable --now holdfast`,
];

const startService = (file: string): string[] => [
  'docker build --tag holdfast .    # in a checkout of holdfast',
  `docker compose --file ${shellQuote(file)} up --detach`,
];

/** One that is there stays, and everything else goes on. */
const writeText = async (
  file: string,
  text: string,
  next: readonly string[],
  output: Output,
): Promise<void> => {
  const failure = await writePrivateFile(file, text).then(
    (): Failure | null => null,
    (thrown: unknown) => asFailure(thrown),
  );
  const lines =
    failure === null
      ? [`wrote ${file}; then:`, ...next.map((line) => `  ${line}`)]
      : failureLines(failure, output.paint);
  for (const line of lines) output.say(line);
};
