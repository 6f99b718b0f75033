import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { DistilleryError, messageOf, reasonOf, systemCodeOf } from '../errors.ts';
import { readRegularFile } from '../platform/readRegularFile.ts';
import { writeAtomically } from '../platform/writeAtomically.ts';
import { checkModel } from './importing/checkModel.ts';
import { storeDenseWeights } from './importing/denseWeights.ts';
import { inlineExternalData } from './importing/externalData.ts';
import { inlineFunctions } from './importing/inlineFunctions.ts';
import { sortNodes } from './importing/sortNodes.ts';
import { ModelProtoSchema, type ModelProto } from './onnx_pb.ts';

/** Protobuf messages may not be longer, in bytes. */
const largestMessage = 2 ** 31 - 1;

/** An `.onnx` file that was read. */
export interface ModelFile {
  readonly path: string;
  /** Folder of the file. */
  readonly directory: string;
  /** Size of the file and of the files in which it keeps tensors. */
  readonly bytes: number;
  /** SHA-256, in hexadecimal, of the file followed by the tensors that it keeps in other files. */
  readonly sha256: string;
  /** Version of ONNX's own operators that the file was written in; null where it names none. */
  readonly opset: number | null;
  /** The model, with the tensors of other files brought in, and its own functions in the place of the nodes that call them. */
  readonly proto: ModelProto;
  /** True when `proto` is no longer what the file holds. */
  readonly isChanged: boolean;
  /** True when numbers of half precision are float32 in `proto`. */
  readonly isWidened?: boolean;
  /** True when numbers that shapes may follow from lie in other files, where ONNX Runtime does not look for them while it reads the file. */
  readonly hidesShapes?: boolean;
}

/**
 * Reads an `.onnx` file and the files in which it keeps tensors, and checks that it is whole.
 * @throws DistilleryError `FILE_NOT_FOUND`, or `BAD_FILE` when it is not a whole ONNX model
 */
export async function loadModel(path: string): Promise<ModelFile> {
  const content = await readRegularFile(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  const directory = dirname(path);
  const hash = createHash('sha256').update(content);
  try {
    const proto = decodeModel(content);
    const external = await inlineExternalData(proto, directory, (bytes) => hash.update(bytes), path);
    inlineFunctions(proto);
    return {
      path,
      directory,
      bytes: content.length + external.bytes,
      sha256: hash.digest('hex'),
      opset: opsetOf(proto),
      proto,
      isChanged: false,
      hidesShapes: external.hidesShapes,
    };
  } catch (error) {
    if (!(error instanceof DistilleryError)) throw error;
    throw new DistilleryError(error.code, `'${path}' cannot be used: ${lowerFirst(error.message)}`, {
      cause: error,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
  }
}

/**
 * Writes a model. The file appears whole or not at all, and an existing one is replaced in one step.
 * @throws DistilleryError `UNSUPPORTED` when the model is too large for the format
 */
export async function saveModel(path: string, proto: ModelProto): Promise<void> {
  const content = encodeModel(proto);
  if (content.length > largestMessage) {
    throw new DistilleryError('UNSUPPORTED', `'${path}' would exceed 2 GB, the limit of one ONNX file.`);
  }
  await writeAtomically(path, content);
}

/**
 * The model in the bytes of an `.onnx` file. Fields that Distillery does not know are kept.
 * @throws DistilleryError `BAD_FILE` when the bytes are not a whole ONNX model
 */
export function decodeModel(bytes: Uint8Array): ModelProto {
  if (bytes.length === 0) throw new DistilleryError('BAD_FILE', 'The file is empty.');
  const foreign = foreignFormat(bytes);
  if (foreign !== undefined) {
    throw new DistilleryError('BAD_FILE', `It is not an ONNX model but ${foreign}.`, {
      hint: 'Choose a model in ONNX format (.onnx).',
    });
  }
  let model: ModelProto;
  try {
    model = fromBinary(ModelProtoSchema, bytes);
  } catch (cause) {
    throw new DistilleryError('BAD_FILE', `It is not an ONNX model, or is cut off (${reasonOf(cause)}).`, {
      cause,
      hint: 'Choose a model in ONNX format (.onnx), or export or download it again.',
    });
  }
  storeDenseWeights(model);
  if (model.graph) sortNodes(model.graph);
  checkModel(model);
  return model;
}

/** The bytes of an `.onnx` file. */
export function encodeModel(proto: ModelProto): Uint8Array {
  return toBinary(ModelProtoSchema, proto);
}

/** What a file that is easily taken for a model is, told by its first bytes. */
export function foreignFormat(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 512)).toString('latin1');
  if (head.startsWith('\xff\xd8\xff') || head.startsWith('\x89PNG')) return 'a picture';
  if (head.startsWith('PK\x03\x04')) return 'a ZIP archive (as PyTorch and Keras write them)';
  if (head.startsWith('\x89HDF')) return 'an HDF5 file (as Keras writes them)';
  if (head.startsWith('\x1f\x8b')) return 'a gzip archive';
  if (head.slice(4, 8) === 'ORTM') return "a model in ONNX Runtime's own format (.ort)";
  if (head.startsWith('version https://git-lfs')) return 'a Git LFS pointer to one';
  if (/^[\t\n\r\x20-\x7e]+$/.test(head)) return 'a text file';
  return undefined;
}

function unreadable(path: string, cause: unknown): DistilleryError {
  const code = systemCodeOf(cause);
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new DistilleryError('FILE_NOT_FOUND', `There is no file '${path}'.`, { cause });
    case 'EISDIR':
      return new DistilleryError('BAD_FILE', `'${path}' is a folder, not an ONNX model.`, { cause });
    default:
      return new DistilleryError('BAD_FILE', `'${path}' cannot be read: ${messageOf(cause)}.`, { cause });
  }
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

/** The version of ONNX's own operators that a model names. */
function opsetOf({ opsetImport }: ModelProto): number | null {
  const own = opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx');
  return own ? Number(own.version) : null;
}
