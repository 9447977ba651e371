// The other side of a notifier that posts to a URL.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NotifierSettings } from '../../src/config/notify-settings.js';
import { postedPage } from '../support/posted-page.js';
import type { OtherSide } from './notifier-suite.js';

const SECRET = '0f5dc7b7-83b1-4a3b-9df5-3fdf5d4f6d7a';

/** @param settings gets the reference to the URL; @param mark as in OtherSide */
export const postingSide = async (
  settings: (url: string) => NotifierSettings,
  mark: string,
): Promise<OtherSide> => {
  const page = await postedPage();
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-notify-'));
  const file = join(folder, 'url');
  await writeFile(file, `${page.url}/${SECRET}\n`, { mode: 0o600 });
  return {
    settings: settings(`file:${file}`),
    received: async () => page.posted.map(({ path, body }) => `${path}\n${body}`),
    take: async () => page.answer(200),
    refuse: async () => page.answer(404),
    hang: async () => page.answer('nothing'),
    mark,
    secret: SECRET,
    remove: async () => {
      await page.close();
      await rm(folder, { recursive: true });
    },
  };
};
