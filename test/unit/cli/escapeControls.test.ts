import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { escapeControls } from '../../../src/cli/escapeControls.ts';
import { main } from '../../../src/cli/main.ts';
import { encodeModel } from '../../../src/onnx/file.ts';
import { fakeTerminal } from '../../support/fakeTerminal.ts';
import { storedModel } from '../../support/storedModel.ts';

describe('what is written to the terminal', () => {
  it('keeps lines, tabulators, letters of any script and joined emoji', () => {
    const text = 'a\tb\r\nzwei – Größe 学生 عربي 👩\u200d💻\n';
    assert.equal(escapeControls(text), text);
  });

  it('shows control characters and what turns the direction of text', () => {
    assert.equal(escapeControls('a\x1b]0;title\x07b', { hasColors: true }), 'a\\u001b]0;title\\u0007b');
    assert.equal(escapeControls('a\x1b[2Jb\x1b[1A', { hasColors: true }), 'a\\u001b[2Jb\\u001b[1A');
    assert.equal(escapeControls('a\x9b2Jb\u202ecod\u2066x\rd\x7f'), 'a\\u009b2Jb\\u202ecod\\u2066x\\u000dd\\u007f');
  });

  it('keeps colours where there are any, and the line that is drawn anew', () => {
    assert.equal(escapeControls('\x1b[1mbold\x1b[22m', { hasColors: true }), '\x1b[1mbold\x1b[22m');
    assert.equal(escapeControls('\x1b[1mbold'), '\\u001b[1mbold');
    assert.equal(escapeControls('\r\x1b[2Kepoch \x1b[2Kx', { hasColors: true }), '\r\x1b[2Kepoch \\u001b[2Kx');
    assert.equal(escapeControls('\x1b[8mhidden', { hasColors: true }), '\\u001b[8mhidden');
  });

  it('leaves JSON what it was', () => {
    const value = { name: 'a\x1b[2J\u202e\x9b' };
    assert.deepEqual(JSON.parse(escapeControls(JSON.stringify(value))), value);
  });

  it('has names of a model escaped', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'distillery-'));
    try {
      const hostile = '\x1b]2;owned\x07\u202ex';
      const model = storedModel(17, { inputs: { [hostile]: [1, 2] }, nodes: [], outputs: [hostile] });
      model.producerName = hostile;
      await writeFile(join(folder, 'm.onnx'), encodeModel(model));
      const terminal = fakeTerminal(folder);
      await main(['inspect', 'm.onnx'], terminal);
      const text = terminal.out.text + terminal.error.text;
      assert.ok(text.includes('\\u001b]2;owned\\u0007\\u202e'), text);
      // oxlint-disable-next-line no-control-regex -- these must not be there
      assert.doesNotMatch(text, /[\x1b\x07\u202e]/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
