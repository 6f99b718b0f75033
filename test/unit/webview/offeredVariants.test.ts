import assert from 'node:assert/strict';
import { describeForm } from '../../../src/extension/form/describeForm.ts';
import type { SampleKind } from '../../../src/protocol/experimentFacts.ts';
import { offeredVariants } from '../../../webview/form/offeredVariants.ts';

describe('the students that are offered', () => {
  const student = describeForm((text) => text)
    .flatMap(({ fields }) => fields)
    .find(({ name }) => name === 'student');
  assert.ok(student?.kind === 'variants');
  const { variants } = student;
  const offered = (samples: SampleKind | undefined, chosen?: string): string[] =>
    offeredVariants(variants, samples, chosen).map(({ id }) => id);

  it('suit the data: networks of convolutions for images, trees for tables, readers of tokens for texts', () => {
    const images = offered('images');
    for (const name of ['mlp', 'convnet', 'resnet', 'mobilenetv2']) assert.ok(images.includes(name), name);
    assert.ok(!images.includes('transformer') && !images.includes('random-forest'));
    const tables = offered('tables');
    for (const name of ['mlp', 'decision-tree', 'gradient-boosting']) assert.ok(tables.includes(name), name);
    assert.ok(!tables.includes('convnet') && !tables.includes('textcnn'));
    assert.deepEqual(offered('texts').slice(0, 2), ['transformer', 'textcnn']);
    assert.ok(!offered('texts').includes('mlp'));
  });

  it('are a handful before the data are known', () => {
    assert.ok(offered(undefined).length <= 8 && offered(undefined).length >= 4);
  });

  it('hold the one that is chosen, whatever the data are', () => {
    assert.ok(!offered('texts').includes('svm'));
    assert.ok(offered('texts', 'svm').includes('svm'));
  });

  it('say all what they suit: a new architecture says it in experiment/schema/suitedSamples.ts', () => {
    assert.deepEqual(
      variants.filter(({ suits }) => suits === undefined).map(({ id }) => id),
      [],
    );
  });
});
