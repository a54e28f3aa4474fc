/** Equal Earth (Šavrič, Patterson, Jenny 2018): areas are true, so that no country looks more than it is. */

const [A1, A2, A3, A4] = [1.340264, -0.081106, 0.000893, 0.003796];
const M = Math.sqrt(3) / 2;
const RADIANS = Math.PI / 180;

const height = (t: number) => t * (A1 + A2 * t ** 2 + t ** 6 * (A3 + A4 * t ** 2));
const slope = (t: number) => A1 + 3 * A2 * t ** 2 + t ** 6 * (7 * A3 + 9 * A4 * t ** 2);

/** Degrees of longitude and latitude to a place on the picture, y downwards. */
export function project([longitude = 0, latitude = 0]: number[]): number[] {
  const t = Math.asin(M * Math.sin(latitude * RADIANS));
  return [(longitude * RADIANS * Math.cos(t)) / (M * slope(t)), -height(t)];
}

/** The way back, by Newton's method. */
export function unproject([x = 0, y = 0]: number[]): number[] {
  let t = -y;
  for (let step = 0; step < 12; step += 1) {
    const change = (height(t) + y) / slope(t);
    t -= change;
    if (Math.abs(change) < 1e-9) break;
  }
  return [(M * x * slope(t)) / Math.cos(t) / RADIANS, Math.asin(Math.sin(t) / M) / RADIANS];
}
