/** A recording as one channel of amplitudes from −1 to 1. */
export interface Recording {
  /** Samples in a second. */
  readonly rate: number;
  readonly samples: Float32Array;
}

/** How amplitudes are coded in a WAV file. */
const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;

interface WaveForm {
  readonly code: number;
  readonly channels: number;
  readonly rate: number;
  readonly bits: number;
}

/**
 * Reads a WAV file (RIFF): PCM of 8, 16, 24 or 32 bits, or floats of 32 or 64. Channels are averaged.
 *
 * @throws Error that says what is wrong with it
 */
export function parseWav(bytes: Uint8Array): Recording {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 12 || tag(0) !== 'RIFF' || tag(8) !== 'WAVE') throw new Error(otherSound(bytes));
  let form: WaveForm | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const size = view.getUint32(at + 4, true);
    const begin = at + 8;
    if (tag(at) === 'fmt ') form = readForm(view, begin, size);
    if (tag(at) === 'data') {
      if (!form) throw new Error('its format is not described before its data');
      // Programs that stream do not know the size when they write it: what is there counts.
      const isStreamed = size === 0 || size >= 0x7fff_ffff;
      const end = isStreamed ? bytes.length : begin + size;
      if (end > bytes.length) throw new Error(`it ends after ${bytes.length - begin} of ${size} bytes of sound`);
      return { rate: form.rate, samples: averaged(view, begin, end, form) };
    }
    // Chunks begin at even places.
    at = begin + size + (size % 2);
  }
  throw new Error('it has no sound');
}

/** Why bytes are no WAV file, with what other sound they are. */
function otherSound(bytes: Uint8Array): string {
  const start = String.fromCharCode(...bytes.subarray(0, 4));
  const isFrame = bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0;
  const kind =
    start.startsWith('ID3') || isFrame ? 'MP3' : start === 'fLaC' ? 'FLAC' : start === 'OggS' ? 'Ogg' : undefined;
  return kind === undefined
    ? 'it is no WAV file'
    : `it is ${kind} whatever it is called, and has to be converted (ffmpeg -i in.wav out.wav)`;
}

function readForm(view: DataView, at: number, size: number): WaveForm {
  if (size < 16 || at + size > view.byteLength) throw new Error('the description of its format is damaged');
  const declared = view.getUint16(at, true);
  const code = declared === EXTENSIBLE && size >= 26 ? view.getUint16(at + 24, true) : declared;
  const form = {
    code,
    channels: view.getUint16(at + 2, true),
    rate: view.getUint32(at + 4, true),
    bits: view.getUint16(at + 14, true),
  };
  if (form.channels < 1 || form.rate < 1) throw new Error('it has no channels, or no sample rate');
  const isKnown = code === PCM ? [8, 16, 24, 32].includes(form.bits) : code === FLOAT && [32, 64].includes(form.bits);
  if (!isKnown) {
    throw new Error(`its sound is packed (code ${code}, ${form.bits} bits); only PCM and floats can be read`);
  }
  return form;
}

function averaged(view: DataView, begin: number, end: number, form: WaveForm): Float32Array {
  const { channels, bits } = form;
  const width = bits / 8;
  const count = Math.floor((end - begin) / (width * channels));
  const amplitude = reader(view, form);
  const samples = new Float32Array(count);
  for (let index = 0; index < count; index++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += amplitude(begin + (index * channels + channel) * width);
    samples[index] = sum / channels;
  }
  return samples;
}

function reader(view: DataView, { code, bits }: WaveForm): (at: number) => number {
  if (code === FLOAT) return bits === 32 ? (at) => view.getFloat32(at, true) : (at) => view.getFloat64(at, true);
  switch (bits) {
    case 8:
      return (at) => (view.getUint8(at) - 128) / 128;
    case 16:
      return (at) => view.getInt16(at, true) / 2 ** 15;
    case 24:
      return (at) => (view.getUint8(at) + view.getInt16(at + 1, true) * 256) / 2 ** 23;
    default:
      return (at) => view.getInt32(at, true) / 2 ** 31;
  }
}
