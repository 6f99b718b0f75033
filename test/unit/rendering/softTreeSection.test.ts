import assert from 'node:assert/strict';
import { softTreeSection } from '../../../src/rendering/softTreeSection.ts';
import { renderHtml } from '../../../src/rendering/renderHtml.ts';
import type { SoftTreeReport } from '../../../src/report/trees/softTreeReport.ts';
import { sampleEvents } from '../../support/sampleEvents.ts';
import { sampleReport } from '../../support/sampleReport.ts';
import { softTreeOf } from '../../support/softTree.ts';

/** Elements without an end tag. */
const empty = new Set(['br', 'img']);

/** Asserts that every tag is closed in order and every attribute quoted, as XML wants. */
function assertWellFormed(markup: string): void {
  const open: string[] = [];
  const rest = markup.replaceAll(
    /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z0-9-]+="[^"<]*")*)\s*(\/?)>/g,
    (_tag, end, name, _attributes, self) => {
      if (end) assert.equal(open.pop(), name);
      else if (!self && !empty.has(name as string)) open.push(name as string);
      return '';
    },
  );
  assert.deepEqual(open, []);
  assert.doesNotMatch(rest, /[<>]/);
}

const sectionOf = async (tree: SoftTreeReport): Promise<string> => (await softTreeSection(tree)).text;
const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;

describe('softTreeSection', () => {
  const small = softTreeOf({ depth: 3, sampleShape: [1, 4, 4] });
  const deep = softTreeOf({ depth: 8, sampleShape: [1, 4, 4] });
  const tabular = softTreeOf({ depth: 2, sampleShape: [5] });

  for (const [name, tree] of Object.entries({ small, deep, tabular })) {
    it(`is well-formed, has no number that is none, and a name for every drawing: ${name}`, async () => {
      const section = await sectionOf(tree);
      assertWellFormed(section);
      assert.doesNotMatch(section, /NaN|undefined|Infinity/);
      assert.equal(count(section, /<svg/g), count(section, /<svg[^>]*role="img"[^>]*aria-label="[^"]+"/g));
      assert.equal(count(section, /<img/g), count(section, /<img[^>]*alt="[^"]+"/g));
    });
  }

  it('draws every node with its filter, every branch and every leaf of a small tree', async () => {
    const [drawing = ''] = (await sectionOf(small)).match(/<svg[\s\S]*?<\/svg>/) ?? [];
    assert.equal(count(drawing, /<image /g), 7);
    assert.equal(new Set([...drawing.matchAll(/href="([^"]*)"/g)].map((match) => match[1])).size, 7);
    assert.equal(count(drawing, /<line/g), 14);
    assert.equal(count(drawing, /class="leaf"/g), 8);
    assert.match(drawing, /<text[^>]*>36<\/text>/);
    assert.match(drawing, /c: 75 %/);
    assert.match(drawing, /<title>Node 2: 26 samples, 58 % go right<\/title>/);
  });

  it('folds the lower levels of a deep tree, the most travelled part first', async () => {
    const section = await sectionOf(deep);
    const parts = [...section.matchAll(/From node (\d+) on: ([\d,]+) samples/g)];
    assert.equal(parts.length, 16);
    const samples = parts.map((match) => Number(match[2]!.replace(',', '')));
    assert.deepEqual(
      samples,
      [...samples].sort((a, b) => b - a),
    );
    assert.equal(parts[0]![1], '30');
    assert.equal(count(section, /<image /g), 255);
    assert.equal(count(section, /class="more"/g), 16);
    assert.equal(count(section, /class="leaf"/g), 256);
  });

  it('says the same in tables', async () => {
    const section = await sectionOf(small);
    const [nodes = '', leaves = ''] = section.match(/<table>[\s\S]*?<\/table>/g) ?? [];
    assert.equal(count(nodes, /<tr>/g), 8);
    assert.equal(count(leaves, /<tr>/g), 9);
    assert.match(leaves, /<td>8<\/td>\s*<td>22\.22 %<\/td>\s*<td>b \(75 %\)/);
  });

  it('names features of samples that are no images, with their signs', async () => {
    const section = await sectionOf(tabular);
    assert.doesNotMatch(section, /<image|<img/);
    const [drawing = ''] = section.match(/<svg[\s\S]*?<\/svg>/) ?? [];
    assert.equal(count(drawing, /[+−] x\[\d\]/g), 9);
    assert.match(section, /x\[\d\] [←→]/);
    const named = await sectionOf({ ...tabular, features: ['age', 'colour = red', 'a', 'b', 'monthly charges <1>'] });
    assert.match(named, /[+−] colour = red<\/text>/);
    assert.match(named, /[+−] monthly cha…<\/text>/);
    assert.match(named, /[+−] monthly charges &lt;1&gt;/);
    assertWellFormed(named);
  });

  it('follows the path of each chosen sample with the chance of every turn', async () => {
    const section = await sectionOf(small);
    const [right = '', mistake = ''] = section.match(/<figure class="way">[\s\S]*?<\/figure>/g) ?? [];
    assert.match(right, /Sample 4: b, as the tree says/);
    assert.deepEqual(
      [...right.matchAll(/node (\d+)<br \/>\s*(\w+ \d+ %)/g)].map((match) => `${match[1]!} ${match[2]!}`),
      ['0 right 98 %', '2 right 98 %', '6 right 98 %'],
    );
    assert.match(right, /alt="The sample"/);
    assert.match(right, /leaf 7, reached with 90 %/);
    assert.match(mistake, /Sample 7: a, but the tree says c/);
    assert.deepEqual(
      [...mistake.matchAll(/node (\d+)<br \/>\s*(\w+ \d+ %)/g)].map((match) => `${match[1]!} ${match[2]!}`),
      ['0 left 75 %', '1 left 75 %', '3 left 75 %'],
    );
  });

  it('draws without filters where they were too long to be written', async () => {
    const bare = { ...small, nodes: small.nodes.map((node) => ({ ...node, weights: null })) };
    const section = await sectionOf(bare);
    assert.doesNotMatch(section, /<image/);
    assertWellFormed(section);
  });

  it('escapes the names of classes', async () => {
    const section = await sectionOf({ ...small, classes: ['<b>', '"', '&'] });
    assert.doesNotMatch(section, /<b>/);
    assertWellFormed(section);
  });

  it('stands in a page that still loads nothing', async () => {
    const page = renderHtml(sampleReport, sampleEvents, { tree: await softTreeSection(small) });
    assert.match(page, /img-src data:/);
    assert.match(page, /<h2>The tree<\/h2>/);
    const sources = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map((match) => match[1]!);
    assert.ok(sources.length > 7 && sources.every((source) => source.startsWith('data:image/png;base64,')));
    assert.doesNotMatch(renderHtml(sampleReport, sampleEvents), /The tree/);
  });
});
