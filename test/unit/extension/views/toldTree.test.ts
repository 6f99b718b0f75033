import assert from 'node:assert/strict';
import { ToldTree } from '../../../../src/extension/views/toldTree.ts';

interface Item {
  readonly id: string;
  readonly text: string;
  readonly children?: readonly Item[];
}

/** A tree that is shown by a view which, as VS Code does, asks for what it draws and knows its elements by their ids. */
class Shown {
  readonly #tree: ToldTree<Item>;
  readonly #elements = new Map<string, Item>();
  roots: readonly Item[];

  constructor(roots: readonly Item[]) {
    this.roots = roots;
    this.#tree = new ToldTree<Item>({
      childrenOf: (item) => (item ? (item.children ?? []) : this.roots),
      idOf: ({ id }) => id,
      lookOf: ({ text }) => text,
    });
    this.draw();
  }

  draw(below?: Item): void {
    for (const item of this.#tree.children(below)) {
      this.#elements.set(item.id, item);
      this.draw(item);
    }
  }

  /** The texts of what is drawn again after these are the roots; `all` for the whole. */
  change(roots: readonly Item[]): readonly string[] | 'all' {
    this.roots = roots;
    const changed = this.#tree.changes();
    if (!changed) return 'all';
    for (const item of changed) {
      assert.equal(this.#elements.get(item.id), item, 'the view knows the very object');
      this.draw(item);
    }
    return changed.map(({ text }) => text);
  }

  element(id: string): Item | undefined {
    return this.#elements.get(id);
  }
}

const run = (id: string, text = id): Item => ({ id, text });
const group = (id: string, children: readonly Item[], text = id): Item => ({ id, text, children });

describe('ToldTree', () => {
  it('draws nothing again where nothing changed, though all objects are new', () => {
    const shown = new Shown([group('g', [run('a'), run('b')])]);
    assert.deepEqual(shown.change([group('g', [run('a'), run('b')])]), []);
  });

  it('draws a run alone that was renamed, as the object that the view knows, which is up to date then', () => {
    const shown = new Shown([group('g', [run('a'), run('b')]), group('h', [run('c')])]);
    const before = shown.element('b');
    assert.deepEqual(shown.change([group('g', [run('a'), run('b', 'the good one')]), group('h', [run('c')])]), [
      'the good one',
    ]);
    assert.equal(shown.element('b'), before);
    assert.equal(before?.text, 'the good one');
    assert.deepEqual(shown.change(shown.roots), [], 'once');
  });

  it('draws a group again that has another run, another order or another look, and no other', () => {
    const shown = new Shown([group('g', [run('a')]), group('h', [run('c'), run('d')])]);
    assert.deepEqual(shown.change([group('g', [run('b'), run('a')]), group('h', [run('c'), run('d')])]), ['g']);
    assert.deepEqual(shown.change([group('g', [run('b'), run('a')]), group('h', [run('d'), run('c')])]), ['h']);
    assert.deepEqual(shown.change([group('g', [run('b'), run('a')], 'G'), group('h', [run('d'), run('c')])]), ['G']);
    assert.deepEqual(shown.change(shown.roots), []);
  });

  it('draws all again where the roots are others', () => {
    const shown = new Shown([group('g', [run('a')])]);
    assert.equal(shown.change([group('g', [run('a')]), group('h', [])]), 'all');
    assert.equal(shown.change(shown.roots), 'all', 'until the view has asked');
    shown.draw();
    assert.deepEqual(shown.change(shown.roots), []);
  });
});
