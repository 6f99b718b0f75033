/** Where a tree comes from. */
export interface TreeSource<Node extends object> {
  /** What is below a node now; the roots, where there is none. */
  readonly childrenOf: (node: Node | undefined) => readonly Node[];
  /** Among all nodes of the tree. */
  readonly idOf: (node: Node) => string;
  /** Everything that a person sees of a node itself. */
  readonly lookOf: (node: Node) => string;
}

interface Told<Node> {
  readonly node: Node;
  look: string;
  /** Ids of what is below it, once that was asked for. */
  children?: readonly string[];
}

/**
 * What a view was told of a tree, so that only what is another now is drawn again. While a view draws its whole tree again, VS Code
 * knows none of its elements until it has asked for them anew, and calls a command of a context menu without the element that it was
 * chosen for: the fewer are drawn again, the more seldom that is.
 */
export class ToldTree<Node extends object> {
  readonly #source: TreeSource<Node>;
  readonly #told = new Map<string, Told<Node>>();
  #roots: readonly string[] | undefined;

  constructor(source: TreeSource<Node>) {
    this.#source = source;
  }

  /** The children of a node, for the view. One that was told before is the same object, brought up to date. */
  children(parent?: Node): Node[] {
    const nodes = this.#source.childrenOf(parent).map((now) => this.#tell(now));
    const ids = nodes.map(this.#source.idOf);
    if (parent === undefined) {
      this.#roots = ids;
    } else {
      const told = this.#told.get(this.#source.idOf(parent));
      if (told) told.children = ids;
    }
    return nodes;
  }

  /** The nodes that are to be drawn again, with what is below them; undefined for the whole tree. */
  changes(): Node[] | undefined {
    // As long as the view has not asked, there is nothing to compare.
    const roots = this.#roots && this.#source.childrenOf(undefined);
    if (!this.#roots || !roots || !areSame(this.#roots, roots.map(this.#source.idOf))) {
      this.#roots = undefined;
      this.#told.clear();
      return undefined;
    }
    return roots.flatMap((root) => this.#changesOf(root));
  }

  #changesOf(now: Node): Node[] {
    const told = this.#told.get(this.#source.idOf(now));
    if (!told) return [];
    Object.assign(told.node, now);
    const look = this.#source.lookOf(told.node);
    const children = told.children && this.#source.childrenOf(told.node);
    if (look === told.look && (!children || areSame(told.children ?? [], children.map(this.#source.idOf))))
      return (children ?? []).flatMap((child) => this.#changesOf(child));
    told.look = look;
    this.#forgetChildren(told);
    return [told.node];
  }

  #tell(now: Node): Node {
    const id = this.#source.idOf(now);
    const told = this.#told.get(id);
    const node = told ? Object.assign(told.node, now) : now;
    this.#told.set(id, { ...told, node, look: this.#source.lookOf(node) });
    return node;
  }

  /** The view asks for them again. */
  #forgetChildren(told: Told<Node>): void {
    for (const id of told.children ?? []) {
      const child = this.#told.get(id);
      if (child) this.#forgetChildren(child);
      this.#told.delete(id);
    }
    delete told.children;
  }
}

function areSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((id, index) => id === others[index]);
}
