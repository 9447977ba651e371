// By mail, in plain text. Whatever the mail server does, nobody waits for it longer than the notifier's time limit.
import { createTransport } from 'nodemailer';
import type { EmailSettings } from '../config/notify-settings.js';
import { rememberSecret } from '../config/redacted.js';
import { Failure } from '../domain/failure.js';
import type { Deliver } from './notifier.js';
import { resolvedUrl } from './resolve.js';
import { plainText } from './text.js';

export const deliverByEmail =
  (settings: EmailSettings): Deliver =>
  async (event, signal) => {
    const { path, timeoutMs, from, to } = settings;
    const place = `${path}.smtp`;
    const url = await resolvedUrl(settings.smtp, { path: place, protocols: ['smtp:', 'smtps:'] });
    const transport = createTransport({ ...serverOf(url, place), ...limits(timeoutMs) });
    try {
      await transport.sendMail({
        from,
        to: [...to],
        subject: `holdfast: ${event.title}`,
        text: plainText(event),
        date: new Date(event.at),
        // One id an event: a mail that comes twice is shown once by most programs.
        messageId: `<${event.id}@${event.host}.holdfast>`,
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Holdfast-Event': event.kind },
        disableFileAccess: true,
        disableUrlAccess: true,
        signal,
      });
    } catch (error) {
      throw asNotified(url, error);
    } finally {
      transport.close();
    }
  };

const limits = (timeoutMs: number) => ({
  connectionTimeout: timeoutMs,
  greetingTimeout: timeoutMs,
  socketTimeout: timeoutMs,
  dnsTimeout: timeoutMs,
});

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** A password goes over no line in the clear; on this host nobody stands between. */
const serverOf = (url: URL, path: string) => {
  const { hostname, port, protocol, searchParams } = url;
  const [user, pass] = [decoded(url.username, path), decoded(url.password, path)];
  if (pass !== '') rememberSecret(pass);
  const secure = protocol === 'smtps:';
  const here = LOOPBACK.has(hostname);
  const unchecked = searchParams.get(UNCHECKED) === 'false';
  for (const key of searchParams.keys())
    if (key !== UNCHECKED)
      throw new Failure('CONFIG_INVALID', `${path}: the URL asks for something that is not known after ?`, {
        hint: `only ${UNCHECKED}=false may stand there`,
      });
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && !here && user !== '',
    tls: { rejectUnauthorized: !here && !unchecked },
    ...(user === '' ? {} : { auth: { user, pass } }),
  };
};

const UNCHECKED = 'tls.rejectUnauthorized';

const decoded = (text: string, path: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Failure('CONFIG_INVALID', `${path}: user or password holds a % that stands for nothing`, {
      hint: 'write a % of theirs as %25',
    });
  }
};

/** A code of three digits that begins with 5 is the server's last word. */
const asNotified = ({ host }: URL, error: unknown): Failure => {
  if (error instanceof Failure) return error;
  const { code, responseCode = 0 } = facts(error);
  const said = error instanceof Error ? error.message : String(error);
  const [words, hint] = WORDS[code] ?? ['did not take the mail', undefined];
  return new Failure('NOTIFY_FAILED', `${host} ${words}: ${said}`, {
    hint,
    retryable: responseCode < 500,
    cause: error,
  });
};

const WORDS: Readonly<Record<string, readonly [string, string]>> = {
  EAUTH: ['refused user and password', 'check them in what smtp refers to'],
  ENOAUTH: ['wants a user and a password', 'add them to what smtp refers to'],
  EENVELOPE: ['refused sender or receiver', 'check from and to'],
  EMESSAGE: ['refused the mail', 'read what it said'],
  ETLS: ['offers no encryption that holds', 'use smtps://, or another server'],
  ECONNECTION: ['cannot be reached', 'check host and port in what smtp refers to'],
  ESOCKET: ['cannot be reached', 'check host and port in what smtp refers to'],
  EDNS: ['does not resolve', 'check the host in what smtp refers to'],
  ETIMEDOUT: ['is silent', 'check host and port: smtps:// for 465, smtp:// for 587 and 25'],
};

const facts = (error: unknown): { code: string; responseCode?: number } => {
  const given = typeof error === 'object' && error !== null ? error : {};
  const code: unknown = Reflect.get(given, 'code');
  const answer: unknown = Reflect.get(given, 'responseCode');
  return {
    code: typeof code === 'string' ? code : '',
    ...(typeof answer === 'number' ? { responseCode: answer } : {}),
  };
};
