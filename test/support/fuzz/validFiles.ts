import { tableFromArrays, tableToIPC } from '@uwdata/flechette';
import { zipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { gzipSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { randomStream } from '../../../src/data/random.ts';
import { exportModel } from '../../../src/onnx/exporting/exportModel.ts';
import { encodeModel } from '../../../src/onnx/file.ts';
import { int } from '../../../src/onnx/graph.ts';
import { floatTensor, intTensor } from '../../../src/onnx/tensor.ts';
import { encodeProgress, firstProgress } from '../../../src/runFolder/checkpointFolder.ts';
import { seal } from '../../../src/runFolder/sealedFile.ts';
import { buildStudent } from '../../../src/students/buildStudent.ts';
import { classifierForm } from '../../../src/students/networkForm.ts';
import { encodeTensors } from '../../../src/training/checkpoints/safetensors.ts';
import { lz4Feather, polarsFile, zstdFeather } from '../arrowFiles.ts';
import { bmpFile, idxFile } from '../datasets.ts';
import { hdf5File } from '../hdf5Files.ts';
import { tone, waveFile } from '../recordings.ts';
import { sampleEvents } from '../sampleEvents.ts';
import { sampleReport } from '../sampleReport.ts';
import { storedGraph, storedModel } from '../storedModel.ts';
import { classTable, scoreTeacher } from '../tableTeacher.ts';
import { wordPieceFile } from '../tokenizerFile.ts';
import { odsFile, xlsxFile } from '../workbooks.ts';

/** How a file is opened, as a run or a view of the program does it. */
export type Opening =
  | { readonly kind: 'dataset'; readonly path: string; readonly tokenizer?: string }
  | { readonly kind: 'teacher'; readonly dataset: string }
  | { readonly kind: 'model' | 'experiment' | 'tensors' | 'run' };

/** Small valid files of one format, and which of them is to be disfigured. */
export interface ValidFiles {
  readonly format: string;
  /** Contents by name. */
  readonly files: Readonly<Record<string, Uint8Array | string>>;
  readonly disfigured: string;
  readonly opening: Opening;
}

const ROWS = Array.from({ length: 30 }, (_, row) => row);
const table = classTable(30);

/** Small valid files of every format that is read. */
export async function validFiles(): Promise<readonly ValidFiles[]> {
  return [...tables(), ...arrays(), ...(await images()), ...texts(), ...models(), ...others()];
}

function alone(format: string, name: string, content: Uint8Array | string): ValidFiles {
  return { format, files: { [name]: content }, disfigured: name, opening: { kind: 'dataset', path: name } };
}

/** A file of a folder that is the dataset. */
function within(format: string, name: string, files: ValidFiles['files']): ValidFiles {
  return { format, files, disfigured: name, opening: { kind: 'dataset', path: '.' } };
}

function tables(): ValidFiles[] {
  const columns = {
    x: ROWS.map((row) => Math.sin(row)),
    colour: ROWS.map((row) => (row % 3 === 0 ? 'green' : 'red')),
    label: ROWS.map((row) => row % 2),
  };
  const lines = ROWS.map((row) => ({ x: columns.x[row], colour: columns.colour[row], label: columns.label[row] }));
  const cellsOf = ({ x = 0, colour = '', label = 0 }: (typeof lines)[number]) => [x, colour, label];
  const parquet = (codec: 'UNCOMPRESSED' | 'SNAPPY'): Uint8Array =>
    new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'x', data: columns.x, type: 'DOUBLE' },
          { name: 'colour', data: columns.colour, type: 'STRING' },
          { name: 'label', data: columns.label.map(BigInt), type: 'INT64' },
        ],
        codec,
      }),
    );
  const arrow = (format: 'file' | 'stream'): Uint8Array =>
    tableToIPC(tableFromArrays(columns), { format }) ?? new Uint8Array(0);
  const series = ROWS.map((row) => (row % 2 === 0 ? `${row},2,3,4:9,9,9,9:up` : `4,3,2,${row}:0,0,0,0:down`));
  return [
    alone('CSV', 'table.csv', table),
    alone('CSV of Europe', 'table.csv', table.replaceAll(',', ';').replaceAll('.', ',')),
    alone('TSV', 'table.tsv', table.replaceAll(',', '\t')),
    alone('CSV in UTF-16', 'table.csv', Buffer.from(`\ufeff${table}`, 'utf16le')),
    alone('JSONL', 'table.jsonl', `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`),
    alone('JSON', 'table.json', JSON.stringify(lines)),
    alone('gzip', 'table.csv.gz', gzipSync(table)),
    alone('zip', 'table.zip', zipSync({ 'data/table.csv': new TextEncoder().encode(table) })),
    alone('Excel', 'table.xlsx', xlsxFile({ Data: [['x', 'colour', 'label'], ...lines.map(cellsOf)] })),
    alone('OpenDocument', 'table.ods', odsFile({ Data: [['x', 'colour', 'label'], ...lines.map(cellsOf)] })),
    alone('LIBSVM', 'table.svm', lines.map(({ x = 0, label = 0 }) => `${label} 1:${x} 3:${label}`).join('\n')),
    alone(
      'ARFF',
      'table.arff',
      `@relation made\n@attribute x numeric\n@attribute colour {green,red}\n@attribute label {0,1}\n@data\n${lines.map((line) => cellsOf(line).join(',')).join('\n')}\n`,
    ),
    alone('Parquet', 'table.parquet', parquet('UNCOMPRESSED')),
    alone('Parquet, packed', 'table.parquet', parquet('SNAPPY')),
    alone('Arrow', 'table.arrow', arrow('file')),
    alone('Arrow stream', 'table.arrow', arrow('stream')),
    alone('Arrow of polars', 'table.arrow', polarsFile),
    alone('Feather, LZ4', 'table.feather', lz4Feather),
    alone('Feather, Zstandard', 'table.feather', zstdFeather),
    alone(
      'time series',
      'Made_TRAIN.ts',
      `#made\n@problemName Made\n@timeStamps false\n@classLabel true up down\n@data\n${series.join('\n')}\n`,
    ),
  ];
}

function npy(descr: string, shape: readonly number[], content: ArrayBufferView): Uint8Array {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const header = `${text.padEnd(117)}\n`;
  const start = Buffer.alloc(10);
  start.write('\x93NUMPY\x01\x00', 'latin1');
  start.writeUInt16LE(header.length, 8);
  return Buffer.concat([
    start,
    Buffer.from(header),
    Buffer.from(content.buffer, content.byteOffset, content.byteLength),
  ]);
}

function arrays(): ValidFiles[] {
  const random = randomStream(0, 'arrays');
  const pixels = Uint8Array.from({ length: 30 * 25 }, () => random.integer(256));
  const x = npy('|u1', [30, 5, 5], pixels);
  const y = npy(
    '<i8',
    [30],
    BigInt64Array.from(ROWS, (row) => BigInt(row % 3)),
  );
  const small = Object.fromEntries([
    ['train-images-idx3-ubyte', idxFile([30, 5, 5], pixels)],
    [
      'train-labels-idx1-ubyte',
      idxFile(
        [30],
        ROWS.map((row) => row % 3),
      ),
    ],
    ['t10k-images-idx3-ubyte', idxFile([30, 5, 5], pixels)],
    [
      't10k-labels-idx1-ubyte',
      idxFile(
        [30],
        ROWS.map((row) => row % 3),
      ),
    ],
  ]);
  const packed = Object.fromEntries(Object.entries(small).map(([name, bytes]) => [`${name}.gz`, gzipSync(bytes)]));
  return [
    alone('HDF5 in chunks', 'chunks.h5', hdf5File('chunks.h5')),
    alone('HDF5', 'splits.hdf5', hdf5File('splits.hdf5')),
    alone('MATLAB 7.3', 'matlab73.mat', hdf5File('matlab73.mat')),
    within('NPY', 'x_train.npy', { 'x_train.npy': x, 'y_train.npy': y }),
    within('NPY labels', 'y_train.npy', { 'x_train.npy': x, 'y_train.npy': y }),
    alone('NPZ', 'arrays.npz', zipSync({ 'x.npy': x, 'y.npy': y })),
    alone('NPZ, stored', 'arrays.npz', zipSync({ 'x.npy': x, 'y.npy': y }, { level: 0 })),
    within('IDX', 'train-images-idx3-ubyte', small),
    within('IDX, gzip', 'train-images-idx3-ubyte.gz', packed),
  ];
}

async function images(): Promise<ValidFiles[]> {
  const picture = (seed: number): Sharp =>
    sharp(
      Uint8Array.from({ length: 8 * 8 * 3 }, (_, index) => (index * 7 * seed) % 256),
      { raw: { width: 8, height: 8, channels: 3 } },
    );
  const bmp = bmpFile({ width: 8, height: 8, bits: 24, rows: Array.from({ length: 192 }, (_, index) => index) });
  const packed = {
    'one.png': await picture(1).png().toBuffer(),
    'two.jpg': await picture(2).jpeg().toBuffer(),
    'three.webp': await picture(3).webp().toBuffer(),
    'four.gif': await picture(4).gif().toBuffer(),
    'five.tiff': await picture(5).tiff({ compression: 'lzw' }).toBuffer(),
    'six.bmp': bmp,
    'seven.ppm': Buffer.concat([Buffer.from('P6 8 8 255\n'), bmp.subarray(-192)]),
    'eight.pgm': Buffer.from(`P2 8 8 255\n${[...bmp.subarray(-64)].join(' ')}\n`),
  };
  const files = Object.fromEntries(
    Object.entries(packed).flatMap(([name, bytes]) => [
      [`a/${name}`, bytes],
      [`b/1${name}`, bytes],
      [`b/2${name}`, bytes],
    ]),
  );
  const wave = (hertz: number): Uint8Array => waveFile(tone(hertz, 0.2));
  const recordings = Object.fromEntries(
    [1, 2, 3, 4].flatMap((index) => [
      [`low/${index}.wav`, wave(200 + index)],
      [`high/${index}.wav`, wave(2000 + index)],
    ]),
  );
  return [
    ...Object.keys(packed).map((name) => within(`image ${name.slice(-4)}`, `a/${name}`, files)),
    within('WAV', 'low/1.wav', recordings),
  ];
}

function texts(): ValidFiles[] {
  const rows = ROWS.map((row) => `what a ${row % 2 === 0 ? 'fine' : 'dull'} film number ${row},${row % 2}`);
  const films = `text,label\n${rows.join('\n')}\n`;
  const tokenizer = wordPieceFile(['film', 'fine', 'dull', '##s', 'what', 'a']);
  const withTokenizer = (name: string, opening: Partial<Opening> = {}): ValidFiles => ({
    format: name === 'tokenizer.json' ? 'tokenizer' : 'texts with a tokenizer',
    files: { 'films.csv': films, 'tokenizer.json': tokenizer },
    disfigured: name,
    opening: { kind: 'dataset', path: 'films.csv', tokenizer: 'tokenizer.json', ...opening } as Opening,
  });
  const words = ROWS.map(() => 'Ada\tB-PER\nlives\tO\nin\tO\nParis\tB-LOC\n').join('\n');
  const folder = Object.fromEntries(ROWS.map((row) => [`${row % 2 === 0 ? 'good' : 'bad'}/${row}.txt`, `film ${row}`]));
  return [
    alone('texts', 'films.csv', films),
    withTokenizer('tokenizer.json'),
    withTokenizer('films.csv'),
    alone('CoNLL', 'words.conll', words),
    within('text folders', 'good/0.txt', folder),
  ];
}

function models(): ValidFiles[] {
  const scores = encodeModel(scoreTeacher());
  const softmax = encodeModel(scoreTeacher((graph, value) => graph.op('Softmax', [value], { axis: int(1) })));
  const random = randomStream(0, 'fuzz');
  const convnet = encodeModel(
    exportModel(
      buildStudent(
        { architecture: 'convnet', channels: [4], batchNormalization: true, hidden: [8] },
        classifierForm([1, 5, 5], 3),
        random,
      ),
      {
        name: 'convnet',
      },
    ),
  );
  const looping = encodeModel(
    storedModel(21, {
      inputs: { input: ['batch', 2] },
      initializers: {
        weight: floatTensor([1, 0, 0, 0, 1, 0], [2, 3]),
        yes: { type: 'bool', shape: [], data: Uint8Array.of(1) },
        rounds: intTensor(3),
        one: floatTensor([1]),
      },
      nodes: [
        ['MatMul', 'input weight', 'begin'],
        [
          'Loop',
          'rounds yes begin',
          'said',
          {
            body: storedGraph({
              inputs: { round: [], before: [], value: ['n', 3] },
              inputTypes: { round: 'int64', before: 'bool' },
              nodes: [
                ['Identity', 'before', 'again'],
                ['Add', 'value one', 'next'],
              ],
              outputs: ['again', 'next'],
              outputTypes: { again: 'bool' },
            }),
          },
        ],
      ],
      outputs: ['said'],
    }),
  );
  const images = arrays().find(({ format }) => format === 'NPY');
  const teacher = (format: string, bytes: Uint8Array, dataset: string, data: ValidFiles['files']): ValidFiles => ({
    format,
    files: { ...data, 'teacher.onnx': bytes },
    disfigured: 'teacher.onnx',
    opening: { kind: 'teacher', dataset },
  });
  const data = { 'table.csv': table };
  return [
    teacher('ONNX', scores, 'table.csv', data),
    teacher('ONNX, softmax', softmax, 'table.csv', data),
    teacher('ONNX, convolutions', convnet, '.', images?.files ?? {}),
    teacher('ONNX, loop', looping, 'table.csv', data),
    {
      format: 'ONNX, viewed',
      files: { 'teacher.onnx': convnet },
      disfigured: 'teacher.onnx',
      opening: { kind: 'model' },
    },
  ];
}

function others(): ValidFiles[] {
  const experiment = {
    teacher: null,
    dataset: { path: 'table.csv', validation: 0.2 },
    student: { architecture: 'mlp', hidden: [4], dropout: 0.1 },
    training: { epochs: 2, batchSize: 8, learningRate: 0.01, optimizer: 'adam' },
    objective: [{ loss: 'labels', weight: 1 }],
    repeats: 2,
    device: 'cpu',
  };
  const tensors = encodeTensors({
    tensors: new Map([
      ['weight', floatTensor([1, 2, 3, 4], [2, 2])],
      ['bias', floatTensor([1, 2])],
    ]),
    metadata: { version: '3', note: 'made for a test' },
  });
  const events = `${sampleEvents.map((event) => JSON.stringify(event)).join('\n')}\n`;
  const run = {
    'report.json': JSON.stringify(sampleReport),
    'experiment.json': JSON.stringify(experiment),
    'metrics.jsonl': events,
    'status.json': JSON.stringify({ id: 'a', name: 'a', state: 'finished', startedAt: '', progress: 1 }),
    'lease.json': JSON.stringify({ processId: 1, started: null, host: 'elsewhere', token: 'a', since: '' }),
    'checkpoint/progress.json': seal(encodeProgress(firstProgress('/'))),
  };
  return [
    {
      format: 'experiment',
      files: { 'table.csv': table, 'my.distill.json': JSON.stringify(experiment, null, 2) },
      disfigured: 'my.distill.json',
      opening: { kind: 'experiment' },
    },
    {
      format: 'safetensors',
      files: { 'a.safetensors': tensors },
      disfigured: 'a.safetensors',
      opening: { kind: 'tensors' },
    },
    ...Object.keys(run).map((name): ValidFiles => ({
      format: `run's ${name}`,
      files: run,
      disfigured: name,
      opening: { kind: 'run' },
    })),
  ];
}
