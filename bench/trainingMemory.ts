// Trains a network of the bench for a few steps and prints by how much the peak of this process grew, as JSON.
// Usage: node --import tsx bench/trainingMemory.ts CASE SEGMENTS, where CASE is a case of the bench as JSON
import { forgetPeakMemory, peakMemory } from '../src/platform/peakMemory.ts';
import type { BenchCase } from './cases.ts';
import type { TrainingMemory } from './memory.ts';
import { openTraining } from './ours.ts';

const STEPS = 8;

const [json = '', segments = '1'] = process.argv.slice(2);
const network = JSON.parse(json) as BenchCase;
forgetPeakMemory();
const before = peakMemory();
const training = await openTraining(network, {
  recomputeSegments: Number(segments) > 1 ? Number(segments) : undefined,
});
for (let steps = 0; steps < STEPS;) steps += await training.run();
const memory: TrainingMemory = { bytes: peakMemory() - before };
await training.dispose();
process.stdout.write(JSON.stringify(memory));
