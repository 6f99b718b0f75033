import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { experimentJsonSchema } from '../../../src/experiment/jsonSchema.ts';

describe('media/experiment.schema.json', () => {
  it('is what `npm run generate:schema` writes', () => {
    const file = new URL('../../../media/experiment.schema.json', import.meta.url);
    const written: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const generated: unknown = JSON.parse(JSON.stringify(experimentJsonSchema()));
    assert.deepEqual(written, generated, 'run npm run generate:schema');
  });
});
