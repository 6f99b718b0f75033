import assert from 'node:assert/strict';
import { powerSpectrum } from '../../../../../src/data/formats/speech/fourier.ts';
import { framesOf, spectrogramForm, spectrograph } from '../../../../../src/data/formats/speech/spectrogram.ts';
import { tone } from '../../../../support/recordings.ts';

describe('spectrograms', () => {
  it('have the powers of the Fourier transform, as its definition gives them', () => {
    const values = Float64Array.from({ length: 32 }, (_, at) => Math.sin(at * at));
    const powers = new Float64Array(17);
    powerSpectrum(32)(values, powers);
    for (const [frequency, power] of powers.entries()) {
      let [real, imaginary] = [0, 0];
      for (const [at, value] of values.entries()) {
        real += value * Math.cos((2 * Math.PI * frequency * at) / 32);
        imaginary -= value * Math.sin((2 * Math.PI * frequency * at) / 32);
      }
      assert.ok(Math.abs(power - (real ** 2 + imaginary ** 2)) < 1e-9);
    }
  });

  it('are near 1 in the band of a full tone, lower by its decibels, and 0 in silence', () => {
    const form = spectrogramForm(8000);
    const frames = framesOf(form, 4000);
    const write = spectrograph({ ...form, frames });
    const loud = new Float32Array(form.bands * frames);
    const quiet = new Float32Array(form.bands * frames);
    const silent = new Float32Array(form.bands * frames).fill(1);
    write(Float32Array.from(tone(1000, 0.25)), loud);
    write(Float32Array.from(tone(1000, 0.25, 8000, 0.1)), quiet);
    write(new Float32Array(4000), silent);
    const column = (values: Float32Array, frame: number): number[] =>
      Array.from({ length: form.bands }, (_, band) => values[band * frames + frame]!);
    const first = column(loud, 3);
    const top = Math.max(...first);
    assert.ok(top > 0.95 && top < 1, String(top));
    const mel = (hertz: number): number => 2595 * Math.log10(1 + hertz / 700);
    const expected = ((mel(1000) - mel(20)) / (mel(4000) - mel(20))) * (form.bands + 1) - 1;
    assert.ok(Math.abs(first.indexOf(top) - expected) <= 1);
    assert.ok(Math.abs(top - Math.max(...column(quiet, 3)) - 20 / 80) < 1e-4);
    assert.ok(
      column(loud, frames - 1).every((value) => value === 0),
      'silence follows what is shorter',
    );
    assert.ok(silent.every((value) => value === 0));
  });
});
