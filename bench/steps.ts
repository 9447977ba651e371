// How long each step of the last backup took: from when an activity's last attempt started until it was completed.
import { loadConfig } from '../src/config/load.js';
import { workflowId } from '../src/domain/queues.js';
import { connectTemporal } from '../src/temporal/client.js';

/** Seconds by activity (`dumpDatabases`). */
export type Steps = Map<string, number>;

export const stepsOfLastBackup = async (configFile: string, deployment: string): Promise<Steps> => {
  const temporal = await connectTemporal(await loadConfig({ file: configFile }));
  try {
    const handle = temporal.client.workflow.getHandle(workflowId(deployment, 'backup'));
    return stepsOf((await handle.fetchHistory()).events ?? []);
  } finally {
    await temporal.close();
  }
};

type Events = NonNullable<
  Awaited<
    ReturnType<
      ReturnType<
        Awaited<ReturnType<typeof connectTemporal>>['client']['workflow']['getHandle']
      >['fetchHistory']
    >
  >['events']
>;

const stepsOf = (events: Events): Steps => {
  const names = new Map<string, string>();
  const starts = new Map<string, number>();
  const steps: Steps = new Map();
  for (const { eventId, eventTime, ...event } of events) {
    const seconds = Number(eventTime?.seconds ?? 0) + Number(eventTime?.nanos ?? 0) / 1e9;
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled) names.set(String(eventId), scheduled.activityType?.name ?? '');
    const started = event.activityTaskStartedEventAttributes;
    if (started) starts.set(String(started.scheduledEventId), seconds);
    const completed = event.activityTaskCompletedEventAttributes;
    const id = String(completed?.scheduledEventId);
    const [name, start] = [names.get(id), starts.get(id)];
    if (name !== undefined && start !== undefined) steps.set(name, (steps.get(name) ?? 0) + seconds - start);
  }
  return steps;
};
