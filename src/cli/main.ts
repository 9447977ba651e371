// The command line's root: environment and streams in, exit code out. Loads nothing that help does not need.
import { asFailure } from '../domain/failure.js';
import { createOutput } from './output.js';
import { createProgram } from './program.js';
import { reportFailure } from './report-failure.js';
import { isCommanderError, usageFailure } from './usage.js';

const output = createOutput({
  json: process.argv.includes('--json'),
  colour: !process.env.NO_COLOR && process.env.TERM !== 'dumb',
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
});

// Streams are written by now; what a library still has in hand (a call that is tried again) must not outlive the answer.
process.exit(await run());

async function run(): Promise<number> {
  let exitCode = 0;
  try {
    const program = createProgram(output, (code) => {
      exitCode = code;
    });
    await program.parseAsync(process.argv);
    return exitCode;
  } catch (thrown) {
    output.draw([]);
    const failure = isCommanderError(thrown) ? usageFailure(thrown, 'holdfast') : asFailure(thrown);
    return failure === null ? 0 : reportFailure(failure, output);
  }
}
