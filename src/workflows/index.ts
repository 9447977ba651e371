// Every workflow by the type name that people start it with.
export { backup } from './backup.js';
export { copy } from './copy.js';
export { doctor } from './doctor.js';
export { drill } from './drill.js';
export { prune } from './prune.js';
export { restore } from './restore.js';
export { settle } from './settle.js';
export { verify } from './verify.js';
