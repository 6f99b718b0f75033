import { mkdtempSync, rmSync } from 'node:fs';
import { runExperiment } from './src/run/runExperiment.ts';
import { readReport } from './src/runFolder/readRun.ts';
const configs: [string, any][] = [['one', undefined], ['.7/.9', [0.7, 0.9]], ['1/0', [1, 0]], ['1/.5', [1, 0.5]], ['.7/.6', [0.7, 0.6]], ['1/.3',[1,0.3]]];
for (const seed of [0, 1, 2]) for (const [name, c] of configs) {
  const d = mkdtempSync('/tmp/w5view/rounds-');
  const t = performance.now();
  const base: any = { teacher: null, objective: [{ loss: 'labels' }], dataset: { path: '/work/shared/data/mnist', validation: 0.0167 }, student: { architecture: 'mlp', hidden: [128] }, training: { epochs: 10, batchSize: 32, learningRate: 0.001, schedule: 'cosine', seed }, device: 'cpu', baseline: false };
  if (c) base.rounds = { workers: 4, localSteps: 50, outerLearningRate: c[0], outerMomentum: c[1] };
  await runExperiment(base, { folder: d + '/r', baseDirectory: d, signal: new AbortController().signal, onEvent: () => undefined } as any);
  const r = await readReport(d + '/r');
  console.log(seed, name, r.student.test.accuracy, r.student.test.loss?.toFixed(4), ((performance.now() - t) / 1000).toFixed(0) + 's');
  rmSync(d, { recursive: true });
}
