import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../core/codec/cid.ts'
import { packBytes } from '../../core/node/square-calls.ts'
import { encodeDelete, encodePost, KIND } from '../../core/record/kinds/kind-table.ts'
import { PalabreError } from '../../core/util/errors.ts'
import { TestAuthor } from '../harness/authors.ts'
import { FUZZ_IS_LONG, SeededChoice } from '../harness/seeded-random.ts'
import { mountSmallDisk, NO_SMALL_DISK, type SmallDisk } from '../harness/small-disk.ts'
import { TestSquare } from '../harness/test-square.ts'

const MIB = 1_048_576
const NO_DISK = 'this system lets nobody mount a tmpfs'
const TEXT = 'a post of some length, so that the disk is full soon enough '.repeat(30)

const codeOf = (error: unknown) => (error instanceof PalabreError ? error.code : String(error))

/** A node with an account on a small disk, with people who write to it. */
function open(disk: SmallDisk, ballastBytes: number) {
  const me = new TestAuthor('Me')
  const crowd = [0, 1].map((i) => new TestAuthor(`Crowd ${i}`))
  const test = new TestSquare({ me, dataDir: disk.dataDir, role: 'seed', ballastBytes, slackBytes: 4_096 })
  test.ingest({ operations: crowd.map(({ genesis }) => genesis) })
  const acknowledged = new Map<string, Uint8Array>()
  const publish = () => {
    const [post] = test.square.publish([{ kind: KIND.post, body: encodePost({ salt: me.salt(), text: TEXT }) }])
    if (post !== undefined) acknowledged.set(formatRecordId(post.id), post.id)
  }
  const erase = () => {
    const [first] = acknowledged
    if (first === undefined) return
    const subject = { author: me.address, id: first[1] }
    test.square.publish([{ kind: KIND.delete, body: encodeDelete({ salt: me.salt(), subject }) }])
    acknowledged.delete(first[0])
  }
  /** Lets seconds pass, with everything that the store does by itself meanwhile. */
  const rest = (seconds: number) => {
    for (let i = 0; i < seconds; i++) {
      test.clock.advance(1_000)
      test.square.tick()
      for (let steps = 0; tryStep(test); steps++) if (steps > 10_000) throw new Error('it never ends')
    }
  }
  return { me, crowd, test, acknowledged, publish, erase, rest }
}

function tryStep(test: TestSquare): boolean {
  try {
    return test.square.makeRoom()
  } catch (error) {
    expect(codeOf(error)).toBe('disk-full')
    return false
  }
}

describe.skipIf(NO_SMALL_DISK !== null)(`a full disk, step by step ${NO_SMALL_DISK ?? ''}`, () => {
  it.for(FUZZ_IS_LONG ? [4, 8, 16, 32] : [8])(
    'refuses clearly or keeps what it acknowledged, at every write step, on %i MB (F3)',
    (megabytes, context) => {
      const disk = mountSmallDisk(megabytes)
      if (disk === undefined) return context.skip(NO_DISK)
      const { me, crowd, test, acknowledged, publish, erase, rest } = open(disk, 64 * MIB)
      publish()
      rest(40)
      expect(test.square.stats().space.ballastBytes).toBe(Math.floor((megabytes * MIB) / 8))
      const choice = new SeededChoice(megabytes)
      const picture = () => new Uint8Array(20_000).fill(choice.below(256))
      const steps: Record<string, () => void> = {
        publish,
        erase,
        picture: () => test.square.putBlocks([choice.bytes(36)], packBytes([picture()])),
        state: () => test.square.setState('note', TEXT + choice.below(1_000)),
        follow: () => test.square.addPendingFollows([choice.bytes(32)], []),
        ingest: () => void test.ingest({ records: [choice.pick(crowd).post(TEXT)] }),
        rest: () => rest(6),
      }
      const refused = new Set<string>()
      for (let round = 0; round < (FUZZ_IS_LONG ? 80 : 30); round++) {
        const left = choice.pick([0, 0, 4_096, 8_192, 16_384, 40_960, 98_304, 262_144])
        disk.fill(left)
        for (let i = 0; i < 6; i++) {
          const name = choice.pick(Object.keys(steps))
          try {
            steps[name]?.()
          } catch (error) {
            refused.add(codeOf(error))
          }
          for (const id of acknowledged.keys()) expect(test.square.post(id)?.state ?? 'shown').toBe('shown')
        }
        disk.empty()
        if (choice.below(3) > 0) continue
        // No restart: what was refused is taken as soon as there is room.
        rest(6)
        const before = acknowledged.size
        publish()
        expect(acknowledged.size).toBe(before + 1)
      }
      expect(refused).toEqual(new Set(['disk-full']))
      rest(60)
      publish()
      for (const id of acknowledged.keys()) expect(test.square.post(id)?.text).toBe(TEXT)
      expect(test.square.integrityCheck()).toEqual([])
      test.close()
      const again = new TestSquare({ me, dataDir: disk.dataDir })
      for (const id of acknowledged.keys()) expect(again.square.post(id)?.text).toBe(TEXT)
    },
  )

  it.for([
    { name: 'gives the ballast first, deletes, and has room again by itself', ballastBytes: 64 * MIB, isMended: true },
    { name: 'cannot without it (control)', ballastBytes: 0, isMended: false },
  ])('$name (F3)', ({ ballastBytes, isMended }, context) => {
    const disk = mountSmallDisk(16)
    if (disk === undefined) return context.skip(NO_DISK)
    const { crowd, test, publish, rest } = open(disk, ballastBytes)
    publish()
    // The ballast comes before others do.
    rest(60)
    for (const author of crowd) for (let i = 0; i < 800; i++) author.post(TEXT)
    for (const { records } of crowd) {
      for (let i = 0; i < 800; i += 50) test.ingest({ records: records.slice(i, i + 50) })
    }
    test.square.checkpoint()
    disk.fill(0)
    const codes: string[] = []
    for (let i = 0; i < 400 && codes.length < 1; i++) {
      try {
        publish()
      } catch (error) {
        codes.push(codeOf(error))
      }
    }
    const heldBefore = test.square.stats().records
    rest(20)
    expect(heldBefore).toBeGreaterThan(1_000)
    expect(disk.freeBytes() > MIB).toBe(isMended)
    if (isMended) expect(test.square.stats().records).toBeLessThan(heldBefore)
    disk.empty()
    rest(20)
    publish()
    expect(test.square.integrityCheck()).toEqual([])
  })
})
