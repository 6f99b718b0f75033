// Trains a network of the bench for a few steps and prints by how much the peak of this process grew, as JSON.
// Usage: node --import tsx bench/trainingMemory.ts NAME SEGMENTS
import { forgetPeakMemory, peakMemory } from '../src/platform/peakMemory.ts';
import { benchCases } from './cases.ts';
import type { TrainingMemory } from './memory.ts';
import { openTraining } from './ours.ts';

const STEPS = 8;

const [name, segments = '1'] = process.argv.slice(2);
const network = benchCases.find((each) => each.name === name);
if (!network) throw new Error(`The bench has no network '${name}'.`);
forgetPeakMemory();
const before = peakMemory();
const training = await openTraining(network, {
  recomputeSegments: Number(segments) > 1 ? Number(segments) : undefined,
});
for (let steps = 0; steps < STEPS;) steps += await training.run();
const memory: TrainingMemory = { bytes: peakMemory() - before };
await training.dispose();
process.stdout.write(JSON.stringify(memory));
