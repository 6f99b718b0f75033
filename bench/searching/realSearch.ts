import { fileURLToPath } from 'node:url';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import { runSearch } from '../../src/search/runSearch.ts';
import type { SearchResult } from '../../src/search/searchResult.ts';

const mnist = fileURLToPath(new URL('../../../shared/data/mnist', import.meta.url));

/** Trials of small networks on MNIST, of which many are bad: the learning rate spans four powers of ten. */
export function smallTrials(seed: number, search: Partial<NonNullable<ExperimentInput['search']>>): ExperimentInput {
  return {
    name: 'small',
    teacher: null,
    dataset: { path: mnist, limit: 3000 },
    student: { architecture: 'mlp', hidden: [32] },
    objective: [{ loss: 'labels', weight: 1 }],
    training: { epochs: 9, batchSize: 64, seed, schedule: 'constant' },
    device: 'cpu',
    search: {
      space: {
        'student.hidden[0]': { log: [8, 128] },
        'training.learningRate': { log: [1e-5, 1e-1] },
        'training.optimizer': ['adam', 'sgd'],
      },
      ...search,
    },
  };
}

/** Searches in a folder, without a word. */
export async function searchIn(folder: string, experiment: ExperimentInput, atOnce = 1): Promise<SearchResult> {
  const signal = new AbortController().signal;
  return runSearch(experiment, { folder, baseDirectory: folder, atOnce, signal, onEvent: () => undefined });
}
