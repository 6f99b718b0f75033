import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readKeptSearch, readSearches, readSearchFolder } from '../../../src/launching/readSearches.ts';
import { reportLanguage } from '../../../src/rendering/reportLanguage.ts';
import { RunLease } from '../../../src/runFolder/runLease.ts';
import { drawSearch } from '../../../src/search/page/drawSearch.ts';
import { untranslated } from '../../../src/search/page/pageTexts.ts';
import { renderSearch } from '../../../src/search/page/renderSearch.ts';
import type { SearchResult, TrialOutcome } from '../../../src/search/searchResult.ts';
import { removeFolder, temporaryFolder } from '../../support/datasets.ts';
import { plainSpaces } from '../../support/plainSpaces.ts';

function trial(number: number, change: Partial<TrialOutcome>): TrialOutcome {
  return {
    number,
    folder: `trials/000${number}`,
    state: 'finished',
    reason: null,
    values: { 'student.hidden[0]': 8 * (number + 1), 'training.optimizer': 'adam' },
    accuracy: 0.9 + number / 100,
    loss: 0.1,
    parameters: 100,
    macs: 100,
    bytes: 1000 * (number + 1),
    latencyMs: null,
    epochs: 3,
    seconds: 2,
    isOnFront: false,
    ...change,
  };
}

const result: SearchResult = {
  version: 1,
  name: '<digits>',
  strategy: 'halving',
  aims: [{ name: 'accuracy', direction: 'maximize' }],
  limits: {},
  atOnce: 2,
  mostTrials: 6,
  space: [
    { kind: 'number', name: 'student.hidden[0]', low: 4, high: 64, isLog: true, step: 1 },
    { kind: 'choice', name: 'training.optimizer', choices: ['adam', 'sgd'] },
  ],
  endedBy: null,
  front: [1],
  importance: [{ name: 'student.hidden[0]', share: 0.7 }],
  trials: [
    trial(0, {}),
    trial(1, { isOnFront: true }),
    trial(2, { state: 'paused', reason: 'Waits after 1 epoch for others to be compared with.' }),
    trial(3, { state: 'refused', accuracy: null, reason: 'Too large.' }),
  ],
};
const journal = [
  { kind: 'search', version: 1, experiment: 'abc', atOnce: 2, baseDirectory: '/data' },
  { kind: 'begin', job: { number: 0, trial: 0 } },
  { kind: 'begin', job: { number: 1, trial: 1 } },
  { kind: 'end', job: 0, end: { at: '2026-01-01T00:00:30.000Z' } },
  { kind: 'minutes', minutes: 0.5 },
  { kind: 'begin', job: { number: 2, trial: 4 } },
];

describe('a search that is looked at in the editor', () => {
  let parent: string;
  let folder: string;
  const write = (name: string, text: string): void => {
    writeFileSync(join(folder, name), text);
  };
  const lines = journal.map((line) => `${JSON.stringify(line)}\n`).join('');

  before(() => {
    parent = temporaryFolder();
    folder = join(parent, '.distillery', 'searches', 'one');
    mkdirSync(folder, { recursive: true });
    write('experiment.json', JSON.stringify({ name: 'given', search: { space: {}, trials: 6 } }));
    write('journal.jsonl', `${lines}{"kind":"beg`);
  });
  after(() => {
    removeFolder(parent);
  });

  it('is listed as its folder has it: going on, interrupted, stopped, finished', async () => {
    const state = async () => (await readSearchFolder(folder))?.state;
    assert.deepEqual(await readSearches(parent), [
      { folder, name: 'given', state: 'interrupted', done: 0, mostTrials: 6 },
    ]);
    const lease = RunLease.take(folder);
    assert.equal(await state(), 'running');
    write('search.json', JSON.stringify(result));
    assert.deepEqual(await readSearches(parent), [
      { folder, name: '<digits>', state: 'running', done: 3, mostTrials: 6 },
    ]);
    lease.release();
    assert.equal(await state(), 'interrupted');
    write('search.json', JSON.stringify({ ...result, endedBy: 'stopped' }));
    assert.equal(await state(), 'stopped');
    write('search.json', JSON.stringify({ ...result, endedBy: 'minutes' }));
    assert.deepEqual(await readSearchFolder(folder), {
      folder,
      name: '<digits>',
      state: 'finished',
      done: 4,
      mostTrials: 6,
    });
    assert.equal(await readSearchFolder(join(parent, 'nothing')), undefined);
  });

  it('goes on from where its paths start and with as many trials at once', async () => {
    const { atOnce, baseDirectory } = (await readKeptSearch(folder)) ?? {};
    assert.deepEqual([atOnce, baseDirectory], [2, '/data']);
    assert.equal(await readKeptSearch(parent), undefined);
  });

  it('is drawn with a way to each trial that has a run, its open trials, the best, and its time', async () => {
    write('search.json', JSON.stringify(result));
    const drawing = await drawSearch(folder, untranslated);
    assert.ok(drawing);
    const { body, open, seconds, best, counts, goes } = drawing;
    assert.deepEqual(open, [1, 4]);
    assert.equal(seconds, 30);
    assert.deepEqual(best, { trial: 1, figures: 'accuracy 91.00 %' });
    assert.deepEqual(counts, { finished: 2, paused: 1, refused: 1, failed: 0 });
    assert.equal(
      goes,
      'Looks for high accuracy by training the better third of the trials on (successive halving). Trials: 2 finished, 1 stopped early, 1 refused.',
    );
    // A point, a line and a row; one that waits has a line and a row; a refused one has no run.
    const links = [0, 1, 2, 3].map((number) => body.split(`href="#trial-${number}"`).length - 1);
    assert.deepEqual(links, [3, 3, 2, 0]);
    assert.match(body, /What decides/);
  });

  it('is drawn in the language of the window', async () => {
    const { body = '' } = (await drawSearch(folder, (text, ...values) => untranslated(`~${text}`, ...values))) ?? {};
    const texts = [...body.matchAll(/>([^<>]*[A-Za-z][^<>]*)</g)].map(([, text = '']) => text.trim());
    const own = /^[~#…]|^(adam|sgd|hidden|optimizer|student|training)|^\d|Waits after|Too large|B$/i;
    assert.deepEqual(
      texts.filter((text) => text !== '' && !own.test(text)),
      [],
    );
  });

  it('is drawn without its space where a search of an older version does not say it', async () => {
    const { space, mostTrials, ...older } = result;
    assert.ok(space.length > 0 && mostTrials > 0);
    write('search.json', JSON.stringify(older));
    const drawing = await drawSearch(folder, untranslated);
    assert.equal(drawing?.mostTrials, 0);
    assert.ok(!drawing.body.includes('Trials across'));
    assert.match(drawing.body, /Accuracy against file size/);
  });

  it('has no table of trials before there is one', async () => {
    write('search.json', JSON.stringify({ ...result, trials: [], front: [], importance: [] }));
    const { body = '' } = (await drawSearch(folder, untranslated)) ?? {};
    assert.doesNotMatch(body, /<table|Trials/);
  });

  it('is a file in the language that reports are written in', () => {
    const page = renderSearch(result, reportLanguage('zh-cn'));
    assert.match(page, /<html lang="zh-cn">/);
    assert.match(page, /在验证集上最好的是试验 1/);
    assert.ok(!/Looks for|Other trials|What decides/.test(page));
  });

  it('has in search.html links to the reports of finished trials alone', () => {
    const page = renderSearch(result);
    assert.match(plainSpaces(page), /Best on the validation split: trial 1 \(accuracy 91\.00 %\)/);
    const links = [...page.matchAll(/href="([^"]*)"/g)].map(([, target = '']) => target);
    assert.deepEqual([...new Set(links)].sort(), ['trials/0000/report.html', 'trials/0001/report.html']);
    assert.ok(!page.includes('<digits>'));
  });
});
