import assert from 'node:assert/strict';
import { join } from 'node:path';
import { sharedCache, sharedFolder } from '../../../src/platform/sharedFolder.ts';

describe('the folder that runs share', () => {
  it('is ours, and never the one that a person keeps runs beside', () => {
    assert.equal(sharedFolder(join('/project', '.distillery', 'runs', 'a')), join('/project', '.distillery'));
    assert.equal(sharedFolder(join('/project', 'results', 'a')), join('/project', 'results'));
    assert.equal(sharedCache(join('/project', '.distillery', 'runs', 'a')), join('/project', '.distillery', 'cache'));
    assert.equal(sharedCache(join('/project', 'results', 'a')), join('/project', 'results', '.cache'));
  });
});
