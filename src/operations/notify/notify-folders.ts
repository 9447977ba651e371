// Where notifications lie in the state folder.
import { join } from 'node:path';

/** What is still to be told: a file an event. */
export const outboxFolder = (state: string): string => join(state, 'notify', 'outbox');
/** Ids of what was told: a file an event. */
export const toldFolder = (state: string): string => join(state, 'notify', 'told');
/** How each notifier fares: `email-1f3a99c0.json`. */
export const notifiersFolder = (state: string): string => join(state, 'notify', 'notifiers');
/** Failures that nothing has mended yet. */
export const troublesFolder = (state: string): string => join(state, 'notify', 'troubles');
/** Runs that began and of whose end nothing was told yet. */
export const runsFolder = (state: string): string => join(state, 'notify', 'runs');
