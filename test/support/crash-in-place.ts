// A crash world for a restore in place: what is live differs from the backup in its tables and large objects too, and holds
// a table that the backup does not have.
import type { CrashStage } from './crash-stage.js';
import { type CrashWorld, createWorld } from './crash-world.js';

export const inPlaceWorld = async ({ cluster, golden }: CrashStage): Promise<CrashWorld> => {
  const world = await createWorld(cluster, golden, { services: true });
  await cluster.query(
    world.database,
    `update marker set world = 'old';
     drop table documents;
     create table papers as select 'a paper' as title;
     select lo_unlink(oid) from pg_largeobject_metadata;
     select lo_from_bytea(0, 'old');`,
  );
  const live = async (): Promise<string> => {
    const [row] = await cluster.query(world.database, LOOK);
    const seen = JSON.stringify(row);
    return (
      Object.entries(WORLDS).find(([, facts]) => JSON.stringify(facts) === seen)?.[0] ?? `mixed: ${seen}`
    );
  };
  return { ...world, live };
};

const LOOK = `select world, to_regclass('documents') is not null as documents, to_regclass('papers') is not null as papers,
    (select string_agg(convert_from(lo_get(oid), 'UTF8'), ',' order by convert_from(lo_get(oid), 'UTF8'))
      from pg_largeobject_metadata) as large
  from marker`;

/** Tables and large objects that are not in the backup stay. */
const WORLDS = {
  old: { world: 'old', documents: false, papers: true, large: 'old' },
  new: { world: 'new', documents: true, papers: true, large: 'a large object,old' },
};
