// Services: what a deployment runs. Each unit's state is looked up and recorded before anything is touched (unitsOf), and
// exactly that state is put back (putBackAll): also by another process, after an engine's restart, or when a container was
// recreated under a new id. Every change is one effect, and safe to repeat.
export { stateOf } from './change.js';
export { pauseAll, putBackAll, stopAll } from './change-all.js';
export { type ServiceUnit, serviceUnitSchema, type UnitState } from './service-unit.js';
export { unitsOf } from './units-of.js';
