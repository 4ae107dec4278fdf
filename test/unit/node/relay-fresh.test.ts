import { expect, it } from 'vitest'
import { relayedRecords } from '../../../core/node/relay-fresh.ts'
import { encodeRecord, withoutBody } from '../../../core/record/encode-record.ts'
import { TestAuthor } from '../../harness/authors.ts'

it('relays what came with its text and nothing else', async () => {
  const ben = new TestAuthor('Ben')
  const [kept, gone] = [ben.post('kept'), ben.post('gone')]
  const bytesAt = [kept.bytes, encodeRecord(withoutBody(gone, { reason: 'deleted', deleteId: kept.id }))]
  const logs = {
    readLog: async (_author: Uint8Array, _device: Uint8Array, [seq]: readonly [number, number]) => {
      return [{ seq, record: bytesAt[seq - 1] as Uint8Array }]
    },
  }
  const records = [kept, gone].map(({ id, header }) => ({
    id,
    author: header.author,
    device: header.device,
    seq: header.seq,
    kind: header.kind,
    touches: [],
    isHome: false,
    isOwn: false,
    media: [],
  }))
  const event = { source: { kind: 'sync' as const }, records, reshown: [], identities: [], beats: [], gaps: [] }
  expect(await relayedRecords(logs, event)).toEqual([{ author: ben.address, record: kept.bytes }])
})
