import type { SpectrogramCode } from '../../preparation.ts';
import { powerSpectrum } from './fourier.ts';

/** Seconds that a frame looks at, and between the beginnings of two: what speech recognition uses. */
const WINDOW_SECONDS = 0.025;
const HOP_SECONDS = 0.01;
const BANDS = 40;
const LOWEST_HERTZ = 20;
/** What is quieter than the loudest possible tone by more is silence, which is 0. */
const FLOOR_DECIBELS = -80;

/** How a rate is analysed; `frames` is added when all recordings are known. */
export type SpectrogramForm = Omit<SpectrogramCode, 'frames'>;

/** The form for recordings of a sample rate, in Hz. */
export function spectrogramForm(rate: number): SpectrogramForm {
  const window = Math.max(2, Math.round(rate * WINDOW_SECONDS));
  return {
    rate,
    window,
    hop: Math.max(1, Math.round(rate * HOP_SECONDS)),
    transform: 2 ** Math.ceil(Math.log2(window)),
    bands: BANDS,
    lowest: LOWEST_HERTZ,
    highest: rate / 2,
    floor: FLOOR_DECIBELS,
  };
}

/** Frames of `window` samples that begin every `hop` samples; at least one. */
export function framesOf({ window, hop }: SpectrogramForm, samples: number): number {
  return Math.max(1, Math.floor((samples - window) / hop) + 1);
}

/**
 * Log-mel spectrograms: Hann windows, power spectra, triangular bands that are evenly spaced on the mel scale
 * (2595 log₁₀(1 + f / 700)), decibels from `floor` (0) to those of a tone of full loudness (1).
 */
export function spectrograph(code: SpectrogramCode): (samples: Float32Array, target: Float32Array) => void {
  const { window, hop, transform, bands, frames, floor } = code;
  const hann = Float64Array.from({ length: window }, (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / window));
  // A tone of amplitude 1 has this power in all frequencies that the window spreads it over (Parseval).
  const full = (transform * hann.reduce((sum, weight) => sum + weight ** 2, 0)) / 4;
  const filters = melFilters(code);
  const analyse = powerSpectrum(transform);
  const values = new Float64Array(transform);
  const powers = new Float64Array(transform / 2 + 1);
  return (samples, target) => {
    target.fill(0);
    const own = Math.min(frames, framesOf(code, samples.length));
    for (let frame = 0; frame < own; frame++) {
      for (let at = 0; at < window; at++) values[at] = (samples[frame * hop + at] ?? 0) * (hann[at] ?? 0);
      analyse(values, powers);
      for (let band = 0; band < bands; band++) {
        const { begin, weights } = filters[band] ?? { begin: 0, weights: [] };
        const power = weights.reduce((sum, weight, at) => sum + weight * (powers[begin + at] ?? 0), 0) / full;
        const level = 10 * Math.log10(Math.max(power, 1e-30));
        target[band * frames + frame] = Math.min(1, Math.max(0, 1 - level / floor));
      }
    }
  };
}

interface MelFilter {
  readonly begin: number;
  readonly weights: readonly number[];
}

/** Triangles over the frequencies of the transform, each of which reaches from the middle of one neighbour to that of the other. */
function melFilters({ bands, lowest, highest, transform, rate }: SpectrogramForm): readonly MelFilter[] {
  const mel = (hertz: number): number => 2595 * Math.log10(1 + hertz / 700);
  const hertz = (value: number): number => 700 * (10 ** (value / 2595) - 1);
  const step = (mel(highest) - mel(lowest)) / (bands + 1);
  const corner = (index: number): number => (hertz(mel(lowest) + index * step) * transform) / rate;
  return Array.from({ length: bands }, (_, band) => {
    const [left, middle, right] = [corner(band), corner(band + 1), corner(band + 2)];
    const begin = Math.ceil(left);
    const weights = Array.from({ length: Math.max(0, Math.floor(right) - begin + 1) }, (_weight, at) => {
      const place = begin + at;
      return place <= middle ? (place - left) / (middle - left) : (right - place) / (right - middle);
    });
    // A triangle between two frequencies takes the nearest.
    return weights.some((weight) => weight > 0) ? { begin, weights } : { begin: Math.round(middle), weights: [1] };
  });
}
