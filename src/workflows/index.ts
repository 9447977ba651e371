// Every workflow by the type name that people start it with.
export { backup } from './backup.js';
export { doctor } from './doctor.js';
export { restore } from './restore.js';
export { settle } from './settle.js';
