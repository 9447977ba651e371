// Reads vitest's JSON reports. `totals`: prints how many tests passed, those of a file that ran more than once counted
// once, and how many failed. `skipped`: names the tests that did not run, and fails if there are any.
import { existsSync, readFileSync } from 'node:fs';

const [mode, ...files] = process.argv.slice(2);
const reports = files.map((file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null));

if (mode === 'totals') {
  const failed = reports.reduce((sum, report) => sum + failures(report), 0);
  const results = reports.flatMap((report) => report?.testResults ?? []);
  const once = results.filter(({ name }, index) => results.findIndex((one) => one.name === name) === index);
  const passed = once.flatMap(({ assertionResults }) => assertionResults).filter(isPassed);
  console.log(`${passed.length} passed, ${failed} failed`);
} else {
  const skipped = reports.flatMap((report) => report?.testResults ?? []).flatMap(skippedTests);
  for (const name of skipped) console.log(`skipped: ${name}`);
  const missing = files.filter((_, index) => reports[index] === null);
  for (const file of missing) console.log(`no report: ${file}`);
  process.exitCode = skipped.length + missing.length > 0 ? 1 : 0;
}

/** A file that could not be loaded is a failure without a test. */
function failures(report) {
  if (report === null) return 0;
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
  );
  return report.numFailedTests + unloaded.length;
}

function isPassed({ status }) {
  return status === 'passed';
}

function skippedTests({ name, assertionResults }) {
  return assertionResults
    .filter(({ status }) => !['passed', 'failed'].includes(status))
    .map(({ fullName }) => `${name}: ${fullName}`);
}
