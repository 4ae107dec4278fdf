import type { LinkState } from './cuttable-link.ts'
import type { SeededChoice } from './seeded-random.ts'

/** Which ways are open for a while. `shape` says of each way, from who dials to who is dialled, among `count` nodes. */
export interface Partition {
  readonly name: string
  readonly shape: (count: number, choice: SeededChoice) => (from: number, to: number) => LinkState
}

/** One group can't reach the other. */
function groups(choice: SeededChoice, count: number, apart: LinkState): (from: number, to: number) => LinkState {
  const isFirst = Array.from({ length: count }, () => choice.below(2) === 0)
  // Nobody is left alone by chance: that is a partition of its own.
  isFirst[0] = true
  isFirst[count - 1] = false
  return (from, to) => (isFirst[from] === isFirst[to] ? 'open' : apart)
}

/** The kinds of F8 and some more; the last one leaves two groups apart. */
export const PARTITIONS: readonly Partition[] = [
  {
    name: 'random',
    shape(count, choice) {
      const isOpen = Array.from({ length: count * count }, () => choice.below(3) === 0)
      return (from, to) => (isOpen[Math.min(from, to) * count + Math.max(from, to)] ? 'open' : 'cut')
    },
  },
  {
    name: 'ring',
    shape: (count) => (from, to) => ([1, count - 1].includes(Math.abs(from - to)) ? 'open' : 'cut'),
  },
  {
    // Of two only one reaches the other.
    name: 'one-way',
    shape(count, choice) {
      const isUpwards = Array.from({ length: count * count }, () => choice.below(2) === 0)
      return (from, to) => {
        const isOpen = isUpwards[Math.min(from, to) * count + Math.max(from, to)] === from < to
        return isOpen ? 'open' : 'cut'
      }
    },
  },
  { name: 'silent', shape: (count, choice) => groups(choice, count, 'silent') },
  {
    name: 'alone',
    shape(count, choice) {
      const alone = choice.below(count)
      return (from, to) => (from === alone || to === alone ? 'cut' : 'open')
    },
  },
  { name: 'everybody alone', shape: () => () => 'cut' },
  { name: 'two groups', shape: (count, choice) => groups(choice, count, 'cut') },
]
