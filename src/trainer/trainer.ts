// The child process: trains, so that a crash in native code or a reload of the window does not end a run or the editor.
import { text } from 'node:stream/consumers';
import { messageOf } from '../errors.ts';
import { explainRun } from '../experiment/explain/explainRun.ts';
import { inspectExperiment } from '../experiment/inspectExperiment.ts';
import { listFeaturePairs } from '../experiment/listFeaturePairs.ts';
import { resumeRun } from '../experiment/resumeRun.ts';
import { runExperiment } from '../experiment/runExperiment.ts';
import { answerExplanation } from './answerExplanation.ts';
import { answerFeatures } from './answerFeatures.ts';
import { answerOutputs } from './answerOutputs.ts';
import { serveTrainer } from './serve.ts';

const GRACE_MS = 30_000;
const STOP_MS = 10_000;

const [endpoint] = process.argv.slice(2);
const termination = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    termination.abort();
  });
}
// The terminal that an editor was started from may close while the window reloads.
process.on('SIGHUP', () => undefined);

try {
  if (endpoint === undefined)
    throw new TypeError('Usage: trainer ENDPOINT, trainer --features, trainer --outputs, or trainer --explain');
  const { signal } = termination;
  const answerOf = new Map<string, (question: string) => Promise<unknown>>([
    ['--features', (question) => answerFeatures(question, signal, listFeaturePairs)],
    ['--outputs', (question) => answerOutputs(question, signal, inspectExperiment)],
    ['--explain', (question) => answerExplanation(question, signal, explainRun)],
  ]).get(endpoint);
  if (answerOf) {
    const answer = await answerOf(await text(process.stdin));
    await new Promise((resolve) => process.stdout.write(`${JSON.stringify(answer)}\n`, resolve));
    process.exit(0);
  }
  await serveTrainer({
    run: runExperiment,
    resume: resumeRun,
    endpoint,
    graceMs: GRACE_MS,
    stopMs: STOP_MS,
    signal,
    log: (text) => process.stderr.write(`${text}\n`),
  });
  process.exit(0);
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
}
