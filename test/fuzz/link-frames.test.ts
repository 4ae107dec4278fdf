import { describe, expect, it } from 'vitest'
import { LinkError } from '../../core/account/errors.ts'
import { decodeLinkFrame } from '../../core/account/frames.ts'
import { LINK_TIMES } from '../../core/account/limits.ts'
import { decodeCbor, encodeCbor } from '../../core/codec/dag-cbor.ts'
import { mutateBytes, mutateValue } from '../harness/cbor-mutator.ts'
import { connectDevices, JoiningDevice, OfferingDevice } from '../harness/linking.ts'
import { createMemoryDuplex, type DuplexEnd } from '../harness/memory-duplex.ts'
import { FUZZ_TIMEOUT_MS, fuzzCases, fuzzSeed, SeededChoice } from '../harness/seeded-random.ts'

const ROUNDS = fuzzCases(300)
const SEED = fuzzSeed('link frames')

/** A session with something missing falls silent: nobody is waited for long. */
const IMPATIENT = { ...LINK_TIMES, stepMs: 100, compareMs: 100, takeOverMs: 100, partingMs: 50 }

interface Ends {
  readonly laptop: OfferingDevice
  readonly phone: JoiningDevice
}

function meet(times = IMPATIENT): Ends {
  const laptop = new OfferingDevice({ times })
  const phone = new JoiningDevice(laptop.terms.token, { times })
  for (const { answer } of [laptop, phone]) answer.say(true)
  return { laptop, phone }
}

/** Frames pass from one end to the other, each as `change` leaves it. */
async function relay(from: DuplexEnd, to: DuplexEnd, change: (frame: Uint8Array) => Uint8Array[]): Promise<void> {
  try {
    for (;;) {
      const frame = await from.readFrame()
      if (frame === null) return await to.close()
      for (const each of change(frame)) await to.writeFrame(each)
    }
  } catch {
    to.abort(new Error('the line is cut'))
  }
}

function mutate(choice: SeededChoice, frame: Uint8Array): Uint8Array[] {
  switch (choice.below(5)) {
    case 0:
      return [mutateBytes(frame, choice)]
    case 1:
      return [encodeCbor(mutateValue(decodeCbor(frame), choice))]
    case 2:
      return []
    case 3:
      return [frame, frame]
    default:
      return [choice.bytes(choice.below(200))]
  }
}

describe('linking over a line that lies', () => {
  it('hands the account over when nothing is changed', async () => {
    const { laptop, phone } = meet(LINK_TIMES)
    expect(await connectDevices(laptop, phone).ended).toBe('linked')
    expect(phone.taken).toHaveLength(1)
  })

  it(
    'ends in a named error or well, and the new device has a whole account or none (LNK3, LNK10)',
    async () => {
      const choice = new SeededChoice(SEED)
      const outcomes = new Map<string, number>()
      for (let round = 0; round < ROUNDS; round++) {
        const { laptop, phone } = meet()
        const [a, b] = createMemoryDuplex(16)
        const [c, d] = createMemoryDuplex(16)
        const isMutated = [choice.below(2) === 0, choice.below(4)] as const
        let count = 0
        const change = (isPhones: boolean) => (frame: Uint8Array) => {
          if (isPhones !== isMutated[0] || count++ !== isMutated[1]) return [frame]
          return mutate(choice, frame)
        }
        const lines = [relay(b, c, change(true)), relay(c, b, change(false))]
        const heard = laptop.hear(phone.keyPair.publicKey, d)
        const ended = await phone.end(laptop.keyPair.publicKey, a)
        await heard
        await Promise.all(lines)
        outcomes.set(ended, (outcomes.get(ended) ?? 0) + 1)
        expect(phone.taken).toHaveLength(ended === 'linked' ? 1 : 0)
        if (phone.taken.length > 0) expect(laptop.added).toHaveLength(1)
        await laptop.offer.close('cancelled')
      }
      // The mutations reach all parts of the course.
      expect(outcomes.size).toBeGreaterThan(4)
      expect(outcomes.get('linked') ?? 0).toBeLessThan(ROUNDS / 2)
    },
    FUZZ_TIMEOUT_MS,
  )

  it('decodes anything to a frame or to bad-frame (LNK3)', () => {
    const choice = new SeededChoice(SEED + 1)
    for (let round = 0; round < 20 * ROUNDS; round++) {
      try {
        decodeLinkFrame(choice.bytes(choice.below(64)))
      } catch (error) {
        expect(error).toBeInstanceOf(LinkError)
        expect(error).toMatchObject({ code: 'bad-frame' })
      }
    }
  })
})
