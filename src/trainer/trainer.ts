// The child process: trains, so that a crash in native code or a reload of the window does not end a run or the editor.
import { text } from 'node:stream/consumers';
import { messageOf } from '../errors.ts';
import { explainRun } from '../experiment/explain/explainRun.ts';
import { listFeaturePairs } from '../experiment/listFeaturePairs.ts';
import { resumeRun } from '../experiment/resumeRun.ts';
import { runExperiment } from '../experiment/runExperiment.ts';
import { answerExplanation } from './answerExplanation.ts';
import { answerFeatures } from './answerFeatures.ts';
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
  if (endpoint === undefined) throw new TypeError('Usage: trainer ENDPOINT, trainer --features, or trainer --explain');
  if (endpoint === '--features' || endpoint === '--explain') {
    const question = await text(process.stdin);
    const { signal } = termination;
    const answer =
      endpoint === '--features'
        ? await answerFeatures(question, signal, listFeaturePairs)
        : await answerExplanation(question, signal, explainRun);
    await new Promise((resolve) => process.stdout.write(`${JSON.stringify(answer)}\n`, resolve));
    process.exit(0);
  }
  await serveTrainer({
    run: runExperiment,
    resume: resumeRun,
    endpoint,
    graceMs: GRACE_MS,
    stopMs: STOP_MS,
    signal: termination.signal,
    log: (text) => process.stderr.write(`${text}\n`),
  });
  process.exit(0);
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
}
