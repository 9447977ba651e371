// Reads vitest's JSON reports. `totals`: prints how many tests passed, those of a file that ran more than once counted
// once, and how many failed. `skipped`: names the tests that did not run, and fails if there are any. `failed`: names the files in
// which something failed. `again`: into the first report, what the second one says of the same files.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const [mode, ...files] = process.argv.slice(2);
const reports = files.map((file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null));

if (mode === 'totals') {
  const failed = reports.reduce((sum, report) => sum + failures(report), 0);
  const results = reports.flatMap((report) => report?.testResults ?? []);
  const once = results.filter(({ name }, index) => results.findIndex((one) => one.name === name) === index);
  const passed = once.flatMap(({ assertionResults }) => assertionResults).filter(isPassed);
  console.log(`${passed.length} passed, ${failed} failed`);
} else if (mode === 'failed') {
  for (const { name, status } of reports[0]?.testResults ?? []) if (status === 'failed') console.log(name);
} else if (mode === 'again') {
  const [first, second] = reports;
  const later = (one) => second.testResults.find(({ name }) => name === one.name) ?? one;
  const testResults = first.testResults.map(later);
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const numFailedTests = tests.filter(({ status }) => status === 'failed').length;
  writeFileSync(files[0], JSON.stringify({ ...first, testResults, numFailedTests }));
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
