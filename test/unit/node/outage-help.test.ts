import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { OutageHelp } from '../../../core/node/outage-help.ts'
import { systemClock } from '../../../core/util/clock.ts'
import { silentLogger } from '../../../core/util/logger.ts'

/** Longer than what changes together is gathered. */
const SETTLED_MS = 1_000
const [ana, ben] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
const carried: (readonly Uint8Array[])[] = []
let help: OutageHelp

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  help = new OutageHelp(
    {
      host: { subscribe: () => () => {}, connections: () => [], isConnected: () => true },
      feeds: { listAlone: () => [], open: () => Promise.reject(new Error('no feeds here')) },
      whois: { ask: () => Promise.reject(new Error('nobody answers')) },
      scheduler: { requestAuthors: () => {}, requestEverything: () => {} },
      store: {
        listWanted: async () => [],
        setCarried: async (authors) => {
          carried.push(authors)
          return authors
        },
      },
      clock: systemClock,
      logger: silentLogger,
    },
    { isInOutage: () => true, isSeed: () => false },
  )
  help.start()
})
afterEach(async () => {
  await help.stop()
  vi.useRealTimers()
  carried.length = 0
})

const wants = (peerId: string, ...keys: readonly Uint8Array[]) => help.noteSync({ type: 'interest', peerId, keys })
const settled = () => vi.advanceTimersByTimeAsync(SETTLED_MS)

it('does nothing where neighbours say again what they want, whoever said it last (FEE11)', async () => {
  wants('cleo', ana)
  wants('dan', ben)
  await settled()
  expect(carried).toEqual([[ana, ben]])
  wants('cleo', ana)
  await settled()
  expect(carried).toHaveLength(1)
})

it('no longer carries whom nobody wants any more', async () => {
  wants('cleo', ana, ben)
  await settled()
  wants('cleo', ben)
  await settled()
  expect(carried).toEqual([[ana, ben], [ben]])
})
