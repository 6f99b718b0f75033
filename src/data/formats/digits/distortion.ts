import type { Random } from '../../random.ts';
import type { Polyline } from './pen.ts';

/** Moves points of a digit's box, where they are. */
export type Distortion = (line: Polyline) => void;

/** How strongly a hand deviates from the glyph; lengths in units of the digit's box. */
export interface DistortionStrength {
  /** Standard deviation of the rotation, in radians. */
  readonly rotation: number;
  /** Mean and standard deviation of the slant: how far the top leans to the right. */
  readonly slant: readonly [mean: number, deviation: number];
  /** Range of width and height, as factors. */
  readonly width: readonly [low: number, high: number];
  readonly height: readonly [low: number, high: number];
  /** Amplitude of the elastic distortion. */
  readonly elastic: number;
}

const ELASTIC_WAVES = 3;

/**
 * An elastic distortion (a few random waves, long against the strokes) followed by scaling, slant and rotation
 * about the middle of the box. The result is centred at (0, 0), with the box one unit high before scaling.
 */
export function randomDistortion(strength: DistortionStrength, random: Random): Distortion {
  const waves = Array.from({ length: ELASTIC_WAVES }, () => ({
    alongX: random.normal(0, 3.2),
    alongY: random.normal(0, 3.2),
    phase: random.uniform(0, 2 * Math.PI),
    moveX: random.normal(0, strength.elastic),
    moveY: random.normal(0, strength.elastic),
  }));
  const angle = random.normal(0, strength.rotation);
  const slant = random.normal(...strength.slant);
  const width = random.uniform(...strength.width);
  const height = random.uniform(...strength.height);
  const cosine = Math.cos(angle);
  const sine = Math.sin(angle);
  return (line) => {
    for (let position = 0; position < line.length; position += 2) {
      const x = (line[position] ?? 0) - 0.5;
      const y = (line[position + 1] ?? 0) - 0.5;
      let elasticX = x;
      let elasticY = y;
      for (const wave of waves) {
        const displacement = Math.sin(wave.alongX * x + wave.alongY * y + wave.phase);
        elasticX += wave.moveX * displacement;
        elasticY += wave.moveY * displacement;
      }
      const scaledY = elasticY * height;
      const slantedX = elasticX * width - slant * scaledY;
      line[position] = cosine * slantedX - sine * scaledY;
      line[position + 1] = sine * slantedX + cosine * scaledY;
    }
  };
}
