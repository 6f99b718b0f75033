import { BadInputError, DistilleryError } from '../../errors.ts';
import type { Graph } from '../../onnx/graph.ts';
import { floatData, floatTensor, type FloatTensor } from '../../onnx/tensor.ts';
import { findEncoder, type DenseRole, type Embeddings, type Encoder, type EncoderLayer } from './encoder.ts';
import type { Dense, Normalization } from './graphPaths.ts';

/** What became of the weights of a student that starts from its teacher. */
export interface TeacherInitialization {
  /** By the student's weight: the teacher's weight that it was taken from. */
  readonly taken: ReadonlyMap<string, string>;
  /** By the student's weight: why it keeps its fresh value. */
  readonly fresh: ReadonlyMap<string, string>;
}

/** Layers of a teacher, evenly spaced from its first to its last: 0, 2, 4, 7, 9, 11 for six of twelve, as in DistilBERT. */
export function spacedLayers(teacherLayers: number, studentLayers: number): number[] {
  const gap = studentLayers > 1 ? (teacherLayers - 1) / (studentLayers - 1) : 0;
  return Array.from({ length: studentLayers }, (_, index) => Math.round(index * gap));
}

/**
 * Gives a transformer the embeddings and some encoder layers of its teacher (DistilBERT, arXiv 1910.01108). Layers are
 * matched by what they compute, so that it does not matter how an exporter has named or transposed them. Where the teacher
 * has token types, those of type 0 are added to its positions, since the student has none. Only weights whose shapes fit
 * are taken; the student may know fewer positions.
 *
 * @param student its initializers are replaced
 * @param layers the teacher's layer, counted from 0, for each of the student's; default `spacedLayers`
 * @throws BadInputError at `layers` when there are no such layers
 * @throws DistilleryError `BAD_INPUT` when the teacher has no encoder layers that are normalised as BERT's
 */
export function initializeFromTeacher(
  student: Graph,
  teacher: Graph,
  layers?: readonly number[],
): TeacherInitialization {
  const target = findEncoder(student);
  const source = findEncoder(teacher);
  if (source.layers.length === 0) {
    throw new DistilleryError('BAD_INPUT', 'No transformer layers as those of BERT were found in the teacher.', {
      hint: 'Let the student start from fresh weights.',
    });
  }
  const chosen = layers ?? spacedLayers(source.layers.length, target.layers.length);
  checkLayers(chosen, source, target);
  const transfer = new Transfer(student, teacher);
  takeEmbeddings(transfer, target.embeddings, source.embeddings);
  target.layers.forEach((layer, index) => {
    const from = source.layers[chosen[index] ?? 0];
    if (from) takeLayer(transfer, layer, from);
  });
  return transfer;
}

function checkLayers(chosen: readonly number[], source: Encoder, target: Encoder): void {
  const count = source.layers.length;
  const missing = chosen.find((layer) => layer >= count);
  if (missing === undefined && chosen.length === target.layers.length) return;
  const message =
    missing === undefined
      ? `${chosen.length} teacher layers are chosen for a student of ${target.layers.length}.`
      : `The teacher has no layer ${missing}; its layers are 0 to ${count - 1}.`;
  throw new BadInputError([
    { where: 'layers', message, hint: 'Name one teacher layer for each layer of the student.' },
  ]);
}

function takeEmbeddings(transfer: Transfer, target: Embeddings, source: Embeddings): void {
  if (target.words) transfer.take(target.words, source.words);
  if (target.positions) transfer.takePositions(target.positions, source.positions, source.tokenTypes);
  if (target.normalization) takeNormalization(transfer, target.normalization, source.normalization);
}

const attentionRoles: readonly DenseRole[] = ['query', 'key', 'value', 'output'];
const denseRoles: readonly DenseRole[] = ['intermediate', 'narrow'];

function takeLayer(transfer: Transfer, target: EncoderLayer, source: EncoderLayer): void {
  const differ = target.heads !== undefined && source.heads !== undefined && target.heads !== source.heads;
  for (const role of attentionRoles) {
    const dense = target.dense[role];
    if (differ) transfer.keepDense(dense, `the teacher has ${source.heads} heads and the student ${target.heads}`);
    else transfer.takeDense(dense, source.dense[role]);
  }
  for (const role of denseRoles) transfer.takeDense(target.dense[role], source.dense[role]);
  target.normalizations.forEach((normalization, index) => {
    takeNormalization(transfer, normalization, source.normalizations[index]);
  });
}

function takeNormalization(transfer: Transfer, target: Normalization, source: Normalization | undefined): void {
  transfer.take(target.scale, source?.scale);
  transfer.take(target.bias, source?.bias);
}

/** Copies weights and notes what became of them. */
class Transfer implements TeacherInitialization {
  readonly taken = new Map<string, string>();
  readonly fresh = new Map<string, string>();
  readonly #student: Graph;
  readonly #teacher: Graph;

  constructor(student: Graph, teacher: Graph) {
    this.#student = student;
    this.#teacher = teacher;
  }

  /** Takes a weight as it is. */
  take(name: string, from: string | undefined): void {
    this.#takeTensor(name, from, (tensor) => tensor);
  }

  /** Takes the matrix, transposed where the two store it differently, and the bias. */
  takeDense(target: Dense, source: Dense): void {
    const turned = target.outputsFirst !== source.outputsFirst;
    this.#takeTensor(target.weight, source.weight, (tensor) => (turned ? transposed(tensor) : tensor));
    if (target.bias !== undefined) this.take(target.bias, source.bias);
  }

  keepDense({ weight, bias }: Dense, reason: string): void {
    for (const name of [weight, bias]) if (name !== undefined) this.fresh.set(name, reason);
  }

  /** Takes the first positions, to which the first token type is added. */
  takePositions(name: string, from: string | undefined, tokenTypes: string | undefined): void {
    const wanted = this.#shapeOf(name);
    this.#takeTensor(name, from, (tensor) => {
      const [rows = 0, size = 0] = tensor.shape;
      if (rows < (wanted[0] ?? 0) || size !== wanted[1]) return tensor;
      const data = floatData(tensor).slice(0, (wanted[0] ?? 0) * size);
      const types = tokenTypes === undefined ? undefined : this.#teacher.initializers.get(tokenTypes);
      if (types) {
        const first = floatData(types);
        for (let index = 0; index < data.length; index++) data[index] = (data[index] ?? 0) + (first[index % size] ?? 0);
      }
      return floatTensor(data, wanted);
    });
  }

  #takeTensor(name: string, from: string | undefined, prepare: (tensor: FloatTensor) => FloatTensor): void {
    const tensor = from === undefined ? undefined : this.#teacher.initializers.get(from);
    if (from === undefined || !tensor) {
      this.fresh.set(name, 'the teacher has none');
      return;
    }
    if (tensor.type !== 'float32') {
      this.fresh.set(name, `the teacher's is stored as ${tensor.type}`);
      return;
    }
    const prepared = prepare(floatTensor(floatData(tensor), tensor.shape));
    const wanted = this.#shapeOf(name);
    if (prepared.shape.join() !== wanted.join()) {
      this.fresh.set(name, `the teacher's has the shape [${prepared.shape.join(', ')}], not [${wanted.join(', ')}]`);
      return;
    }
    this.#student.initializers.set(name, floatTensor(floatData(prepared).slice(), prepared.shape));
    this.taken.set(name, from);
  }

  #shapeOf(name: string): readonly number[] {
    return this.#student.initializers.get(name)?.shape ?? [];
  }
}

function transposed({ shape, data }: FloatTensor): FloatTensor {
  const [rows = 0, columns = 0] = shape;
  const turned = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      turned[column * rows + row] = data[row * columns + column] ?? 0;
    }
  }
  return floatTensor(turned, [columns, rows]);
}
