import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BadInputError, DistilleryError } from '../../../src/errors.ts';
import { readExperimentFile } from '../../../src/experiment/readExperimentFile.ts';

describe('readExperimentFile', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'distillery-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function read(text: string | Uint8Array): Promise<unknown> {
    const path = join(folder, 'a.distill.json');
    await writeFile(path, text);
    return readExperimentFile(path);
  }

  async function problemsOf(text: string): Promise<readonly string[]> {
    try {
      await read(text);
    } catch (error) {
      if (error instanceof BadInputError) return error.problems.map(({ where, message }) => `${where}: ${message}`);
      throw error;
    }
    return [];
  }

  it('allows comments, trailing commas and a byte order mark', async () => {
    assert.deepEqual(await read('\uFEFF{\n  // why\n  "a": [1, 2,], /* b */ "c": {},\n}\n'), { a: [1, 2], c: {} });
  });

  it('names line and column of every mistake', async () => {
    assert.deepEqual(await problemsOf('{\n  "a": 1\n  "b": 2,\n  "c": 3\n  "d": 4 "e": 5\n}'), [
      'line 3, column 3: a comma is expected',
      'line 5, column 3: a comma is expected',
    ]);
    assert.deepEqual(await problemsOf('{ "a": nul\n}'), ["line 1, column 8: 'nul' is not JSON"]);
    assert.deepEqual(await problemsOf('{ a: 1,\n  "b": 2 }'), ["line 1, column 3: 'a' is not JSON"]);
    assert.deepEqual(await problemsOf('{ "a": [1, 2 }'), ['line 1, column 14: a comma is expected']);
    assert.deepEqual(await problemsOf(''), ['line 1, column 1: a value is expected']);
    assert.deepEqual(await problemsOf('{ "a": "b\n}'), ['line 1, column 8: the text does not end on its line']);
  });

  it('refuses a field that is said twice in one object', async () => {
    assert.deepEqual(await problemsOf('{ "a": { "b": 1 }, "c": { "b": 1,\n "b": 2 }, "a": 3 }'), [
      "line 2, column 2: 'b' is said a second time",
      "line 2, column 12: 'a' is said a second time",
    ]);
    assert.deepEqual(await read('{ "a": [{ "b": 1 }, { "b": 2 }], /* "a" */ "b": 3, }'), {
      a: [{ b: 1 }, { b: 2 }],
      b: 3,
    });
  });

  it('refuses brackets within brackets without end', async () => {
    const deep = `{ "student": ${'['.repeat(100_000)}${']'.repeat(100_000)} }`;
    assert.deepEqual(await problemsOf(deep), ['line 1, column 77: brackets lie in each other more than 64 deep']);
    // Brackets in texts and comments do not count.
    assert.deepEqual(await read(`{ "a": "${'['.repeat(100)}" } // ${'{'.repeat(100)}`), { a: '['.repeat(100) });
  });

  it('refuses what is no text, a folder, and what is not there', async () => {
    const is = (code: string) => (error: unknown) => error instanceof DistilleryError && error.code === code;
    await assert.rejects(read(Uint8Array.of(8, 0, 18, 0)), is('BAD_FILE'));
    await assert.rejects(read(Buffer.from('\uFEFF{}', 'utf16le')), /is not encoded as UTF-8/);
    await assert.rejects(read(Buffer.from('{ "name": "caf\u00e9" }', 'latin1')), /is not encoded as UTF-8/);
    await assert.rejects(readExperimentFile(folder), is('BAD_FILE'));
    await assert.rejects(readExperimentFile(join(folder, 'absent.json')), is('FILE_NOT_FOUND'));
  });
});
