import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { dataFormOf, parseDataForm } from '../../../../../src/data/dataForm.ts';
import { dataFolder } from '../../../../support/dataFolder.ts';
import { assertProblems, labelsOf } from '../../../../support/datasets.ts';
import { tone, waveFile } from '../../../../support/recordings.ts';

describe('folders of recordings', () => {
  const data = dataFolder('test');
  const { write } = data;
  const writeTones = (split = '', count = 10): void => {
    for (let index = 0; index < count; index++) {
      write(`${split}high/${index}.wav`, waveFile(tone(2000 + 20 * index, 0.1 + 0.01 * index)));
      write(`${split}low/${index}.WAV`, waveFile(tone(300 + 10 * index, 0.1)));
    }
  };
  const open = (strict = false) => data.open('.', { strict });

  it('are spectrograms of one size, classes by their folders, splits by theirs', async () => {
    writeTones('train/');
    writeTones('test/', 3);
    const dataset = await open();
    assert.equal(dataset.format, 'folders of recordings');
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['high', 'low'] });
    assert.deepEqual([...labelsOf(dataset.test)], [0, 0, 0, 1, 1, 1]);
    assert.equal(dataset.training.count + dataset.validation.count, 20);
    // 0.19 s: 17 windows of 25 ms every 10 ms.
    assert.deepEqual([...dataset.sampleShape], [1, 40, 17]);
    const values = new Float32Array(2 * 40 * 17);
    await dataset.test.read([0, 3], values);
    const loudest = (sample: number): number => {
      const bands = Array.from({ length: 40 }, (_, band) => values[sample * 40 * 17 + band * 17]!);
      return bands.indexOf(Math.max(...bands));
    };
    assert.ok(loudest(0) > loudest(1) + 10, 'a high tone is in a higher band');
    assert.match(dataset.findings.map(({ message }) => message).join(' '), /0\.10 to 0\.19 s long/);
  });

  it('keep in the file of the student how they are made', async () => {
    writeTones();
    const form = dataFormOf(await open());
    assert.deepEqual(parseDataForm(JSON.stringify(form))?.preparation, form.preparation);
    assert.equal(form.preparation.kind === 'arrays' && form.preparation.spectrogram?.rate, 8000);
  });

  it('leave out what is damaged and what is no recording, and tell it', async () => {
    writeTones();
    write('high/damaged.wav', waveFile(tone(500, 0.1)).subarray(0, 100));
    write('high/song.mp3', 'ID3');
    const dataset = await open();
    assert.equal(dataset.training.count + dataset.validation.count + dataset.test.count, 20);
    const told = dataset.findings.map(({ message }) => message).join('\n');
    assert.match(told, /1 of 21 recordings are left out.*damaged\.wav cannot be used: it ends after 56 of 1600 bytes/);
    assert.match(told, /Passed over.*song\.mp3/);
    await assertProblems(open(true), [/damaged\.wav cannot be used/]);
  });

  it('are refused where their sample rates differ, with the way out', async () => {
    writeTones();
    write('low/other.wav', waveFile(tone(300, 0.1, 16_000), { rate: 16_000 }));
    await assertProblems(open(), [/20 of 8000 .*, 1 of 16000 \(such as low.other\.wav\)/]);
  });

  it('are refused without a second class, and with sound that is not read', async () => {
    for (const name of ['a', 'b']) write(`${name}/1.mp3`, 'ID3');
    await assertProblems(open(), [/a has no \.wav file/, /b has no \.wav file/]);
  });

  it('are refused in one sentence where all have the same fault, and where folders hold nothing but folders', async () => {
    for (const name of ['a', 'b']) for (const index of [0, 1]) write(`same/${name}/${index}.wav`, 'ID3 of a song');
    await assertProblems(data.open('same'), [
      /^4 recordings, a.0\.wav first, cannot be used: it is MP3 whatever it is called/,
    ]);
    for (const speaker of ['s1', 's2'])
      for (const name of ['yes', 'no']) write(`deep/${speaker}/${name}/1.wav`, waveFile(tone(300, 0.1)));
    await assertProblems(data.open('deep'), [
      /^s1 has no \.wav file, only folders/,
      /s2 has no \.wav file, only folders/,
    ]);
  });

  const told = ({ findings }: Awaited<ReturnType<typeof open>>): string =>
    findings.map(({ message }) => message).join('\n');

  it('have a table of their classes, whose folds stay together, as ESC-50', async () => {
    const rows = Array.from({ length: 20 }, (_, index) => {
      const name = `${(index % 5) + 1}-${index}-A.wav`;
      write(`audio/${name}`, waveFile(tone(index % 2 === 0 ? 300 : 2000, 0.1)));
      return `${name},${(index % 5) + 1},${index % 2},${index % 2 === 0 ? 'low' : 'high'},A`;
    });
    write('meta/esc50.csv', `filename,fold,target,category,take\n${rows.join('\n')}\nlost.wav,1,0,low,A\n`);
    write('tests/test_dataset.py', '');
    const dataset = await open();
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['high', 'low'] });
    assert.deepEqual([dataset.training.count, dataset.validation.count, dataset.test.count], [12, 4, 4]);
    assert.match(
      told(dataset),
      /'filename' of esc50\.csv names the recordings, such as audio.1-0-A\.wav, and 'category'/,
    );
    assert.match(told(dataset), /1 of its rows name no recording.*Recordings of one 'fold' stay in one split/);
    const labels = [...labelsOf(dataset.test)];
    const values = new Float32Array(dataset.test.count * 40 * (dataset.sampleShape[2] ?? 0));
    await dataset.test.read([0, 1, 2, 3], values);
    const size = values.length / 4;
    const loudest = (sample: number): number => {
      const bands = Array.from({ length: 40 }, (_, band) => values[sample * size + band * (size / 40)]!);
      return bands.indexOf(Math.max(...bands));
    };
    for (const [sample, label] of labels.entries()) assert.equal(loudest(sample) > 20, label === 0, `sample ${sample}`);
  });

  it('have lists of the splits and a folder of noise, as speech commands', async () => {
    writeTones();
    write('_background_noise_/white.wav', waveFile(tone(50, 1)));
    write('testing_list.txt', 'high/1.wav\nlow/1.WAV\n');
    write('validation_list.txt', 'high/2.wav\nlow/2.WAV\nlow/3.WAV\n');
    const dataset = await open();
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['high', 'low'] });
    assert.deepEqual([dataset.training.count, dataset.validation.count, dataset.test.count], [15, 3, 2]);
    assert.match(told(dataset), /_background_noise_ are noise to be mixed in, and no class/);
    assert.match(told(dataset), /testing_list\.txt \(2\).*validation_list\.txt \(3\)\. All others are to train with/);
  });

  it('have a list of their names, or ids, and classes beside them', async () => {
    for (let id = 0; id < 20; id++) write(`${id}.wav`, waveFile(tone(300 + 100 * id, 0.1)));
    write('labels.txt', Array.from({ length: 20 }, (_, id) => `${id} ${id % 2 ? 'odd' : 'even'}\n`).join(''));
    const listed = await open();
    assert.deepEqual(listed.task, { kind: 'classification', classes: ['even', 'odd'] });
    assert.equal(listed.training.count + listed.validation.count + listed.test.count, 20);
  });

  it('are no tables where they lie beside one that names them, and are where it names none', async () => {
    for (let index = 0; index < 20; index++) write(`audio_train/${index}.wav`, waveFile(tone(200 + 99 * index, 0.1)));
    const rows = (name: (index: number) => string): string =>
      Array.from({ length: 20 }, (_, index) => `${name(index)},${index % 7},${index % 2 ? 'a' : 'b'}`).join('\n');
    write('train.csv', `fname,x,label\n${rows((index) => `${index}.wav`)}\n`);
    assert.equal((await open()).format, 'folders of recordings');
    write('train.csv', `fname,x,label\n${rows((index) => `other ${index}`)}\n`);
    assert.equal((await open()).format, 'CSV');
  });

  it('have a table in the folder of each split, as an audiofolder, or beside them, one for each', async () => {
    const names = (split: string, count: number): string =>
      Array.from({ length: count }, (_, index) => `${split}${index}.wav,${index % 2 ? 'a' : 'b'}`).join('\n');
    for (const [split, count] of [
      ['test', 6],
      ['train', 20],
    ] as const) {
      for (let index = 0; index < count; index++)
        write(`${split}/${split}${index}.wav`, waveFile(tone(200 + 99 * index + count, 0.1)));
      write(`${split}/metadata.csv`, `file_name,label\n${names(split, count)}\n`);
    }
    const dataset = await open();
    assert.equal(dataset.format, 'folders of recordings');
    assert.deepEqual([dataset.training.count + dataset.validation.count, dataset.test.count], [20, 6]);
    rmSync(join(data.folder, 'train', 'metadata.csv'));
    rmSync(join(data.folder, 'test', 'metadata.csv'));
    for (const [split, count] of [['test', 6] as const, ['train', 20] as const])
      write(`${split}.csv`, `file_name,label\n${names(split, count)}\n`);
    assert.equal((await open()).test.count, 6);
  });

  it('that a table names and that are no WAV files are refused with what converts them', async () => {
    for (let index = 0; index < 8; index++) write(`clips/${index}.mp3`, 'ID3');
    write(
      'meta.csv',
      `path,label\n${Array.from({ length: 8 }, (_, index) => `${index}.mp3,${index % 2 ? 'a' : 'b'}`).join('\n')}\n`,
    );
    await assertProblems(open(), [/recordings that meta\.csv names, such as clips.0\.mp3, are no WAV files/]);
  });
});
