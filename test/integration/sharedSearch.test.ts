import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import { runSearch } from '../../src/search/runSearch.ts';
import type { SearchResult } from '../../src/search/searchResult.ts';
import { shareSearch, type SharedSearchOptions } from '../../src/search/sharedSearch.ts';
import { omit } from '../../src/search/omit.ts';
import { removeFolder, temporaryFolder } from '../support/datasets.ts';
import { labelsAlone, tinyExperiment } from '../support/runs.ts';
import { smallDigits } from '../support/smallDigits.ts';

const experiment = {
  ...tinyExperiment,
  name: 'tiny',
  teacher: null,
  objective: labelsAlone,
  dataset: { path: smallDigits(), limit: 100 },
  search: {
    space: { 'student.hidden[0]': { log: [4, 64] }, 'training.learningRate': { log: [1e-3, 1e-2] } },
    trials: 2,
    strategy: 'halving',
  },
} satisfies ExperimentInput;

/** What does not depend on the clock. */
function timeless({ trials, ...result }: SearchResult) {
  return { ...result, trials: trials.map((trial) => omit(trial, 'seconds', 'latencyMs', 'bytes')) };
}

describe('a search that processes share', function () {
  let folder: string;
  before(() => {
    folder = temporaryFolder();
  });
  after(() => {
    removeFolder(folder);
  });

  it('ends like one that a single process conducts, whoever does what, stops and is started anew', async () => {
    const shared = join(folder, 'shared');
    const gone = new Set<string>();
    const begun: string[] = [];
    const take = (by: string, untilOver: boolean, more: Partial<SharedSearchOptions> = {}) =>
      shareSearch(experiment, {
        folder: shared,
        baseDirectory: folder,
        atOnce: 2,
        signal: new AbortController().signal,
        by,
        isFree: (other) => Promise.resolve(gone.has(other)),
        untilOver,
        ...more,
        onEvent: (event) => {
          if (event.kind === 'begun') begun.push(`${by} ${event.job.number}`);
          more.onEvent?.(event);
        },
      });
    // The first is stopped in the middle of its job, and another one does that.
    const stop = new AbortController();
    const first = await take('a', false, {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.kind === 'begun') setTimeout(stop.abort.bind(stop), 20);
      },
    });
    assert.equal(first, 'stopped');
    gone.add('a');
    assert.equal(await take('b', true), 'over');
    // What it began is done, so that the first finds nothing to do when it is started anew.
    assert.equal(await take('a', false), 'over');
    assert.deepEqual(begun.slice(0, 3), ['a 0', 'b 1', 'b 0']);
    const home = await runSearch(experiment, {
      folder: join(folder, 'home'),
      baseDirectory: folder,
      atOnce: 2,
      signal: new AbortController().signal,
      onEvent: () => undefined,
    });
    const result = JSON.parse(readFileSync(join(shared, 'search.json'), 'utf8')) as SearchResult;
    assert.deepEqual(timeless(result), timeless(home));
  });
});
