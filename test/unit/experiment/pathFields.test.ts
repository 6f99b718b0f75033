import assert from 'node:assert/strict';
import { experimentJsonSchema } from '../../../src/experiment/jsonSchema.ts';
import { mapPaths } from '../../../src/experiment/pathFields.ts';
import { PICKERS } from '../../../src/extension/form/pickers.ts';

/** Names of fields that the schema describes as a file or a folder. */
function fieldsOfFiles(schema: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    const { properties } = part as { properties?: Readonly<Record<string, { description?: string }>> };
    for (const [name, field] of Object.entries(properties ?? {})) {
      const takesText = /"type":"string"/.test(JSON.stringify(field)) && !/"enum"|"const"/.test(JSON.stringify(field));
      if (takesText && /\.onnx file|\bfolder\b|Folders?\b|tokenizer\.json|^Where\./.test(field.description ?? ''))
        found.add(name);
    }
    Object.values(part).forEach(visit);
  };
  visit(schema);
  return found;
}

describe('the paths of an experiment', () => {
  it('are all changed, those of a search too, and nothing else', () => {
    const changed = mapPaths(
      {
        name: 'model',
        teacher: { ensemble: [{ model: 'a.onnx', weight: 2 }], output: 'path' },
        dataset: { path: 'data', unlabelled: ['u', 'v'], tokenizer: 't.json', target: 'folder' },
        student: { extractor: 'e.onnx' },
        objective: [{ loss: 'hint', student: '/layer/Relu' }],
        cache: { folder: 'c' },
        search: {
          space: {
            'student.model': { choices: ['s.onnx'], when: { 'training.optimizer': 'adam' } },
            teacher: [{ model: 'x.onnx' }],
          },
        },
      },
      (path) => `new/${path}`,
    );
    assert.deepEqual(changed, {
      name: 'model',
      teacher: { ensemble: [{ model: 'new/a.onnx', weight: 2 }], output: 'path' },
      dataset: { path: 'new/data', unlabelled: ['new/u', 'new/v'], tokenizer: 'new/t.json', target: 'folder' },
      student: { extractor: 'new/e.onnx' },
      objective: [{ loss: 'hint', student: '/layer/Relu' }],
      cache: { folder: 'new/c' },
      search: {
        space: {
          'student.model': { choices: ['new/s.onnx'], when: { 'training.optimizer': 'adam' } },
          teacher: [{ model: 'new/x.onnx' }],
        },
      },
    });
  });

  it('leave what is built in', () => {
    const value = { dataset: { path: 'builtin:digits' } };
    assert.deepEqual(
      mapPaths(value, () => 'changed'),
      value,
    );
  });

  it('are every field of the schema that names a file or a folder, and every one that the panel picks', () => {
    const names = [
      ...fieldsOfFiles(experimentJsonSchema()),
      ...Object.keys(PICKERS).map((path) => path.split('.').at(-1) ?? ''),
    ];
    assert.ok(names.length > 8);
    for (const name of names)
      assert.deepEqual(
        mapPaths({ [name]: 'x' }, () => 'y'),
        { [name]: 'y' },
        `'${name}' is passed over`,
      );
  });
});
