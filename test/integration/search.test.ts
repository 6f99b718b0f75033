import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { main } from '../../src/cli/main.ts';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import { runSearch, type RunSearchOptions, type SearchEvent } from '../../src/search/runSearch.ts';
import { omit } from '../../src/search/omit.ts';
import { commandOutputs } from '../../src/cli/outputs/commandOutputs.ts';
import type { SearchResult } from '../../src/search/searchResult.ts';
import { removeFolder, temporaryFolder } from '../support/datasets.ts';
import { fakeTerminal } from '../support/fakeTerminal.ts';
import { tinyExperiment } from '../support/runs.ts';
import { smallDigits } from '../support/smallDigits.ts';

const experiment = {
  ...tinyExperiment,
  name: 'tiny',
  dataset: { path: smallDigits(), limit: 200 },
  search: {
    space: {
      'student.hidden[0]': { log: [4, 64] },
      'objective[0].temperature': [1, 2, 4],
      'training.learningRate': { log: [1e-3, 1e-2] },
    },
    trials: 3,
    strategy: 'halving',
    limits: { parameters: 30_000 },
  },
} satisfies ExperimentInput;

async function search(
  folder: string,
  more: Partial<RunSearchOptions> = {},
): Promise<{ result: SearchResult; events: SearchEvent[] }> {
  const events: SearchEvent[] = [];
  const result = await runSearch(experiment, {
    folder,
    baseDirectory: folder,
    atOnce: 1,
    signal: new AbortController().signal,
    ...more,
    onEvent: (event) => {
      events.push(event);
      more.onEvent?.(event);
    },
  });
  return { result, events };
}

/** What does not depend on the clock. */
function timeless({ trials, ...result }: SearchResult) {
  return { ...result, trials: trials.map((trial) => omit(trial, 'seconds', 'latencyMs', 'bytes')) };
}

describe('a search with the built-in digits', function () {
  let parent: string;
  let undisturbed: SearchResult;

  before(async () => {
    parent = temporaryFolder();
    ({ result: undisturbed } = await search(join(parent, 'whole')));
  });
  after(() => {
    removeFolder(parent);
  });

  it('leaves an ordinary run for each trial, one teacher, and breaks no limit', async () => {
    const { trials, front, endedBy } = undisturbed;
    const trained = trials.filter(({ state }) => state !== 'refused');
    assert.deepEqual([endedBy, trained.length], ['trials', 3]);
    for (const { folder } of trained) {
      assert.ok(existsSync(join(parent, 'whole', folder, 'status.json')));
      assert.ok(!existsSync(join(parent, 'whole', folder, 'teacher.onnx')));
    }
    const best = trials.find(({ number }) => number === front[0]);
    assert.ok(best?.state === 'finished' && best.epochs === 3);
    assert.ok((best.parameters ?? Infinity) <= 30_000);
    assert.ok(existsSync(join(parent, 'whole', best.folder, 'report.json')));
    for (const { state, values } of trials) {
      const parameters = Number(values['student.hidden[0]']) * 795 + 10;
      assert.equal(state === 'refused', parameters > 30_000);
    }
    const page = await readFile(join(parent, 'whole', 'search.html'), 'utf8');
    assert.match(page, /Not among the best after 1 epoch\./);
  });

  it('stopped again and again it ends like one undisturbed', async () => {
    const folder = join(parent, 'stopped');
    for (;;) {
      const stop = new AbortController();
      let ends = 0;
      const { result } = await search(folder, {
        signal: stop.signal,
        onEvent: (event) => {
          // In the middle of the second job of this part.
          if (event.kind === 'begun' && ++ends === 2) setTimeout(stop.abort.bind(stop), 300);
        },
      });
      if (result.endedBy !== 'stopped') break;
    }
    const result = JSON.parse(await readFile(join(folder, 'search.json'), 'utf8')) as SearchResult;
    commandOutputs.search.parse(result);
    assert.deepEqual(timeless(result), timeless(undisturbed));
  });

  it('does trials in processes of their own, several at once', async () => {
    const { result } = await search(join(parent, 'two'), { atOnce: 2 });
    assert.equal(result.trials.filter(({ state }) => state === 'failed').length, 0);
    assert.equal(result.trials.filter(({ state }) => state !== 'refused').length, 3);
    assert.equal(result.front.length, 1);
  });

  it('fails where no trial comes to a student, and says why', async () => {
    const file = join(parent, 'small.distill.json');
    const none = { space: { 'student.hidden[0]': [4] }, trials: 1, limits: { macs: 1 } };
    await writeFile(file, JSON.stringify({ ...experiment, search: none }));
    const terminal = fakeTerminal(parent);
    assert.equal(await main(['search', file, '--out', 'none', '--quiet'], terminal), 1);
    assert.match(terminal.out.text, /: 0 finished and 1 refused\. No trial finished\./);
    assert.match(
      terminal.error.text,
      /^1 of 1: .* takes [\d,]+ multiply-accumulate operations for a sample, more than the 1 that are allowed/m,
    );
  });

  it('refuses another experiment, and another number at once, in its folder', async () => {
    const folder = join(parent, 'whole');
    await assert.rejects(search(folder, { atOnce: 2 }), /began with 1 trials at once, not 2/);
    const other = { ...experiment, training: { epochs: 2 } };
    const options = {
      folder,
      baseDirectory: folder,
      atOnce: 1,
      signal: new AbortController().signal,
      onEvent: () => undefined,
    };
    await assert.rejects(runSearch(other, options), /holds the search of another experiment/);
    await assert.rejects(runSearch(tinyExperiment, options), /search: is missing/);
  });

  it('leaves runs that are compared and whose reports are read like others', async () => {
    const terminal = fakeTerminal(parent, { columns: 200 });
    const [first = 0] = undisturbed.front;
    const folder = join('whole', undisturbed.trials[first]?.folder ?? '');
    assert.equal(await main(['compare', folder, 'whole/teacher'], terminal), 0);
    assert.match(terminal.out.text, /│ teacher/);
    assert.equal(await main(['compare', folder, 'whole/teacher', '--json'], terminal), 0);
    const page = fakeTerminal(parent, { columns: 200 });
    assert.equal(await main(['report', folder, '--format', 'html', '--language', 'zh-cn'], page), 0);
    assert.match(page.out.text, /<html lang="zh-cn">/);
    assert.equal(await main(['report', folder, '--language', 'zh-cn'], page), 2, 'other formats are English');
    assert.equal(await main(['compare', 'whole'], terminal), 2);
    assert.match(terminal.error.text, /There is no report\.json/);
  });

  it('waits in the queue for its turn, beside runs', async () => {
    const home = join(parent, 'queue');
    await mkdir(home);
    const search = { ...experiment.search, strategy: 'random', trials: 2 };
    await writeFile(join(home, 'tiny.distill.json'), JSON.stringify({ ...experiment, search }));
    const told = async (...args: string[]): Promise<string> => {
      const terminal = fakeTerminal(home);
      assert.equal(await main(['queue', ...args], terminal), 0, terminal.error.text);
      return terminal.out.text + terminal.error.text;
    };
    assert.match(await told('add', '--search', 'tiny.distill.json'), /Added 'tiny' as 1/);
    assert.match(await told('list'), /tiny \(search\)/);
    assert.match(
      await told('run', '--quiet'),
      /trials by random for high accuracy: 2 finished[\s\S]*1 of the queue ended/,
    );
    assert.match(await told('list'), /empty/);
    const [folder = ''] = await readdir(join(home, '.distillery', 'searches'));
    const result = JSON.parse(
      await readFile(join(home, '.distillery', 'searches', folder, 'search.json'), 'utf8'),
    ) as SearchResult;
    assert.equal(result.endedBy, 'trials');
  });
});
