import { create } from '@bufbuild/protobuf';
import assert from 'node:assert/strict';
import { teacherWidths } from '../../../src/preflight/teacherWidths.ts';
import type { ModelFile } from '../../../src/onnx/file.ts';
import { ModelProtoSchema, StringStringEntryProtoSchema, ValueInfoProtoSchema } from '../../../src/onnx/onnx_pb.ts';

const value = (name: string, ...sizes: readonly number[]) =>
  create(ValueInfoProtoSchema, {
    name,
    type: {
      value: {
        case: 'tensorType',
        value: {
          elemType: 1,
          shape: { dim: sizes.map((size) => ({ value: { case: 'dimValue' as const, value: BigInt(size) } })) },
        },
      },
    },
  });

/** A teacher of which only the declared input and output count. */
const teacher = (input: readonly number[], output: readonly number[]): Pick<ModelFile, 'proto'> => ({
  proto: create(ModelProtoSchema, { graph: { input: [value('x', ...input)], output: [value('y', ...output)] } }),
});

describe('teacherWidths', () => {
  it('are what the files declare for a sample, where they agree', () => {
    assert.equal(teacherWidths([]), undefined);
    assert.deepEqual(teacherWidths([teacher([1, 5], [1, 3])]), { input: 5, output: 3 });
    assert.deepEqual(teacherWidths([teacher([1, 5], [1, 3]), teacher([1, 4], [1, 3])]), {
      input: undefined,
      output: 3,
    });
    assert.deepEqual(teacherWidths([teacher([1, 3, 8, 8], [1, 3])]), { input: undefined, output: 3 });
  });

  it('go with the column that the metadata names, where the files agree', () => {
    const stating = (...entries: readonly (readonly [string, string])[]) => {
      const { proto } = teacher([1, 5], [1, 3]);
      return {
        proto: {
          ...proto,
          metadataProps: entries.map(([key, value]) => create(StringStringEntryProtoSchema, { key, value })),
        },
      };
    };
    assert.equal(teacherWidths([stating(['author', 'x'], ['target', 'species '])])?.target, 'species');
    assert.equal(teacherWidths([stating(['Label', 'kind']), teacher([1, 5], [1, 3])])?.target, 'kind');
    assert.equal(teacherWidths([stating(['label', 'kind']), stating(['target', 'species'])])?.target, undefined);
    assert.equal(teacherWidths([stating(['target', ''])])?.target, undefined);
  });
});
