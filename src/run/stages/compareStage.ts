import type { Dataset } from '../../data/dataset.ts';
import { randomStream, type Random } from '../../data/random.ts';
import type { Targets } from '../../data/targets.ts';
import { compare } from '../../evaluation/comparison/compare.ts';
import { showSample } from '../../evaluation/comparison/showSample.ts';
import type { Said } from '../../evaluation/comparison/scoreSamples.ts';
import { elementCount } from '../../onnx/tensor.ts';
import type { Comparison, Disagreement } from '../../report/quality.ts';
import { targetScales } from '../../data/targetScales.ts';

/** The same resamples in every run of one seed. */
export function randomOfIntervals(seed: number): Random {
  return randomStream(seed, 'confidence intervals');
}

/** Compares the student with the teacher on the test split, and reads the samples on which they differ most. */
export async function compareStage(
  { task, test, sampleShape, preparation }: Pick<Dataset, 'task' | 'test' | 'sampleShape' | 'preparation'>,
  networks: { readonly teacher: Said; readonly student: Said; readonly truth: Targets },
  seed: number,
): Promise<Comparison> {
  const { teacher, student, truth } = networks;
  const comparison = compare(task, {
    teacher,
    student,
    targets: truth,
    scales: targetScales(task, preparation),
    random: randomOfIntervals(seed),
  });
  const disagreements: Disagreement[] = [];
  for (const found of comparison.disagreements) {
    const values = new Float32Array(elementCount(sampleShape));
    await test.read([found.sample], values);
    disagreements.push({ ...found, shown: await showSample(values, sampleShape, preparation) });
  }
  return { ...comparison, disagreements };
}
