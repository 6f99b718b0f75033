import assert from 'node:assert/strict';
import { parse } from 'jsonc-parser';
import { keepingFolders } from '../../../../src/extension/explorer/keepingFolders.ts';
import { placeOfNewSection } from '../../../../src/extension/search/placeOfNewSection.ts';
import { describeSearch } from '../../../../src/extension/views/describeSearch.ts';
import { folderTabs, hasSameFolders, keptFolders } from '../../../../src/extension/views/folderTabs.ts';
import { KeptTabs } from '../../../../src/extension/views/keptTabs.ts';
import { htmlPage } from '../../../../src/rendering/htmlPage.ts';
import { html } from '../../../../src/report/drawings/html.ts';
import { untranslated } from '../../../../src/search/page/pageTexts.ts';
import { memento } from '../../../support/memento.ts';

describe('KeptTabs', () => {
  const first = { title: 'Comparison of 2 runs', state: ['/a', '/b'] };
  const second = { title: 'Comparison of 2 runs', state: ['/a', '/c'] };

  it('finds the folders of a tab that its webview kept, or else those of the last tab with its title, once', () => {
    const kept = memento();
    const before = new KeptTabs(kept, folderTabs('tabs'));
    before.remember(first);
    before.remember(second);
    const after = new KeptTabs(kept, folderTabs('tabs'));
    assert.deepEqual(after.take(first.title, keptFolders({ folders: second.state })), second.state);
    assert.deepEqual(after.take(first.title, undefined), first.state);
    assert.equal(after.take(first.title, undefined), undefined);
    assert.deepEqual(after.take('Search: x', ['/s']), ['/s'], 'what only the webview knows');
    assert.equal(new KeptTabs(kept, folderTabs('others')).take(first.title, undefined), undefined);
  });

  it('forgets a tab that was closed when the next one is opened', () => {
    const kept = memento();
    const tabs = new KeptTabs(kept, folderTabs('tabs'));
    tabs.remember(first)();
    tabs.remember(second);
    const after = new KeptTabs(kept, folderTabs('tabs'));
    assert.deepEqual(after.take(first.title, undefined), second.state);
    assert.equal(after.take(first.title, undefined), undefined);
  });
});

describe('hasSameFolders', () => {
  it('is so whichever folder was chosen first, and of those alone', () => {
    assert.equal(hasSameFolders(['/a', '/b'], ['/b', '/a']), true);
    assert.equal(hasSameFolders(['/a', '/b'], ['/a']), false);
    assert.equal(hasSameFolders(['/a', '/b'], ['/a', '/c']), false);
  });
});

describe('a comparison that is kept over a reload', () => {
  it('has the one script that keeps its folders, whatever they are called, and allows no other', () => {
    const page = htmlPage({ title: 'a', summary: '', body: html`<p>b</p>` });
    const kept = keepingFolders(page, ['/runs/</script><b>', '/runs/$&'], 'abc');
    const [, script = ''] = /<script nonce="abc">(.*)<\/script>/.exec(kept) ?? [];
    const [, state = ''] = /setState\((.*)\)/.exec(script) ?? [];
    assert.deepEqual(JSON.parse(state), { folders: ['/runs/</script><b>', '/runs/$&'] });
    assert.equal(kept.split('<script').length, 2);
    assert.match(kept, /content="default-src 'none'; script-src 'nonce-abc'; style-src/);
  });
});

describe('placeOfNewSection', () => {
  const insert = (text: string): unknown => {
    const place = placeOfNewSection(text);
    assert.ok(place);
    const section = `${place.before}\n\t"search": 1${place.after}`;
    return parse(text.slice(0, place.offset) + section + text.slice(place.offset), [], { disallowComments: false });
  };

  it('is after the last section, with or without a comma behind it, and in a file that has none', () => {
    assert.deepEqual(insert('{ "a": { "b": [1] } }'), { a: { b: [1] }, search: 1 });
    assert.deepEqual(insert('{\n  "a": 2, // why\n}\n'), { a: 2, search: 1 });
    assert.deepEqual(insert('{}'), { search: 1 });
    assert.equal(placeOfNewSection('[1]'), undefined);
    assert.equal(placeOfNewSection(''), undefined);
  });
});

describe('describeSearch', () => {
  const search = { folder: '/s', name: 'digits', state: 'running', done: 3, mostTrials: 30 } as const;

  it('tells state and trials, and names the state for menus', () => {
    const told = describeSearch(search, { translate: untranslated });
    assert.equal(told.description, 'Searching · 3 of 30 trials');
    assert.equal(told.accessibleLabel, 'Search: digits, Searching, 3 of 30 trials');
    assert.equal(told.context, 'search.running');
    assert.match(describeSearch(search, { isStopping: true, translate: untranslated }).description, /^Stopping …/);
    assert.equal(
      describeSearch({ ...search, mostTrials: 0 }, { translate: untranslated }).description,
      'Searching · 3 trials',
    );
  });
});
