import assert from 'node:assert/strict';
import { experimentJsonSchema, schemaAt } from '../../../src/experiment/jsonSchema.ts';

describe('experimentJsonSchema', () => {
  const schema = experimentJsonSchema();

  it('describes the file as it is written: only what has no default is required', () => {
    assert.equal(schema.$schema, 'http://json-schema.org/draft-07/schema#');
    assert.deepEqual(schema.required, ['teacher', 'dataset', 'student']);
    assert.equal(schema.additionalProperties, false);
  });

  it('gives the part that describes a place in an experiment', () => {
    const value = { objective: [{ loss: 'labels' }, { loss: 'kd' }] };
    const [standardize, ...others] = schemaAt(schema, value, ['objective', 1, 'standardize']);
    assert.equal(others.length, 0);
    assert.equal(standardize?.type, 'boolean');
    assert.deepEqual(schemaAt(schema, value, ['objective', 0, 'temperature']), []);
  });
});
