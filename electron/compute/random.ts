// Seeded random numbers and draws: the same seed gives the same result on every machine.

/** Numbers in [0, 1) with 53 random bits: xoshiro128** (Blackman & Vigna 2018), its state filled by splitmix32. */
export function createRandom(seed: number): () => number {
  let fill = seed | 0;
  const splitmix = (): number => {
    fill = (fill + 0x9e3779b9) | 0;
    let mixed = fill ^ (fill >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
  let a = splitmix();
  let b = splitmix();
  let c = splitmix();
  let d = splitmix();
  const next = (): number => {
    const scaled = Math.imul(b, 5);
    const result = Math.imul((scaled << 7) | (scaled >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  return () => ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992;
}

/**
 * One draw from Binomial(trials, p), 0 <= p <= 1: by inversion where few successes are expected, else by
 * transformed rejection (BTRS; Hormann 1993, "The generation of binomial random variates").
 */
export function drawBinomial(random: () => number, trials: number, p: number): number {
  if (trials <= 0 || p <= 0) return 0;
  if (p >= 1) return trials;
  if (p > 0.5) return trials - drawBinomial(random, trials, 1 - p);
  return trials * p < 10 ? drawByInversion(random, trials, p) : drawByRejection(random, trials, p);
}

function drawByInversion(random: () => number, trials: number, p: number): number {
  const ratio = p / (1 - p);
  let mass = (1 - p) ** trials;
  let left = random();
  let drawn = 0;
  while (left > mass && drawn < trials) {
    left -= mass;
    drawn++;
    mass *= (ratio * (trials - drawn + 1)) / drawn;
  }
  return drawn;
}

function drawByRejection(random: () => number, trials: number, p: number): number {
  const q = 1 - p;
  const deviation = Math.sqrt(trials * p * q);
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const center = trials * p + 0.5;
  const squeeze = 0.92 - 4.2 / b;
  for (;;) {
    const u = random() - 0.5;
    const v = random();
    const edge = 0.5 - Math.abs(u);
    const drawn = Math.floor(((2 * a) / edge + b) * u + center);
    if (edge >= 0.07 && v <= squeeze) return drawn;
    if (drawn < 0 || drawn > trials) continue;
    const mode = Math.floor((trials + 1) * p);
    const height = Math.log((v * (2.83 + 5.1 / b) * deviation) / (a / (edge * edge) + b));
    const bound =
      logFactorial(mode) +
      logFactorial(trials - mode) -
      logFactorial(drawn) -
      logFactorial(trials - drawn) +
      (drawn - mode) * Math.log(p / q);
    if (height <= bound) return drawn;
  }
}

const smallLogFactorials = new Float64Array(64);
for (let i = 2; i < smallLogFactorials.length; i++)
  smallLogFactorials[i] = smallLogFactorials[i - 1]! + Math.log(i);

/** ln n!: a table, then Stirling's series (error below 1e-12 from 64 up). */
export function logFactorial(n: number): number {
  if (n < smallLogFactorials.length) return smallLogFactorials[n]!;
  const inverse = 1 / n;
  const series = inverse * (1 / 12 - inverse * inverse * (1 / 360 - (inverse * inverse) / 1260));
  return (n + 0.5) * Math.log(n) - n + 0.9189385332046727 + series;
}
