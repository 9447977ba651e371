// Who is told of what, as holdfast.yaml says; secrets are still references, and are resolved by the agent alone.
import type { EventKind } from '../domain/events.js';

interface Notifier {
  /** `email-1f3a99c0`: its kind and whom it tells. It stays when others are put before it, and when it is told of something else. */
  id: string;
  /** `email 1`: the kind and its position in the file. */
  name: string;
  /** `notify[0].email`: where it stands in the file. */
  path: string;
  on: readonly EventKind[];
  /** Only what happens to these; null: to all. */
  deployments: readonly string[] | null;
  /** It has failed when it takes longer. */
  timeoutMs: number;
}

export interface PingSettings extends Notifier {
  kind: 'ping';
  /** A reference. */
  url: string;
}

export interface EmailSettings extends Notifier {
  kind: 'email';
  to: readonly string[];
  from: string;
  /** A reference to `smtp://user:password@host:587` or `smtps://…`. */
  smtp: string;
}

/** Strings of it may hold `{title}` and the like. */
export type Template = { [key: string]: Template } | readonly Template[] | string | number | boolean | null;

export interface WebhookSettings extends Notifier {
  kind: 'webhook';
  /** A reference, or a URL that is no secret. */
  url: string;
  /** null: the event itself. */
  template: 'ntfy' | 'slack' | 'discord' | { json: Template } | null;
  /** A reference: what bodies are signed with. */
  secret: string | null;
  /** References, or text that is no secret. */
  headers: Readonly<Record<string, string>>;
}

export interface CommandSettings extends Notifier {
  kind: 'command';
  argv: readonly string[];
}

export type NotifierSettings = PingSettings | EmailSettings | WebhookSettings | CommandSettings;
