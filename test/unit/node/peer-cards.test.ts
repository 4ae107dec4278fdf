import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeCbor } from '../../../core/codec/dag-cbor.ts'
import { PeerCards } from '../../../core/node/peer-cards.ts'
import { encodePeerCard } from '../../../core/record/peer-card.ts'
import { ManualClock } from '../../../core/util/clock.ts'
import type { Logger } from '../../../core/util/logger.ts'
import { CARD_TIME, cardOf } from '../../harness/peer-cards.ts'

let dataDir: string
let warnings: string[]

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'palabre-cards-'))
  warnings = []
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

function open(): PeerCards {
  const logger: Logger = {
    debug: () => {},
    info: () => {},
    error: () => {},
    warn: (_, text) => void warnings.push(text),
  }
  return new PeerCards(
    {
      identity: { address: null },
      chains: { findAuthorOfDevice: async () => null },
      wanted: { has: () => false, keys: () => [] },
      settings: { get: () => ({ sharesAddresses: true }) },
      clock: new ManualClock(CARD_TIME),
      logger,
    },
    { dataDir, network: 'palabre', role: 'peer' },
  )
}

/** What a start has read when it ends again. */
async function read(): Promise<PeerCards> {
  const cards = open()
  cards.start()
  await cards.stop()
  return cards
}

const path = () => join(dataDir, 'cards.cbor')

describe('PeerCards over restarts (DSC6)', () => {
  it('remembers whom it met, and when', async () => {
    const cards = open()
    cards.start()
    cards.book.note(cardOf('ada'))
    cards.book.noteMet(cardOf('ada').device)
    await cards.stop()
    const again = open()
    again.start()
    await expect.poll(() => again.book.all()).toEqual([{ card: cardOf('ada'), metAt: CARD_TIME }])
    await again.stop()
    expect(warnings).toEqual([])
  })

  it('leaves out a card that somebody changed in the file, and keeps the others', async () => {
    const changed = { ...cardOf('ben'), addresses: ['/ip4/8.8.4.4/tcp/1'] }
    await writeFile(
      path(),
      encodeCbor([[encodePeerCard(changed), 1], ['nonsense'], [encodePeerCard(cardOf('ada')), 7]]),
    )
    const cards = open()
    cards.start()
    await expect.poll(() => cards.book.all()).toEqual([{ card: cardOf('ada'), metAt: 7 }])
    await cards.stop()
  })

  it('starts without a file that it can’t read, with a warning, and writes a new one', async () => {
    await writeFile(path(), 'no CBOR at all')
    await read()
    expect(warnings).toEqual(['the peer cards could not be read; starting without them'])
    expect(await readFile(path())).toEqual(Buffer.from(encodeCbor([])))
  })
})
