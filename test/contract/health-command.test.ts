import { writtenProgram } from '../support/written-program.js';
import { healthSuite } from './health-suite.js';

healthSuite('command', async () => {
  const program = await writtenProgram('is-it-well');
  return {
    settings: { kind: 'command', command: [program.path, '--all', 'of it'] },
    label: `${program.path} --all "of it"`,
    words: { passing: 'exited with 0', failing: 'failed (exit 3: the queue is full)' },
    pass: () => program.does('exit 0'),
    fail: () => program.does('echo looking; echo the queue is full >&2; exit 3'),
    hang: () => program.does('exec sleep 60'),
    remove: program.remove,
  };
});
