import { describe, expect, it, onTestFinished } from 'vitest'
import type { IngestedEvent } from '../../../core/ingest/door.ts'
import type { OwnBeatResult } from '../../../core/ingest/own-beat.ts'
import { BeatMaker } from '../../../core/node/beat-maker.ts'
import type { SyncSummary } from '../../../core/sync/summary.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { HELLO } from '../../harness/scripted-sync-peer.ts'
import { eventually } from '../../harness/wait.ts'

const me = new Uint8Array(32).fill(1)

function open(init: { answers?: readonly (OwnBeatResult | Error)[]; address?: Uint8Array | null } = {}) {
  const asked: boolean[] = []
  const pushed: Uint8Array[] = []
  const head = { isKnown: true }
  const answers = [...(init.answers ?? [])]
  const maker = new BeatMaker(
    {
      identity: { address: init.address === undefined ? me : init.address },
      store: {
        async signBeat(isFresh) {
          asked.push(isFresh)
          const answer = answers.shift() ?? { isNew: false, waitMs: null }
          if (answer instanceof Error) throw answer
          return answer
        },
      },
      head,
      logger: silentLogger,
    },
    { onBeat: (address) => pushed.push(address) },
  )
  onTestFinished(() => maker.stop())
  const written = (isOwn = true, kind: IngestedEvent['source']['kind'] = 'own') => {
    const record = { id: me, author: me, device: me, seq: 1, kind: 1, touches: [], isHome: true, isOwn, media: [] }
    maker.noteIngested({ source: { kind }, records: [record], reshown: [], identities: [], beats: [], gaps: [] })
  }
  const synced = () => {
    const summary = { hello: HELLO, scope: null } as SyncSummary
    maker.noteSync({ type: 'done', peerId: 'one', isInitiator: true, summary, scope: null })
  }
  return { maker, head, asked, pushed, written, synced }
}

const settled = () => new Promise(setImmediate)

describe('BeatMaker', () => {
  it('asks for a beat when this device has written, and leaves the push to the records (BEA6)', async () => {
    const { asked, pushed, written } = open({ answers: [{ isNew: true, waitMs: null }] })
    written(true, 'sync')
    written(false)
    expect(asked).toEqual([])
    written()
    await settled()
    expect(asked).toEqual([true])
    expect(pushed).toEqual([])
  })

  it('asks at the end of a session, and for a fresh one at the first only (BEA6)', async () => {
    const { asked, pushed, synced } = open({ answers: [{ isNew: true, waitMs: null }] })
    synced()
    await settled()
    synced()
    await settled()
    expect(asked).toEqual([true, false])
    expect(pushed).toEqual([me])
  })

  it('says nothing before the own head is known (BEA6, LOG7)', async () => {
    const { head, asked, written, synced } = open()
    head.isKnown = false
    written()
    synced()
    await settled()
    expect(asked).toEqual([])
    head.isKnown = true
    synced()
    await settled()
    expect(asked).toEqual([true])
  })

  it('says nothing without an account', async () => {
    const { asked, synced } = open({ address: null })
    synced()
    await settled()
    expect(asked).toEqual([])
  })

  it('asks again when a minute has passed since the last, and brings that to others (BEA6)', async () => {
    const { asked, pushed, written } = open({
      answers: [
        { isNew: false, waitMs: 5 },
        { isNew: true, waitMs: null },
      ],
    })
    written()
    await eventually('it is pushed', () => pushed.length === 1)
    expect(asked).toEqual([true, false])
  })

  it('asks once for all that happens while the store is asked', async () => {
    const { asked, written, synced } = open()
    written()
    written()
    synced()
    written()
    await settled()
    expect(asked).toEqual([true, false])
  })

  it('goes on after a full disk', async () => {
    const { asked, pushed, synced } = open({ answers: [new Error('full'), { isNew: true, waitMs: null }] })
    synced()
    await settled()
    synced()
    await settled()
    expect(asked).toEqual([true, true])
    expect(pushed).toEqual([me])
  })

  it('is silent once it has stopped', async () => {
    const { maker, asked, pushed, synced, written } = open({ answers: [{ isNew: true, waitMs: 1 }] })
    synced()
    maker.stop()
    written()
    await settled()
    expect(asked).toEqual([true])
    expect(pushed).toEqual([])
  })
})
