import { describe, expect, it } from 'vitest'
import { InboxError } from '../../core/inbox/inbox-error.ts'
import { decodeInboxFrame, encodeInboxFrame, type InboxFrame } from '../../core/inbox/inbox-frames.ts'
import { INBOX_PROTOCOL, MAX_INBOX_FRAME_BYTES } from '../../core/inbox/inbox-limits.ts'
import { FramedStream } from '../../core/net/framed-stream.ts'
import { TestAuthor } from '../harness/authors.ts'
import { mutateFrame } from '../harness/frame-mutator.ts'
import { startInbox } from '../harness/inbox-node.ts'
import { MemoryNetwork } from '../harness/memory-hosts.ts'
import { FUZZ_TIMEOUT_MS, fuzzCases, fuzzSeed, SeededChoice } from '../harness/seeded-random.ts'

const ROUNDS = fuzzCases(300)
const SEED = fuzzSeed('inbox frames')

const aya = new TestAuthor('Aya')
const ben = new TestAuthor('Ben')
const post = aya.post('hello')
const answer = ben.reply(post, 'from nowhere')

const FRAMES: InboxFrame[] = [
  {
    type: 'ask',
    version: 1,
    network: 'palabre',
    purpose: 'put',
    subject: aya.address,
    since: 0,
    cursor: new Uint8Array(16),
    extensions: {},
  },
  { type: 'operations', operations: [ben.genesis] },
  { type: 'records', records: [answer.bytes] },
  { type: 'end', next: null, until: 5, kept: new Uint8Array([1]) },
  { type: 'error', code: 'busy' },
]

describe('frames of a hostile peer (INB2)', () => {
  it(
    'are read as they were written, or refused as bad-frame',
    () => {
      const choice = new SeededChoice(SEED)
      for (const frame of FRAMES) expect(decodeInboxFrame(encodeInboxFrame(frame))).toEqual(frame)
      for (let i = 0; i < ROUNDS * 10; i++) {
        const frame = encodeInboxFrame(FRAMES[choice.below(FRAMES.length)] as InboxFrame)
        const changed = mutateFrame(frame, choice)
        try {
          decodeInboxFrame(changed)
        } catch (error) {
          expect(error).toBeInstanceOf(InboxError)
          expect(error).toMatchObject({ code: 'bad-frame' })
        }
      }
    },
    FUZZ_TIMEOUT_MS,
  )

  it(
    'leave whoever is asked with a whole store, and able to answer the next one',
    async () => {
      const choice = new SeededChoice(SEED)
      const network = new MemoryNetwork()
      const far = network.host('far')
      const { test } = await startInbox(far, { role: 'seed', me: aya, deadlineMs: 200 })
      test.ingestAll(aya)
      for (let i = 0; i < Math.min(ROUNDS, 300); i++) {
        const near = network.host(`near ${i}`)
        network.join(near, far)
        const stream = new FramedStream(await near.openStream('far', INBOX_PROTOCOL), {
          maxFrameBytes: MAX_INBOX_FRAME_BYTES,
        })
        const at = choice.below(4)
        try {
          for (const [n, frame] of FRAMES.slice(0, 4).entries()) {
            const bytes = encodeInboxFrame(frame)
            await stream.writeFrame(n === at ? mutateFrame(bytes, choice) : bytes)
          }
          await stream.close()
          await stream.readFrame()
        } catch {
          // It has hung up.
        }
        stream.abort(new Error('done'))
      }
      expect(test.square.integrityCheck()).toEqual([])
      const near = network.host('honest')
      network.join(near, far)
      const { inbox } = await startInbox(near)
      const batch = { operations: [ben.genesis], records: [answer.bytes] }
      expect(await inbox.put('far', aya.address, batch)).toEqual([true])
    },
    FUZZ_TIMEOUT_MS,
  )
})
