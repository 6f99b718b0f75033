import assert from 'node:assert/strict';
import type { Variant, VariantsField } from '../../../src/protocol/form.ts';
import { variantOf } from '../../../webview/form/variantOf.ts';

describe('the variant that a value is of', () => {
  it('is the first where every variant has a tag and the value has none, as a head of dense layers does', () => {
    const tagged = (value: string): Variant => ({
      id: value,
      label: value,
      match: { kind: 'tag', key: 'architecture', value },
      initial: {},
      fields: [],
    });
    const variants = [tagged('mlp'), tagged('svm')];
    const field: VariantsField = { name: 'head', label: 'Head', kind: 'variants', tag: 'architecture', variants };
    assert.equal(variantOf(field, { hidden: [8] })?.id, 'mlp');
    assert.equal(variantOf(field, { architecture: 'svm' })?.id, 'svm');
    assert.equal(variantOf(field, { architecture: 'other' }), undefined);
  });
});
