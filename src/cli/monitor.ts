// Turns looks at a run into what is shown: redrawn lines on a terminal, one line for each change elsewhere.
import type { Output } from './output.js';
import { type Change, changesBetween } from './render/changes.js';
import { liveLines } from './render/live.js';
import { addSamples, type Samples } from './render/rates.js';
import type { RunView } from './run-view.js';

export interface Monitor {
  /** null: Temporal does not answer. */
  show(view: RunView | null): void;
  clear(): void;
}

/** After this long without an answer from the agent, somebody who cannot see live lines is told. */
const SILENT_AFTER_MS = 10_000;

export interface MonitorOptions {
  cancelling: () => boolean;
  since: RunView | null;
}

export const createMonitor = (output: Output, { cancelling, since }: MonitorOptions): Monitor => {
  const startedAt = Date.now();
  const notice = createNotices(output);
  let before = since;
  let samples: Samples = new Map();
  return {
    show: (seen) => {
      notice.lost(seen === null);
      if (seen === null) return;
      notice.silent(seen.progress === null);
      const now = Date.now();
      const transfers = seen.pending.flatMap(({ transfer }) => transfer ?? []);
      const view = { ...seen, progress: seen.progress ?? before?.progress ?? null };
      const state = { silent: seen.progress === null, elapsedMs: now - startedAt, width: output.width() };
      samples = addSamples(samples, transfers, now);
      const lines = liveLines({ view, samples, cancelling: cancelling(), ...state });
      output.draw(seen.status === 'RUNNING' ? lines : []);
      for (const change of changesBetween(before, view, new Date(now))) sayChange(change, output);
      before = view;
    },
    clear: () => output.draw([]),
  };
};

const sayChange = ({ kind, text }: Change, { live, say, paint }: Output): void => {
  if (kind === 'begun') {
    if (!live) say(text);
  } else if (kind === 'done') say(live ? `${paint('green', '✓')} ${text}` : text);
  else say(paint(kind === 'failed' ? 'red' : 'yellow', text));
};

/** Says once that somebody is away, and once that they are back. */
const createNotices = ({ say }: Output) => {
  let lost = false;
  let silentSince = 0;
  let silenceSaid = false;
  return {
    lost: (now: boolean) => {
      if (now && !lost) say('the connection to Temporal is lost; trying again (the run is safe)');
      if (!now && lost) say('Temporal answers again');
      lost = now;
    },
    silent: (now: boolean) => {
      if (!now) [silentSince, silenceSaid] = [0, false];
      else if (silentSince === 0) silentSince = Date.now();
      else if (!silenceSaid && Date.now() - silentSince > SILENT_AFTER_MS) {
        silenceSaid = true;
        say('the agent does not answer; waiting for it (holdfast up starts one)');
      }
    },
  };
};
