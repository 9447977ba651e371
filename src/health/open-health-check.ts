// A health check of any kind, from its settings. Here every look gets its time limit, and every error becomes a state.
import type { HealthCheckSettings } from '../config/service-settings.js';
import { commandProbe } from './command.js';
import { containerProbe } from './container.js';
import type { HealthCheck, HealthContext, HealthState, Probe, Seen } from './health-check.js';
import { httpProbe } from './http.js';
import { sqlProbe } from './sql.js';
import { tcpProbe } from './tcp.js';

const LOOK_WITHIN_MS = 5_000;

export const openHealthCheck = (settings: HealthCheckSettings, context: HealthContext): HealthCheck => {
  const probe = probeOf(settings, context);
  const withinMs = context.lookWithinMs ?? LOOK_WITHIN_MS;
  return { label: probe.label, check: (signal) => check(probe, { withinMs, signal }) };
};

const probeOf = (settings: HealthCheckSettings, context: HealthContext): Probe => {
  switch (settings.kind) {
    case 'http':
      return httpProbe(settings);
    case 'tcp':
      return tcpProbe(settings);
    case 'command':
      return commandProbe(settings);
    case 'sql':
      return sqlProbe(settings, context.query);
    case 'container':
      return containerProbe(settings.container);
  }
};

const check = async (
  { label, look }: Probe,
  { withinMs, signal }: { withinMs: number; signal: AbortSignal },
): Promise<HealthState> => {
  signal.throwIfAborted();
  const limit = AbortSignal.timeout(withinMs);
  const seen = await look(AbortSignal.any([signal, limit])).catch((error: unknown): Seen => {
    signal.throwIfAborted();
    return { ok: false, words: limit.aborted ? `timed out after ${withinMs / 1000} s` : said(error) };
  });
  return { label, ok: seen.ok, words: oneLine(`${label} ${seen.words}`) };
};

const said = (error: unknown): string =>
  `could not be checked: ${error instanceof Error ? error.message : String(error)}`;

const MOST_WORDS = 500;

/** A program's words reach a terminal: on one line, and without anything that moves its cursor. */
const oneLine = (text: string): string => text.replace(/\s*\p{Cc}[\s\p{Cc}]*/gu, ' ').slice(0, MOST_WORDS);
