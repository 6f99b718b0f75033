import { execFileSync } from 'node:child_process';
import assert from 'node:assert/strict';
import { shellWord, terminalWord } from '../../../src/platform/shellWord.ts';

describe('words of a shell', () => {
  it('come back from a shell as they were', function () {
    if (process.platform === 'win32') this.skip();
    const texts = ['plain/path.onnx', 'my runs/one', "it's", 'a"b', '$HOME', '`id`', '*', 'a;b', ''];
    const printed = execFileSync('/bin/sh', ['-c', `printf '%s\\n' ${texts.map(shellWord).join(' ')}`], {
      encoding: 'utf8',
    });
    assert.deepEqual(printed.split('\n').slice(0, -1), texts);
  });

  it('are quoted as the shells of the machine take it', () => {
    assert.equal(terminalWord('.distillery/runs/one', 'linux'), '.distillery/runs/one');
    assert.equal(terminalWord('my runs/one', 'linux'), "'my runs/one'");
    assert.equal(terminalWord('-a.distill.json', 'linux'), './-a.distill.json');
    assert.equal(terminalWord('.distillery\\runs\\one', 'win32'), '.distillery\\runs\\one');
    assert.equal(terminalWord("my runs\\it's", 'win32'), '"my runs\\it\'s"');
  });
});
