import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What became of one test. */
export interface TestResult {
  readonly title: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly milliseconds: number;
  readonly error?: string;
}

/** Counts of a run of tests. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Mocha reporter that writes every result as JSON to the file that its option `results` names, so that counts reach the
 * process that started the tests from wherever they run. With the option `print` it prints each as it comes.
 */
export default function resultsReporter(runner: Mocha.Runner, options: Mocha.MochaOptions): void {
  const { results: path, print } = options.reporterOptions as { results: string; print?: string };
  const results: TestResult[] = [];
  const add = (test: Mocha.Runnable, state: TestResult['state'], error?: string): void => {
    const result = { title: test.fullTitle(), state, milliseconds: test.duration ?? 0, ...(error && { error }) };
    results.push(result);
    if (print !== undefined) console.log(describeResult(result));
  };
  runner.on('pass', (test) => {
    add(test, 'passed');
  });
  runner.on('pending', (test) => {
    add(test, 'skipped');
  });
  runner.on('fail', (test, error: unknown) => {
    add(test, 'failed', error instanceof Error ? (error.stack ?? error.message) : String(error));
  });
  runner.once('end', () => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(results, null, 2));
  });
}

/** One result for a person: a line, and the error below it. */
export function describeResult({ title, state, milliseconds, error }: TestResult): string {
  const mark = { passed: '✓', failed: '✗', skipped: '-' }[state];
  return `  ${mark} ${title} (${milliseconds} ms)${error === undefined ? '' : `\n${error.replace(/^/gm, '      ')}`}`;
}

/** The results that a finished run of tests wrote. */
export function readResults(path: string): readonly TestResult[] {
  return JSON.parse(readFileSync(path, 'utf8')) as readonly TestResult[];
}

export function totalsOf(results: readonly TestResult[]): Totals {
  const count = (state: TestResult['state']): number => results.filter((result) => result.state === state).length;
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
}
