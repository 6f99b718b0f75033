import assert from 'node:assert/strict';
import { fieldsOf, treeOf, valueOf } from '../../../src/experiment/incompleteText.ts';
import { keysAt, placeProblems } from '../../../src/experiment/placeProblems.ts';
import { updateExperimentText } from '../../../src/extension/experiments/updateExperimentText.ts';
import { fileLinks } from '../../../src/extension/language/fileLinks.ts';
import { ExperimentJsonService } from '../../../src/extension/language/jsonService.ts';
import { typedValueAt } from '../../../src/extension/language/valueKinds.ts';
import { requirementsIn } from '../../../src/extension/requirements/requirementVerdict.ts';
import { placeOfNewSection } from '../../../src/extension/search/placeOfNewSection.ts';

/** Would exhaust the stack of what walks through it. */
const DEEP = `{ "teacher": ${'['.repeat(100_000)}${']'.repeat(100_000)} }`;

describe('the text of an experiment while it is typed', () => {
  it('is read as far as it goes', () => {
    assert.deepEqual(fieldsOf('{ "name": "a", // one\n "student": { "hidden": [8, '), {
      name: 'a',
      student: { hidden: [8] },
    });
    assert.equal(treeOf('{ "name": "a"')?.type, 'object');
    assert.deepEqual([valueOf(''), fieldsOf(''), fieldsOf('[1]')], [undefined, {}, {}]);
  });

  it('is not read where its brackets are nested too deeply', () => {
    assert.deepEqual([treeOf(DEEP), valueOf(DEEP), fieldsOf(DEEP)], [undefined, undefined, {}]);
  });

  it('is left alone by everything in the editor where its brackets are nested too deeply', async () => {
    const service = new ExperimentJsonService((text) => text);
    const text = { uri: 'file:///deep.distill.json', version: 1, text: DEEP };
    assert.equal(await service.complete(text, { line: 0, character: 20 }), null);
    assert.equal(await service.hover(text, { line: 0, character: 20 }), null);
    assert.deepEqual(service.outline(text), []);
    assert.deepEqual(service.folds(text), []);
    assert.deepEqual(fileLinks(DEEP), []);
    assert.equal(typedValueAt(DEEP, 20), undefined);
    assert.deepEqual(requirementsIn(DEEP), []);
    assert.equal(placeOfNewSection(DEEP), undefined);
    assert.equal(keysAt(DEEP, 20), undefined);
    assert.deepEqual(JSON.parse(updateExperimentText(DEEP, { name: 'a' })), { name: 'a' });
  });

  it('has the place at which its brackets are nested too deeply', () => {
    const where = 'line 1, column 77';
    const [place] = placeProblems(DEEP, [{ where, message: 'brackets lie in each other more than 64 deep' }]);
    assert.equal(place?.field.offset, 76);
  });
});
