/** An input, output or other value of a model. */
export interface ValueDescription {
  readonly name: string;
  /** Element type, such as `float32`, or what the value is where it is no tensor. */
  readonly type: string;
  /** Dimensions as text; undefined where the file does not say and they cannot be inferred. */
  readonly shape: readonly (number | string)[] | null;
}

/** Whether a student can learn through a node. */
export type GradientSupport =
  | { readonly kind: 'supported' }
  /** It computes no numbers that a loss could depend on smoothly: shapes, indices, constants. */
  | { readonly kind: 'not-needed' }
  | { readonly kind: 'unsupported'; readonly reason: string };

export interface NodeDescription {
  /** Place in the file. */
  readonly index: number;
  readonly name: string;
  /** With its domain, unless it is a standard operator. */
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly ValueDescription[];
  readonly attributes: readonly { readonly name: string; readonly value: string }[];
  /** Elements of the weights that it is the first to read. */
  readonly parameters: number;
  /** Multiply-accumulate operations for one sample; null where they are not known. */
  readonly macs: number | null;
  readonly gradient: GradientSupport;
}

/** A tensor that the model stores. */
export interface TensorDescription {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly number[];
  /** Size in the file; null where the element type has none that is known. */
  readonly bytes: number | null;
  /** The file beside the model that holds it; null where the model itself does. */
  readonly file: string | null;
}

export interface FunctionDescription {
  readonly name: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly operators: readonly string[];
}

/** What an `.onnx` file holds, without the contents of its tensors. */
export interface ModelDescription {
  readonly path: string;
  /** Size of the file alone. */
  readonly bytes: number;
  readonly externalFiles: readonly { readonly name: string; readonly bytes: number | null }[];
  readonly irVersion: number;
  readonly producer: string;
  readonly opsets: readonly { readonly domain: string; readonly version: number }[];
  readonly documentation: string;
  readonly inputs: readonly ValueDescription[];
  readonly outputs: readonly ValueDescription[];
  readonly metadata: readonly { readonly key: string; readonly value: string }[];
  readonly functions: readonly FunctionDescription[];
  readonly nodes: readonly NodeDescription[];
  readonly tensors: readonly TensorDescription[];
  readonly parameters: number;
  /** For one sample; null where a size is left open or a node cannot be read. */
  readonly macs: number | null;
  /** What cannot be understood of the model, as one sentence. */
  readonly problem: string | null;
  /** What its exporter left out, which matters where it is trained further, as sentences. */
  readonly exporterNotes: readonly string[];
}

/** The contents of a tensor, summed up. */
export interface TensorContents {
  readonly name: string;
  readonly count: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
  readonly deviation: number;
  readonly zeros: number;
  /** Elements that are no finite numbers; they count in nothing else. */
  readonly notFinite: number;
  /** Counts over equal parts of minimum…maximum. */
  readonly histogram: readonly number[];
  /** The first elements, in the order of the file. */
  readonly values: readonly number[];
}

/** A box of the drawing: a node, a scope of nodes that can be opened, or what comes from or goes to elsewhere. */
export interface GraphBox {
  readonly id: string;
  readonly kind: 'node' | 'scope' | 'input' | 'output';
  readonly title: string;
  readonly subtitle: string;
  /** Of a node: its place in the file. */
  readonly node?: number;
  /** Of a scope: what to ask for to see inside. */
  readonly scope?: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface GraphEdge {
  readonly points: readonly (readonly [number, number])[];
}

/** One scope of the graph, laid out. */
export interface GraphDrawing {
  /** Empty for the whole model. */
  readonly scope: string;
  /** Scopes from the whole model down to this one. */
  readonly path: readonly { readonly scope: string; readonly title: string }[];
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly GraphBox[];
  readonly edges: readonly GraphEdge[];
}

/** How one thing differs between two models. */
export type Change<Item> =
  | { readonly kind: 'added'; readonly after: Item }
  | { readonly kind: 'removed'; readonly before: Item }
  | { readonly kind: 'changed'; readonly before: Item; readonly after: Item; readonly what: readonly string[] };

export interface TensorChange {
  readonly name: string;
  readonly kind: 'added' | 'removed' | 'reshaped' | 'changed';
  readonly before: string | null;
  readonly after: string | null;
  /** Euclidean norm of the difference; null where the two cannot be subtracted. */
  readonly norm: number | null;
  /** That norm over the norm of the tensor before; null where that is zero or there is none. */
  readonly relativeNorm: number | null;
  /** Largest absolute difference of an element. */
  readonly largest: number | null;
}

/** What differs between two models. */
export interface ModelComparison {
  readonly before: {
    readonly path: string;
    readonly bytes: number;
    readonly nodes: number;
    readonly parameters: number;
  };
  readonly after: {
    readonly path: string;
    readonly bytes: number;
    readonly nodes: number;
    readonly parameters: number;
  };
  /** Inputs, outputs, operator sets, metadata: a line each. */
  readonly facts: readonly { readonly name: string; readonly before: string | null; readonly after: string | null }[];
  readonly nodes: readonly Change<NodeDescription>[];
  readonly tensors: readonly TensorChange[];
  readonly sameTensors: number;
}

/** What the program that reads models is asked. */
export type ModelQuestion =
  | { readonly kind: 'describe'; readonly path: string }
  | { readonly kind: 'draw'; readonly path: string; readonly scope: string }
  | { readonly kind: 'tensor'; readonly path: string; readonly name: string }
  | { readonly kind: 'compare'; readonly before: string; readonly after: string };

export type ModelAnswer =
  | { readonly kind: 'description'; readonly description: ModelDescription }
  | { readonly kind: 'drawing'; readonly drawing: GraphDrawing }
  | { readonly kind: 'tensor'; readonly contents: TensorContents }
  | { readonly kind: 'comparison'; readonly comparison: ModelComparison }
  | { readonly kind: 'refused'; readonly about: ModelQuestion; readonly message: string; readonly hint?: string };

/** From the host to the page of a model or of a comparison. */
export type ModelHostMessage =
  | { readonly kind: 'init'; readonly translations: Readonly<Record<string, string>>; readonly canDistill: boolean }
  | { readonly kind: 'answer'; readonly answer: ModelAnswer };

/** From the page of a model to the host. */
export type ModelPageMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'draw'; readonly scope: string }
  | { readonly kind: 'tensor'; readonly name: string }
  | { readonly kind: 'distill' }
  | { readonly kind: 'compare' };
