// What a crash of the machine must not take back. tar itself flushes nothing, and neither does a rename.
export { syncFilesystem, syncFolder } from '../tools/sync.js';
