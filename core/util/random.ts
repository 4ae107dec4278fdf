/** Where randomness comes from; injected, so that tests can be seeded. Returns `length` fresh bytes. */
export type RandomSource = (length: number) => Uint8Array

/** The platform's cryptographic source. */
export const systemRandom: RandomSource = (length) => crypto.getRandomValues(new Uint8Array(length))
