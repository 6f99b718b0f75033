import type { Random } from '../../src/data/random.ts';

/** Position (m), velocity (m/s), angle from upright (rad) and angular velocity (rad/s). */
type State = readonly [position: number, velocity: number, angle: number, spin: number];

const GRAVITY = 9.8;
const CART_MASS = 1;
const POLE_MASS = 0.1;
/** From the hinge to the pole's centre of mass, in m. */
const HALF_LENGTH = 0.5;
const FORCE = 10;
const SECONDS = 0.02;
const DISCOUNT = 0.97;
const HORIZON = 80;

/**
 * States of a pole on a cart, and what pushing left or right is worth in each: the discounted rewards of the next 80 steps when a
 * simple controller balances afterwards. A reward is 1 upright in the middle, and less with angle and distance.
 */
export function cartPoleStates(random: Random): string {
  const rows = Array.from({ length: 1500 }, () => {
    const state: State = [
      random.uniform(-1.5, 1.5),
      random.normal(0, 0.8),
      random.uniform(-0.25, 0.25),
      random.normal(0, 0.8),
    ];
    const values = [worth(state, -FORCE), worth(state, FORCE)];
    return [...state, ...values].map((value) => value.toFixed(4)).join(',');
  });
  return `position,velocity,angle,spin,q_left,q_right\n${rows.join('\n')}\n`;
}

function worth(start: State, force: number): number {
  let state = step(start, force);
  let sum = reward(state);
  for (let time = 1; time < HORIZON; time++) {
    const [position, velocity, angle, spin] = state;
    state = step(state, angle + 0.3 * spin + 0.05 * position + 0.08 * velocity > 0 ? FORCE : -FORCE);
    sum += DISCOUNT ** time * reward(state);
  }
  return sum;
}

function reward([position, , angle]: State): number {
  return Math.max(0, 1 - (angle / 0.4) ** 2 - (position / 4) ** 2);
}

/** One Euler step of the equations of motion without friction. */
function step([position, velocity, angle, spin]: State, force: number): State {
  const mass = CART_MASS + POLE_MASS;
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const push = (force + POLE_MASS * HALF_LENGTH * spin ** 2 * sine) / mass;
  const turning = (GRAVITY * sine - cosine * push) / (HALF_LENGTH * (4 / 3 - (POLE_MASS * cosine ** 2) / mass));
  const acceleration = push - (POLE_MASS * HALF_LENGTH * turning * cosine) / mass;
  return [
    position + SECONDS * velocity,
    velocity + SECONDS * acceleration,
    angle + SECONDS * spin,
    spin + SECONDS * turning,
  ];
}
