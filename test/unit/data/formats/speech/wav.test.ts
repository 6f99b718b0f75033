import assert from 'node:assert/strict';
import { parseWav } from '../../../../../src/data/formats/speech/wav.ts';
import { waveFile, type WaveOptions } from '../../../../support/recordings.ts';

const amplitudes = [0, 0.5, -0.5, 0.99, -0.99];

describe('WAV files', () => {
  const forms: readonly WaveOptions[] = [
    { bits: 8 },
    { bits: 16 },
    { bits: 24 },
    { bits: 32 },
    { bits: 32, isFloat: true },
    { bits: 64, isFloat: true },
    { bits: 16, channels: 2, rate: 44_100 },
  ];
  for (const form of forms) {
    it(`are read: ${JSON.stringify(form)}`, () => {
      const { rate, samples } = parseWav(waveFile(amplitudes, form));
      assert.equal(rate, form.rate ?? 8000);
      assert.equal(samples.length, amplitudes.length);
      for (const [index, amplitude] of amplitudes.entries()) {
        assert.ok(
          Math.abs(samples[index]! - amplitude) < (form.bits === 8 ? 0.02 : 1e-4),
          `${index}: ${samples[index]}`,
        );
      }
    });
  }

  it('may have other chunks, of odd sizes too, before their sound', () => {
    const plain = waveFile(amplitudes);
    const note = Buffer.from('LIST\u0003\0\0\0abc\0', 'latin1');
    const { samples } = parseWav(Buffer.concat([plain.subarray(0, 36), note, plain.subarray(36)]));
    assert.equal(samples.length, amplitudes.length);
  });

  it('say what is wrong with them', () => {
    const plain = waveFile(amplitudes);
    const packed = Buffer.from(plain);
    packed.writeUInt16LE(0x55, 20);
    assert.throws(() => parseWav(Buffer.from('something else')), /it is no WAV file/);
    for (const [start, kind] of [
      ['ID3 and so on', 'MP3'],
      ['fLaC and so on', 'FLAC'],
      ['OggS and so on', 'Ogg'],
    ] as const)
      assert.throws(() => parseWav(Buffer.from(start)), new RegExp(`it is ${kind} whatever it is called`));
    assert.throws(() => parseWav(plain.subarray(0, 50)), /it ends after 6 of 10 bytes of sound/);
    assert.throws(() => parseWav(plain.subarray(0, 36)), /it has no sound/);
    assert.throws(() => parseWav(packed), /packed \(code 85, 16 bits\)/);
  });

  it('never hang or crash where bytes are damaged', () => {
    const plain = waveFile(amplitudes);
    for (let at = 0; at < 44; at++) {
      for (const byte of [0, 1, 127, 255]) {
        const damaged = Buffer.from(plain);
        damaged[at] = byte;
        try {
          parseWav(damaged);
        } catch (error) {
          assert.ok(error instanceof Error && !(error instanceof RangeError), `byte ${at}: ${String(error)}`);
        }
      }
    }
  });
});
