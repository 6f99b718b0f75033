import ELK, { type ElkNode } from 'elkjs/lib/elk.bundled.js';
import { DistilleryError } from '../errors.ts';
import type { GraphBox, GraphDrawing, ModelDescription } from '../protocol/modelView.ts';
import { indexScopes, isScope, scopesOf, type Scope } from './scopes.ts';

const CHARACTER_WIDTH = 7.4;
const LEAST_WIDTH = 90;
const MOST_WIDTH = 240;
const HEIGHT = 44;
/** Values from outside that get a box each; more share one. */
const SEPARATE_VALUES = 12;

type UnplacedBox = Omit<GraphBox, 'x' | 'y' | 'width' | 'height'>;

/**
 * Draws one scope of a model: its nodes, the scopes in it as boxes, and where values come from and go to.
 * @throws DistilleryError `BAD_INPUT` when there is no such scope
 */
export async function drawScope(model: ModelDescription, scopeId: string): Promise<GraphDrawing> {
  const scope = indexScopes(scopesOf(model.nodes)).get(scopeId);
  if (!scope) throw new DistilleryError('BAD_INPUT', `The model has no scope '${scopeId}'.`);
  const { boxes, edges } = connect(model, scope);
  const laidOut = await new ELK().layout<ElkNode>({
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'DOWN',
      'elk.spacing.nodeNode': '28',
      'elk.layered.spacing.nodeNodeBetweenLayers': '34',
      'elk.edgeRouting': 'POLYLINE',
    },
    children: boxes.map((box) => ({ id: box.id, width: widthOf(box), height: HEIGHT })),
    edges: edges.map(([from, to], index) => ({ id: `edge ${index}`, sources: [from], targets: [to] })),
  });
  const places = new Map(laidOut.children?.map((child) => [child.id, child]));
  return {
    scope: scope.id,
    path: pathTo(scope),
    width: laidOut.width ?? 0,
    height: laidOut.height ?? 0,
    boxes: boxes.map((box) => {
      const { x = 0, y = 0, width = 0, height = 0 } = places.get(box.id) ?? {};
      return { ...box, x, y, width, height };
    }),
    edges: (laidOut.edges ?? []).flatMap(({ sections = [] }) =>
      sections.map(({ startPoint, bendPoints = [], endPoint }) => ({
        points: [startPoint, ...bendPoints, endPoint].map(({ x, y }) => [x, y] as const),
      })),
    ),
  };
}

function connect(
  model: ModelDescription,
  scope: Scope,
): { boxes: UnplacedBox[]; edges: (readonly [string, string])[] } {
  const boxes = new Map<string, UnplacedBox>();
  /** Box of every node that is in the scope. */
  const boxOf = new Map<number, string>();
  for (const child of scope.children) {
    const box = boxOfChild(child);
    boxes.set(box.id, box);
    const claim = (inner: typeof child): void => {
      if (isScope(inner)) inner.children.forEach(claim);
      else boxOf.set(inner.index, box.id);
    };
    claim(child);
  }
  const producers = new Map(model.nodes.flatMap((node) => node.outputs.map(({ name }) => [name, node] as const)));
  const stored = new Set([
    ...model.tensors.map(({ name }) => name),
    ...model.nodes
      .filter(({ operator }) => operator === 'Constant')
      .flatMap(({ outputs }) => outputs.map(({ name }) => name)),
  ]);
  const edges = new Set<string>();
  const entering = new Map<string, Set<string>>();
  const leaving = new Map<string, Set<string>>();
  const results = new Set(model.outputs.map(({ name }) => name));
  const note = (map: Map<string, Set<string>>, value: string, box: string): void => {
    map.set(value, (map.get(value) ?? new Set()).add(box));
  };
  for (const node of model.nodes) {
    const reader = boxOf.get(node.index);
    for (const input of node.inputs) {
      if (input === '' || stored.has(input)) continue;
      const producer = producers.get(input);
      const source = producer && boxOf.get(producer.index);
      if (reader !== undefined && source !== undefined) {
        if (reader !== source) edges.add(JSON.stringify([source, reader]));
      } else if (reader !== undefined) note(entering, input, reader);
      else if (source !== undefined) note(leaving, input, source);
    }
    if (reader === undefined) continue;
    for (const { name } of node.outputs) if (results.has(name)) note(leaving, name, reader);
  }
  for (const [kind, values] of [
    ['input', entering],
    ['output', leaving],
  ] as const) {
    for (const [id, title, ends] of outerBoxes(kind, values)) {
      boxes.set(id, { id, kind, title, subtitle: subtitleOf(model, title) });
      for (const end of ends) edges.add(JSON.stringify(kind === 'input' ? [id, end] : [end, id]));
    }
  }
  return { boxes: [...boxes.values()], edges: [...edges].map((edge) => JSON.parse(edge) as [string, string]) };
}

function boxOfChild(child: Scope | ModelDescription['nodes'][number]): UnplacedBox {
  if (isScope(child)) {
    return {
      id: `scope ${child.id}`,
      kind: 'scope',
      title: child.title,
      subtitle: String(child.size),
      scope: child.id,
    };
  }
  const [output] = child.outputs;
  const subtitle = output?.shape ? `[${output.shape.join(', ')}]` : (output?.name ?? '');
  return { id: `node ${child.index}`, kind: 'node', title: child.operator, subtitle, node: child.index };
}

function outerBoxes(
  kind: 'input' | 'output',
  values: ReadonlyMap<string, ReadonlySet<string>>,
): (readonly [id: string, title: string, ends: ReadonlySet<string>])[] {
  if (values.size <= SEPARATE_VALUES) return [...values].map(([name, ends]) => [`${kind} ${name}`, name, ends]);
  return [[kind, `… (${values.size})`, new Set([...values.values()].flatMap((ends) => [...ends]))]];
}

function subtitleOf(model: ModelDescription, name: string): string {
  const value = [...model.inputs, ...model.outputs].find((candidate) => candidate.name === name);
  return value?.shape ? `${value.type}[${value.shape.join(', ')}]` : '';
}

function pathTo(scope: Scope): GraphDrawing['path'] {
  const own = { scope: scope.id, title: scope.title };
  return scope.parent ? [...pathTo(scope.parent), own] : [own];
}

function widthOf({ title, subtitle }: UnplacedBox): number {
  const characters = Math.max(title.length, subtitle.length);
  return Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, characters * CHARACTER_WIDTH + 20));
}
