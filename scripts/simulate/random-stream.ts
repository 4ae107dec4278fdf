/** Numbers that follow from the seed alone (sfc32): quick, with a period far beyond any run. */
export class RandomStream {
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(seed: number, stream = 0) {
    this.#a = seed | 0
    this.#b = stream | 0
    this.#c = 0x9e3779b9 | 0
    for (let i = 0; i < 16; i++) this.#next()
  }

  /** 0 … 1, without 1. */
  unit(): number {
    return this.#next() / 2 ** 32
  }

  /** 0 … below − 1. */
  below(below: number): number {
    return Math.floor(this.unit() * below)
  }

  chance(probability: number): boolean {
    return this.unit() < probability
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.unit())
  }

  /** Half of the values lie below `median`; `sigma` is the deviation of the logarithm. */
  logNormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.#normal())
  }

  /** 0 … count − 1 by Zipf's law, 0 most often; the exponent is not 1. */
  rank(count: number, exponent: number): number {
    const rest = 1 - exponent
    return Math.min(count - 1, Math.floor(((count ** rest - 1) * this.unit() + 1) ** (1 / rest)) - 1)
  }

  #normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.unit())) * Math.cos(2 * Math.PI * this.unit())
  }

  #next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (this.#c << 21) | (this.#c >>> 11)
    this.#c = (this.#c + sum) | 0
    return sum >>> 0
  }
}
