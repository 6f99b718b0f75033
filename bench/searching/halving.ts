import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SearchResult } from '../../src/search/searchResult.ts';
import { searchIn, smallTrials } from './realSearch.ts';

const TRIALS = 30;
const EPOCHS = 9;
/** As many trials as halving may begin with half of the steps: each has one epoch, a third or more two further ones, a ninth or more six. */
const HALVED = 45;

/**
 * Searches MNIST by chance and by halving with half of its steps, several seeds.
 * @returns 1 when halving's best is, in the mean, worse than chance's or took more than half of the steps, else 0
 */
export async function benchHalving(seeds: number): Promise<number> {
  console.log('| seed | random: best | epochs | halving: best | epochs | of random |\n|---|---|---|---|---|---|');
  const gains: number[] = [];
  const shares: number[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    const folder = await mkdtemp(join(tmpdir(), 'distillery-bench-search-'));
    try {
      const random = await searchIn(join(folder, 'random'), smallTrials(seed, { trials: TRIALS, strategy: 'random' }));
      const halving = await searchIn(
        join(folder, 'halving'),
        smallTrials(seed, { trials: HALVED, strategy: 'halving' }),
      );
      const [ofRandom, ofHalving] = [told(random), told(halving)];
      gains.push(ofHalving.best - ofRandom.best);
      shares.push(ofHalving.epochs / ofRandom.epochs);
      console.log(
        `| ${seed} | ${percent(ofRandom.best)} | ${ofRandom.epochs} | ${percent(ofHalving.best)} | ${ofHalving.epochs} | ${(ofHalving.epochs / ofRandom.epochs).toFixed(2)} |`,
      );
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  }
  const [gain, share] = [mean(gains), mean(shares)];
  const isMissed = gain < 0 || share > 0.5;
  const points = (gain * 100).toFixed(2);
  console.log(
    `\nHalving's best is ${points} points above chance's, with ${share.toFixed(2)} of its steps (bars 0 and 0.5)${isMissed ? '  MISSED' : ''}`,
  );
  return isMissed ? 1 : 0;
}

function told({ trials }: SearchResult): { readonly best: number; readonly epochs: number } {
  const done = trials.filter(({ state }) => state === 'finished' || state === 'paused');
  if (done.some(({ epochs }) => epochs > EPOCHS)) throw new Error('A trial was trained for longer than it is long.');
  return {
    best: Math.max(...done.map(({ accuracy }) => accuracy ?? 0)),
    epochs: done.reduce((sum, { epochs }) => sum + epochs, 0),
  };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
