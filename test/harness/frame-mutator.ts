import { decodeCbor, encodeCbor } from '../../core/codec/dag-cbor.ts'
import { mutateBytes, mutateValue } from './cbor-mutator.ts'
import type { SeededChoice } from './seeded-random.ts'

/** One frame changed in its bytes or in its values, left out, doubled, put in another's place, or the last. */
export function mutateSession(frames: readonly Uint8Array[], choice: SeededChoice): Uint8Array[] {
  const mutated = [...frames]
  const at = choice.below(mutated.length)
  const frame = mutated[at] as Uint8Array
  const kind = choice.below(10)
  if (kind < 3) mutated[at] = mutateBytes(frame, choice)
  else if (kind < 6) mutated[at] = mutateFrame(frame, choice)
  else if (kind === 6) mutated.splice(at, 1)
  else if (kind === 7) mutated.splice(at, 0, frame)
  else if (kind === 8) mutated[at] = choice.pick(frames)
  else mutated.length = at
  return mutated
}

/** Another value of the same making where that can be encoded, else other bytes. */
export function mutateFrame(frame: Uint8Array, choice: SeededChoice): Uint8Array {
  try {
    return encodeCbor(mutateValue(decodeCbor(frame), choice))
  } catch {
    return mutateBytes(frame, choice)
  }
}
