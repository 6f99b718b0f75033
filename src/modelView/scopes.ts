import type { NodeDescription } from '../protocol/modelView.ts';

/** More boxes than this are no drawing that a person reads: they are put into parts. */
const MOST_BOXES = 120;

/** Nodes that belong together, by their names or because they stand one after the other. */
export interface Scope {
  /** Unique; empty for the whole model. */
  readonly id: string;
  readonly title: string;
  readonly parent: Scope | undefined;
  /** Scopes and nodes, in the order of the file. */
  readonly children: readonly (Scope | NodeDescription)[];
  /** Nodes in it and in the scopes in it. */
  readonly size: number;
}

/** Whether what is in a scope is a scope itself. */
export function isScope(child: Scope | NodeDescription): child is Scope {
  return 'children' in child;
}

/**
 * The nodes of a model by scope, as exporters write it into names (`/layer1/conv/Conv`). Scopes of one are left out; what is still too
 * much for one drawing is cut into parts of the file's order. Constants belong to what reads them and are left out.
 */
export function scopesOf(nodes: readonly NodeDescription[]): Scope {
  const drawn = nodes.filter(({ operator }) => operator !== 'Constant');
  return build('', '', undefined, drawn, 0);
}

/** Every scope by its id. */
export function indexScopes(root: Scope): ReadonlyMap<string, Scope> {
  const index = new Map<string, Scope>();
  const visit = (scope: Scope): void => {
    index.set(scope.id, scope);
    for (const child of scope.children) if (isScope(child)) visit(child);
  };
  visit(root);
  return index;
}

function build(
  id: string,
  title: string,
  parent: Scope | undefined,
  nodes: readonly NodeDescription[],
  depth: number,
): Scope {
  const children: (Scope | NodeDescription)[] = [];
  const scope = { id, title, parent, children, size: nodes.length };
  const groups = new Map<string, NodeDescription[]>();
  for (const node of nodes) {
    const segment = segmentsOf(node)[depth];
    const group = segment === undefined ? undefined : groups.get(segment);
    if (group) group.push(node);
    else groups.set(segment ?? ` ${node.index}`, [node]);
  }
  const isOneGroup = groups.size === 1 && nodes.length > 1;
  // A scope around everything says nothing: its inside is shown at once.
  if (isOneGroup && segmentsOf(nodes[0])[depth] !== undefined) {
    return build(id, title, parent, nodes, depth + 1);
  }
  for (const [segment, group] of groups) {
    const [first] = group;
    if (group.length === 1 && first) children.push(first);
    else children.push(build(`${id}/${segment}`, segment, scope, group, depth + 1));
  }
  if (children.length <= MOST_BOXES) return scope;
  const parts = cut(scope, children);
  children.splice(0, children.length, ...parts);
  return scope;
}

/** Children of a scope in parts, each a scope, in order; in parts of parts where there are very many. */
function cut(scope: Scope, children: readonly (Scope | NodeDescription)[]): Scope[] {
  const perPart = Math.max(Math.ceil(children.length / MOST_BOXES), Math.min(40, MOST_BOXES));
  const parts: Scope[] = [];
  for (let start = 0; start < children.length; start += perPart) {
    const within = children.slice(start, start + perPart);
    const title = `${start + 1}–${start + within.length}`;
    const inner: (Scope | NodeDescription)[] = [];
    const part: Scope = {
      id: `${scope.id}/#${title}`,
      title,
      parent: scope,
      children: inner,
      size: within.reduce((sum, child) => sum + (isScope(child) ? child.size : 1), 0),
    };
    inner.push(...within.map((child) => (isScope(child) ? { ...child, parent: part } : child)));
    if (inner.length > MOST_BOXES) inner.splice(0, inner.length, ...cut(part, [...inner]));
    parts.push(part);
  }
  return parts;
}

/** The scopes that a node's name begins with, without its own name. */
function segmentsOf(node: NodeDescription | undefined): readonly string[] {
  const name = node?.name ?? '';
  return name
    .split('/')
    .filter((segment) => segment !== '')
    .slice(0, -1);
}
