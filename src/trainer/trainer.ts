// The child process: trains, so that a crash in native code or a reload of the window does not end a run or the editor.
import { text } from 'node:stream/consumers';
import { messageOf } from '../errors.ts';
import { answerTool } from '../agents/answerTool.ts';
import { searchAsked } from '../agents/searchAsked.ts';
import { trainerProgram } from '../agents/trainerProgram.ts';
import { ExperimentDescriber } from '../preflight/inspection/experimentDescriber.ts';
import { explainRun } from '../explain/explainRun.ts';
import { inspectExperiment } from '../preflight/inspection/inspectExperiment.ts';
import { listFeaturePairs } from '../preflight/inspection/listFeaturePairs.ts';
import { resumeRun } from '../run/resumeRun.ts';
import { runExperiment } from '../run/runExperiment.ts';
import { answerExplanation } from './answerExplanation.ts';
import { answerFeatures } from './answerFeatures.ts';
import { answerOutputs } from './answerOutputs.ts';
import { serveTrainer } from './serve.ts';
import { serveFacts } from './serveFacts.ts';

/** How long a run goes on without a window, unless the window that started it said otherwise. */
const ORPHAN_MINUTES = 10;
const STOP_MS = 10_000;

const [endpoint, orphanMinutes = ''] = process.argv.slice(2);
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
    throw new TypeError(
      'Usage: trainer ENDPOINT [MINUTES WITHOUT A WINDOW], trainer --features, trainer --outputs, trainer --facts, trainer --explain, trainer --tool, or trainer --search',
    );
  const { signal } = termination;
  if (endpoint === '--facts') {
    await serveFacts(process.stdin, process.stdout, signal, new ExperimentDescriber());
    process.exit(0);
  }
  const answerOf = new Map<string, (question: string) => Promise<unknown>>([
    ['--features', (question) => answerFeatures(question, signal, listFeaturePairs)],
    ['--outputs', (question) => answerOutputs(question, signal, inspectExperiment)],
    ['--explain', (question) => answerExplanation(question, signal, explainRun)],
    ['--tool', (question) => answerTool(question, signal, trainerProgram(import.meta.url))],
    ['--search', (question) => searchAsked(question, signal, (line) => process.stdout.write(`${line}\n`))],
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
    graceMs: (Number.parseFloat(orphanMinutes) || ORPHAN_MINUTES) * 60_000,
    stopMs: STOP_MS,
    signal,
    log: (text) => process.stderr.write(`${text}\n`),
  });
  process.exit(0);
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
}
