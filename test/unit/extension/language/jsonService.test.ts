import assert from 'node:assert/strict';
import { ExperimentJsonService } from '../../../../src/extension/language/jsonService.ts';
import { architectureNames } from '../../../../src/experiment/schema/architecture.ts';
import { english as inEnglish } from '../../../../src/experiment/words.ts';

const service = new ExperimentJsonService(inEnglish);

/** Completion and explanation where the `|` is. */
async function at(marked: string) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const lines = text.slice(0, offset).split('\n');
  const position = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
  const file = { uri: 'file:///a.distill.json', version: 1, text };
  const [completion, hover] = await Promise.all([service.complete(file, position), service.hover(file, position)]);
  return {
    labels: (completion?.items ?? []).map(({ label }) => label),
    items: completion?.items ?? [],
    hover: JSON.stringify(hover?.contents ?? ''),
  };
}

describe('what an editor offers in an experiment file by its schema', () => {
  it('are the parts of the file, and whole files to begin with', async () => {
    const { labels } = await at('{ | }');
    for (const part of ['teacher', 'dataset', 'student', 'objective', 'training'])
      assert.ok(labels.includes(part), part);
    assert.ok((await at('|')).labels.includes('Compress a model'));
  });

  it('are the architectures, each with what it is', async () => {
    const { items } = await at('{ "student": { "architecture": "|" } }');
    assert.deepEqual(
      items.map(({ label }) => label),
      architectureNames.map((name) => `"${name}"`),
    );
    assert.match(JSON.stringify(items[1]?.documentation), /Stages of convolutions/);
  });

  it('are the fields of the architecture that was chosen, although there are comments', async () => {
    const { labels } = await at('{\n  // small\n  "student": { "architecture": "mlp", | }\n}');
    assert.deepEqual(labels, ['hidden', 'dropout']);
  });

  it('are snippets for a part', async () => {
    const { labels, items } = await at('{ "student": | }');
    assert.ok(labels.includes('a narrower teacher'));
    assert.ok(JSON.stringify(items).includes(`\${1|${architectureNames.join(',')}|}`), 'every architecture is offered');
    assert.ok((await at('{ "objective": [ | ] }')).labels.includes('kd'));
  });

  it('explains a field with its default and its limits', async () => {
    const { hover } = await at('{ "training": { "learn|ingRate": 3 } }');
    assert.match(hover, /Step size at its highest/);
    assert.match(
      (await at('{ "training": { "mom|entum": 3 } }')).hover,
      /Default: `0.9` · at least 0 · at most 0.999999/,
    );
  });

  it("speaks the person's language", async () => {
    const chinese = new ExperimentJsonService((message) => `«${message}»`);
    const hover = await chinese.hover(
      { uri: 'file:///b.distill.json', version: 1, text: '{ "baseline": true }' },
      { line: 0, character: 4 },
    );
    assert.match(JSON.stringify(hover?.contents), /«Also train the same student/);
  });
});
