import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32c } from '../../../../src/platform/framedRecord.ts';
import { hyperparametersOf } from '../../../../src/interchange/hyperparameters.ts';
import { TensorboardLog } from '../../../../src/interchange/tensorboard/tensorboardLog.ts';
import { removeFolder, temporaryFolder } from '../../../support/datasets.ts';
import { sampleReport } from '../../../support/sampleReport.ts';

type Field = readonly [number, bigint | Buffer];

/** The fields of a protobuf message, read by the wire format alone. */
function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  let position = 0;
  const varint = (): bigint => {
    let [value, shift] = [0n, 0n];
    for (;;) {
      const byte = message[position++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
      shift += 7n;
    }
  };
  const take = (length: number): Buffer => message.subarray(position, (position += length));
  while (position < message.length) {
    const key = Number(varint());
    const kind = key & 7;
    fields.push([key >> 3, kind === 0 ? varint() : take(kind === 1 ? 8 : kind === 5 ? 4 : Number(varint()))]);
  }
  return fields;
}

/** CRC-32C bit by bit. */
function slowChecksum(data: Buffer): number {
  let remainder = 0xffffffff;
  for (const byte of data) {
    remainder ^= byte;
    for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0x82f63b78 : 0);
  }
  return ~remainder >>> 0;
}

function unmasked(stored: number): number {
  const rotated = (stored - 0xa282ead8) >>> 0;
  return ((rotated >>> 17) | (rotated << 15)) >>> 0;
}

/** The records of a TFRecord file, whose checksums must be right. */
function recordsOf(file: Buffer): Buffer[] {
  const records: Buffer[] = [];
  for (let position = 0; position < file.length;) {
    const length = Number(file.readBigUInt64LE(position));
    assert.equal(unmasked(file.readUInt32LE(position + 8)), slowChecksum(file.subarray(position, position + 8)));
    const data = file.subarray(position + 12, position + 12 + length);
    assert.equal(unmasked(file.readUInt32LE(position + 12 + length)), slowChecksum(data));
    records.push(data);
    position += length + 16;
  }
  return records;
}

describe('the event files of TensorBoard', () => {
  let folder: string;
  before(() => {
    folder = temporaryFolder();
  });
  after(() => {
    removeFolder(folder);
  });

  it('have the checksums of RFC 3720', () => {
    assert.equal(crc32c(Buffer.alloc(32)), 0x8a9136aa);
    assert.equal(crc32c(Buffer.alloc(32, 0xff)), 0x62a8ab43);
    assert.equal(crc32c(Buffer.from('123456789')), 0xe3069283);
  });

  it('have every loss and the quality of every epoch, by network', () => {
    const log = new TensorboardLog(folder);
    const epoch = {
      kind: 'epoch',
      network: 'student',
      epoch: 1,
      epochs: 2,
      step: 300,
      losses: { total: 0.5, kd: 0.25 },
      validation: { accuracy: 0.75, loss: 1.5 },
      best: true,
    } as const;
    log.append(epoch);
    log.append({ ...epoch, step: 600, validation: { accuracy: null, loss: 1.25 } });
    log.append({ ...epoch, network: 'baseline' });
    assert.deepEqual(readdirSync(folder).sort(), ['baseline', 'student']);
    const [name = ''] = readdirSync(join(folder, 'student'));
    assert.match(name, /^events\.out\.tfevents\.\d{10}\./);
    const [header, ...events] = recordsOf(readFileSync(join(folder, 'student', name))).map(fieldsOf);
    assert.equal(String(header?.find(([number]) => number === 3)?.[1]), 'brain.Event:2');
    const read = events.map((fields) => {
      const summary = fields.find(([number]) => number === 5)![1] as Buffer;
      const values = fieldsOf(summary).map(([, value]) => new Map(fieldsOf(value as Buffer)));
      return {
        step: fields.find(([number]) => number === 2)![1],
        scalars: values.map((value) => [String(value.get(1)), (value.get(2) as Buffer).readFloatLE()]),
      };
    });
    assert.deepEqual(read, [
      {
        step: 300n,
        scalars: [
          ['loss/total', 0.5],
          ['loss/kd', 0.25],
          ['validation/accuracy', 0.75],
          ['validation/loss', 1.5],
        ],
      },
      {
        step: 600n,
        scalars: [
          ['loss/total', 0.5],
          ['loss/kd', 0.25],
          ['validation/loss', 1.25],
        ],
      },
    ]);
  });

  it('have the hyperparameters of the run, how it ended, and the figures of its report', () => {
    const own = join(folder, 'session');
    const log = new TensorboardLog(own);
    const hyperparameters = hyperparametersOf({
      $schema: 'left out',
      teacher: null,
      student: { architecture: 'mlp', hidden: [800, 400] },
      objective: [{ loss: 'kd', weight: 0.9 }],
      baseline: true,
    });
    log.begin(hyperparameters);
    log.appendReport(sampleReport);
    log.end('success');
    const summaries = (network: string): Map<number, bigint | Buffer>[] => {
      const name = readdirSync(join(own, network)).find((each) => each.startsWith('events'))!;
      const [, ...events] = recordsOf(readFileSync(join(own, network, name))).map(fieldsOf);
      return events.flatMap((event) =>
        fieldsOf(new Map(event).get(5) as Buffer).map(([, value]) => new Map(fieldsOf(value as Buffer))),
      );
    };
    const [start, end] = summaries('.').map((value) => {
      const plugin = new Map(fieldsOf(new Map(fieldsOf(value.get(9) as Buffer)).get(1) as Buffer));
      assert.equal(String(plugin.get(1)), 'hparams');
      return { tag: String(value.get(1)), data: fieldsOf(plugin.get(2) as Buffer) };
    });
    assert.equal(start?.tag, '_hparams_/session_start_info');
    const info = fieldsOf(start.data[0]![1] as Buffer);
    assert.equal(start.data[0]![0], 3);
    const told = info.flatMap(([field, entry]) => {
      if (field !== 1) return [];
      const pair = new Map(fieldsOf(entry as Buffer));
      const [[kind, value] = [0, 0n] as const] = fieldsOf(pair.get(2) as Buffer);
      return [
        [String(pair.get(1)), kind === 2 ? (value as Buffer).readDoubleLE() : kind === 3 ? String(value) : value],
      ];
    });
    assert.deepEqual(told, [
      ['teacher', 'null'],
      ['student.architecture', 'mlp'],
      ['student.hidden', '800 400'],
      ['objective.0.loss', 'kd'],
      ['objective.0.weight', 0.9],
      ['baseline', 1n],
    ]);
    assert.equal(end?.tag, '_hparams_/session_end_info');
    assert.equal(end.data[0]![0], 4);
    assert.equal(new Map(fieldsOf(end.data[0]![1] as Buffer)).get(1), 1n);
    const figures = summaries('student').map((value) => [String(value.get(1)), (value.get(2) as Buffer).readFloatLE()]);
    assert.deepEqual(figures, [
      ['test/accuracy', Math.fround(sampleReport.student.test.accuracy!)],
      ['test/loss', Math.fround(sampleReport.student.test.loss)],
      ['cost/parameters', 1_276_810],
      ['cost/bytes', 5_108_123],
      ['cost/latency_ms', Math.fround(0.1)],
    ]);
  });
});
