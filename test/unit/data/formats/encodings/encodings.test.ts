import assert from 'node:assert/strict';
import { randomStream } from '../../../../../src/data/random.ts';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { guessEncoding } from '../../../../../src/data/formats/encodings/guessEncoding.ts';
import { assertProblems } from '../../../../support/datasets.ts';
import { encodedText } from '../../../../support/encodedText.ts';
import { dataFolder, toldOf } from '../../../../support/dataFolder.ts';

/** A few words of a language, as cells of a table have them. */
const WORDS: readonly (readonly [encoding: string, words: string])[] = [
  ['windows-1251', 'Москва,Казань,да,нет,ПЕТЕРБУРГ'],
  ['windows-1251', 'плохо'],
  ['windows-1251', 'Київ,Україна,їжак'],
  ['windows-1251', 'София,мъж,къща'],
  ['koi8-r', 'Москва,Казань,да,нет,хорошо'],
  ['ibm866', 'Москва,Казань,да,нет'],
  ['gb18030', '年龄,城市,北京,深圳市,这个产品非常好'],
  ['big5', '年齡,城市,臺北,新竹縣,這個產品非常好'],
  ['shift_jis', '年齢,東京都,カナガワ,さいたま市,とても良い'],
  ['euc-jp', '年齢,東京都,カナガワ,さいたま市,とても良い'],
  ['euc-kr', '나이,도시,서울,대구광역시,정말 좋습니다'],
  ['windows-1250', 'Łódź,Kraków,Gdańsk,Wrocław'],
  ['iso-8859-2', 'Łódź,Kraków,Gdańsk,Wrocław'],
  ['windows-1250', 'Příbram,žluťoučký,kůň,město'],
  ['windows-1252', 'Müller,Größe,21 °C,5 µm,café,été'],
  ['windows-1252', 'Tromsø,Ålesund,blåbær'],
  ['windows-1252', 'Reykjavík,það,Þórshöfn'],
  ['windows-1252', '21 °C'],
  ['windows-1253', 'Αθήνα,Θεσσαλονίκη,ναι,όχι'],
  ['windows-1254', 'İstanbul,şehir,ağaç,ışık'],
  ['windows-1255', 'ירושלים,שלום,כן,לא'],
  ['windows-1256', 'القاهرة,الرياض,نعم,لا'],
  ['windows-874', 'กรุงเทพ,สวัสดี'],
  ['macintosh', 'Müller,Größe,café'],
];

describe('encodings of texts', () => {
  const data = dataFolder('suite');
  const { open } = data;

  it('are none of UTF-16 where cells have zeros and lines end without', async () => {
    const lines = Array.from(
      { length: 60 },
      (_, row) => `0.${100 + row},0.${200 + row},${row % 2 === 0 ? 'a\0b' : 'c'}`,
    );
    data.write('zeros.csv', ['a,b,label ', ...lines, ''].join('\n'));
    const dataset = await open('zeros.csv');
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['a\0b', 'c'] });
  });
  const table = (yes: string, no: string, count = 60): string =>
    [
      'a,b,label',
      ...Array.from({ length: count }, (_, row) => `${row % 7},${(row * row) % 11},${row % 2 ? yes : no}`),
    ].join('\n');

  for (const [encoding, words] of WORDS) {
    it('are none where bytes are no text, which is told once', async () => {
      const random = randomStream(3, 'bytes');
      data.write(
        'noise.csv',
        Uint8Array.from({ length: 5000 }, () => random.integer(256)),
      );
      await assertProblems(open('noise.csv'), [/noise\.csv is no text: it holds bytes that no text has/]);
    });

    it(`are told by their words: ${words} in ${encoding}`, () => {
      assert.equal(guessEncoding(encodedText(words.replaceAll(',', ',1\n'), encoding)), encoding);
    });
  }

  it('are none where a text is UTF-8, or mixed', () => {
    assert.equal(guessEncoding(Buffer.from('Москва, 北京')), undefined);
    assert.equal(
      guessEncoding(Buffer.concat([Buffer.from('café crème à\n'), Buffer.from([0x63, 0xe9, 0x0a])])),
      undefined,
    );
  });

  it('of a table are found and told, and others can be named', async () => {
    writeFileSync(join(data.folder, 'ru.csv'), encodedText(table('да', 'нет'), 'koi8-r'));
    const dataset = await open('ru.csv');
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['да', 'нет'] });
    assert.match(
      toldOf(dataset),
      /ru\.csv is not UTF-8; it was read as koi8-r, for which its words speak\. .*dataset\.encoding/,
    );
    const named = await open('ru.csv', { encoding: 'windows-1252' });
    assert.deepEqual(named.task, { kind: 'classification', classes: ['ÄÁ', 'ÎÅÔ'] });
    assert.doesNotMatch(toldOf(named), /UTF-8/);
    await assertProblems(
      open('ru.csv', { encoding: 'klingon' }),
      [/'klingon' is no encoding that is known/],
      'dataset.encoding',
    );
  });

  it('of a table may have delimiters among their second bytes, and begin late', async () => {
    // The second byte of 能 in Shift-JIS is a bar's, that of 表 a backslash's.
    const rows = table('可能,|', '表,|', 40).replaceAll(',|', '');
    writeFileSync(
      join(data.folder, 'ja.csv'),
      encodedText(rows.replaceAll(',', '|').replace('label', 'ラベル'), 'shift_jis'),
    );
    const dataset = await open('ja.csv');
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['可能', '表'] });
    const late = `a,b,label\n${'1,2,yes\n3,4,no\n'.repeat(75_000)}`;
    writeFileSync(
      join(data.folder, 'late.csv'),
      Buffer.concat([Buffer.from(late), encodedText('5,6,возможно\n'.repeat(9), 'windows-1251')]),
    );
    const { task } = await open('late.csv');
    assert.deepEqual(task, { kind: 'classification', classes: ['no', 'yes', 'возможно'] });
  });

  it('named do not change what is UTF-8', async () => {
    writeFileSync(join(data.folder, 'utf8.csv'), table('да', 'нет'));
    assert.deepEqual((await open('utf8.csv', { encoding: 'windows-1251' })).task, {
      kind: 'classification',
      classes: ['да', 'нет'],
    });
  });

  it('of UTF-16 without a mark are seen in any script', async () => {
    writeFileSync(
      join(data.folder, 'wide.csv'),
      Buffer.from(table('возможно', 'невозможно').replace('a,b', 'возраст,доход'), 'utf16le'),
    );
    assert.deepEqual((await open('wide.csv')).task, { kind: 'classification', classes: ['возможно', 'невозможно'] });
  });

  it('of folders of texts are found and told', async () => {
    for (const [name, words] of [
      ['good', 'Очень хороший фильм'],
      ['bad', 'Ужасно скучно'],
    ] as const) {
      mkdirSync(join(data.folder, 'films', name), { recursive: true });
      for (let at = 0; at < 6; at++)
        writeFileSync(join(data.folder, 'films', name, `${at}.txt`), encodedText(`${words} ${at}`, 'windows-1251'));
    }
    const dataset = await open('films');
    assert.match(toldOf(dataset), /Texts that are not UTF-8, .*0\.txt first, were read as windows-1251/);
    assert.ok(dataset.preparation.kind === 'text' && dataset.preparation.tokens.kind === 'words');
    assert.ok(dataset.preparation.tokens.words.includes('хороший'));
  });

  it('of UTF-32, and of texts that Windows saved as Unicode, are read', async () => {
    const text = `${table('да', 'нет')}\n7,8,да\n`;
    const utf32 = (isBig: boolean, mark: boolean): Buffer => {
      const codes = Array.from(mark ? `\ufeff${text}` : text, (character) => character.codePointAt(0) ?? 0);
      const bytes = Buffer.alloc(4 * codes.length);
      codes.forEach((code, at) => (isBig ? bytes.writeUInt32BE(code, 4 * at) : bytes.writeUInt32LE(code, 4 * at)));
      return bytes;
    };
    for (const isBig of [false, true]) {
      for (const mark of [false, true]) {
        writeFileSync(join(data.folder, 'utf32.csv'), utf32(isBig, mark));
        const { task, training, validation, test } = await open('utf32.csv');
        assert.deepEqual(task, { kind: 'classification', classes: ['да', 'нет'] });
        assert.equal(training.count + validation.count + test.count, 61);
      }
    }
    for (const name of ['good', 'bad']) {
      mkdirSync(join(data.folder, 'notes', name), { recursive: true });
      for (let at = 0; at < 6; at++) {
        const note = at === 0 ? Buffer.from(`\ufeff${name} film`) : Buffer.from(`\ufeff${name} фильм`, 'utf16le');
        writeFileSync(join(data.folder, 'notes', name, `${at}.txt`), note);
      }
    }
    const notes = await open('notes');
    assert.ok(notes.preparation.kind === 'text' && notes.preparation.tokens.kind === 'words');
    assert.deepEqual([...notes.preparation.tokens.words].sort(), ['bad', 'film', 'good', 'фильм']);
  });

  it('may be others in each part of a table, which is told, but not in each line', async () => {
    mkdirSync(join(data.folder, 'parts'));
    const write = (part: number, bytes: Buffer): void => {
      writeFileSync(join(data.folder, 'parts', `sales-${part}.csv`), bytes);
    };
    write(1, Buffer.from(table('größer', 'kleiner')));
    write(2, encodedText(table('größer', 'kleiner'), 'windows-1252'));
    write(3, encodedText(table('größer', 'kleiner'), 'macintosh'));
    const dataset = await open('parts');
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['größer', 'kleiner'] });
    assert.match(toldOf(dataset), /sales-2\.csv is not UTF-8; it was read as windows-1252/);
    assert.match(toldOf(dataset), /sales-3\.csv is not UTF-8; it was read as macintosh/);
    write(2, Buffer.concat([Buffer.from(table('größer', 'kleiner')), encodedText('\n1,2,größer', 'windows-1252')]));
    await assertProblems(open('parts'), [/is not UTF-8, but other lines are/], 'dataset.path');
  });
});
