import assert from 'node:assert/strict';
import { parse, type ParseError } from 'jsonc-parser';
import { experimentTemplates } from '../../../src/experiment/templates.ts';
import { experimentProblems } from '../../../src/experiment/parseExperiment.ts';

function read(text: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  assert.deepEqual(errors, []);
  return value;
}

describe('templates of experiments', () => {
  for (const { id, takes, write } of experimentTemplates()) {
    it(`${id} is an experiment with comments, as it is and with everything chosen`, () => {
      assert.match(write({}), /\/\/ /);
      assert.deepEqual(experimentProblems(read(write({}))), []);
      const choices = { name: 'a "name"', teacher: 'm/t.onnx', dataset: 'some\\data', student: 'textcnn' };
      const written = write(choices);
      const value = read(written) as Record<string, unknown>;
      assert.deepEqual(experimentProblems(value), []);
      assert.equal(value['name'], choices.name);
      for (const choice of takes) assert.ok(written.includes(JSON.stringify(choices[choice])), choice);
    });
  }

  it('are written in the language that is asked for', () => {
    const [first] = experimentTemplates((message) => `«${message}»`);
    assert.match(first?.write({}) ?? '', /\/\/ «The network that is imitated/);
  });
});
