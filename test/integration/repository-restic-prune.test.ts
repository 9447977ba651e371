// Retention in a repository that deduplicates: what goes frees its bytes only when they are reclaimed.
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runEffect } from '../../src/domain/effect.js';
import { openRepository } from '../../src/repositories/open-repository.js';
import { night, prunedWorld } from '../support/pruned-world.js';
import { makeResticTemplate, TEMPLATE_PASSWORD } from '../support/restic-template.js';
import { storeBackup } from '../support/stored-backup.js';

const bytesOf = (path: string): number => Number(execFileSync('du', ['-sb', path]).toString().split('\t')[0]);

it('removes what the tiers do not keep, and gives the space back', async () => {
  const world = await prunedWorld('daily: { keep: 1 }');
  const password = join(world.folder, 'password');
  await writeFile(password, `${TEMPLATE_PASSWORD}\n`, { mode: 0o600 });
  const repository = join(world.folder, 'vault');
  await makeResticTemplate(repository);
  const settings = {
    ...{ kind: 'restic' as const, name: 'local', repository },
    ...{ password: `file:${password}`, environment: {} },
  };
  await world.put(settings);
  for (const day of [1, 2]) {
    const at = `2026-03-0${day}T01:00:00.000Z`;
    const given = { tiers: ['daily'], startedAt: at, scheduledFor: at };
    await storeBackup(settings, [2_000_000], night(day), given);
  }
  await world.store(world.offsite, [2]);
  const before = bytesOf(repository);
  expect(await world.prune('local')).toMatchObject({ kept: 1, problems: [] });
  const left = (await openRepository(settings).list('edms')).map(({ key }) => key);
  expect(left.filter((key) => key.includes(night(1)))).toEqual([]);
  expect(left.filter((key) => key.includes(night(2)))).toHaveLength(5);
  await openRepository(settings).reclaim?.(runEffect);
  expect(bytesOf(repository)).toBeLessThan(before - 1_500_000);
  expect(await world.sweep('local')).toEqual([]);
});
