import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileLinks } from '../../../../src/extension/language/fileLinks.ts';
import {
  fileChoices,
  folderClasses,
  searchedFields,
  tableColumns,
} from '../../../../src/extension/language/valueChoices.ts';
import { typedValueAt } from '../../../../src/extension/language/valueKinds.ts';
import { withTemporaryFolder } from '../../../support/programs.ts';

function typedAt(marked: string) {
  return typedValueAt(marked.replace('|', ''), marked.indexOf('|'));
}

const names = (choices: readonly { readonly value: string }[]) => choices.map(({ value }) => value);

describe('what is typed in an experiment file', () => {
  it('is the path of a model, inside of the quotes', () => {
    const typed = typedAt('{ "teacher": { "model": "models/te|x" } }');
    assert.ok(typed);
    assert.deepEqual(typed.kind, { kind: 'file', picker: 'model' });
    assert.equal(typed.typed, 'models/te');
    assert.equal(typed.stretch.length, 'models/tex'.length);
  });

  it('is one although no quotes are there yet, or the closing one is missing', () => {
    assert.equal(typedAt('{ "teacher": { "model": | } }')?.isQuoted, false);
    assert.equal(typedAt('{ "teacher": { "model": "mo|')?.typed, 'mo');
  });

  it('is a class, a column, a value in a network, or a field of a search', () => {
    assert.equal(typedAt('{ "dataset": { "exclude": ["|"] } }')?.kind.kind, 'class');
    assert.equal(typedAt('{ "dataset": { "target": "|" } }')?.kind.kind, 'column');
    assert.equal(typedAt('{ "dataset": { "columns": { "|": "number" } } }')?.kind.kind, 'column');
    assert.deepEqual(typedAt('{ "objective": [{ "loss": "hint", "teacher": "|" }] }')?.kind, {
      kind: 'feature',
      network: 'teacher',
    });
    assert.equal(typedAt('{ "search": { "space": { "|": [] } } }')?.kind.kind, 'searchedField');
  });

  it('is nothing that we know of elsewhere', () => {
    assert.equal(typedAt('{ "name": "|" }'), undefined);
    assert.equal(typedAt('{ "teacher": { "model": "a.onnx"| } }'), undefined);
  });
});

describe('what a text in an experiment file may be', () => {
  it('are models and folders, or data, of the folder that was typed', () =>
    withTemporaryFolder(async (folder) => {
      await mkdir(join(folder, 'models'));
      await mkdir(join(folder, '.git'));
      for (const name of ['models/a.onnx', 'models/notes.md', 'b.onnx', 'table.csv'])
        await writeFile(join(folder, name), '');
      assert.deepEqual(names(await fileChoices(folder, '', 'model')), ['models/', 'b.onnx']);
      assert.deepEqual(names(await fileChoices(folder, 'models/x', 'model')), ['models/a.onnx']);
      assert.deepEqual(names(await fileChoices(folder, '', 'dataset')), ['builtin:digits', 'models/', 'table.csv']);
      assert.deepEqual(await fileChoices(folder, 'absent/', 'dataset'), []);
    }));

  it('are the folders of the training split, as classes', () =>
    withTemporaryFolder(async (folder) => {
      for (const name of ['train/cat', 'train/dog', 'test/cat'])
        await mkdir(join(folder, 'pets', name), { recursive: true });
      assert.deepEqual(names(await folderClasses(folder, { path: 'pets' })), ['cat', 'dog']);
      assert.equal((await folderClasses(folder, { path: 'builtin:digits' })).length, 10);
      assert.deepEqual(await folderClasses(folder, undefined), []);
    }));

  it('are the columns of a table', () =>
    withTemporaryFolder(async (folder) => {
      await writeFile(join(folder, 'table.csv'), '\uFEFFwidth;"height";kind\n1;2;a\n');
      assert.deepEqual(names(await tableColumns(folder, { path: 'table.csv' })), ['width', 'height', 'kind']);
      assert.deepEqual(await tableColumns(folder, { path: 'absent.csv' }), []);
    }));

  it('are the fields that can be searched, of the student that is there', () => {
    const fields = names(searchedFields({ student: { architecture: 'mlp', hidden: [64] } }));
    for (const field of [
      'student.hidden[0]',
      'student.hidden.length',
      'student.dropout',
      'training.learningRate',
      'training.optimizer',
    ])
      assert.ok(fields.includes(field), field);
    assert.ok(!fields.some((field) => /^student\.(channels|head|shrink)/.test(field)), fields.join());
    assert.equal(new Set(fields).size, fields.length);
  });
});

describe('the files that an experiment names', () => {
  it('are links, without built-in data', () => {
    const text =
      '{ "$schema": "../schema.json", "teacher": { "ensemble": [{ "model": "a.onnx" }, { "model": "b.onnx" }] }, ' +
      '"dataset": { "path": "builtin:digits", "unlabelled": ["more"] }, "student": { "architecture": "mlp" } }';
    const links = fileLinks(text);
    assert.deepEqual(
      links.map(({ path }) => path),
      ['../schema.json', 'a.onnx', 'b.onnx', 'more'],
    );
    for (const { stretch, path } of links)
      assert.equal(text.slice(stretch.offset, stretch.offset + stretch.length), path);
  });
});
