/**
 * Takes an archive in as a node does, and stands still at one batch to be killed there: `import-process.ts DATA FILE BATCH
 * late|early`. `early` is the mistake that the test has to notice: the place is written down before the door has answered.
 * Without BATCH it goes to the end. Says in JSON lines where it stands.
 */

import type { ImportPlace } from '../../core/archive/archive-import.ts'
import type { IngestDoor } from '../../core/ingest/door.ts'
import { ImportService } from '../../core/node/import-service.ts'
import { SquareClient } from '../../core/node/square-client.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { ARCHIVE_NETWORK, openArchive, SMALL_BATCHES } from './archives.ts'

const [dataDir = '', file = '', standAt = 'never', when = 'late'] = process.argv.slice(2)

const square = await SquareClient.open(
  { logger: silentLogger },
  { dataDir, domain: ARCHIVE_NETWORK, role: 'peer', admit: 'all', pins: [], account: null },
)

/** Where each batch of the file ends. */
async function listOffsets(): Promise<number[]> {
  const reader = await openArchive(file)
  const offsets: number[] = []
  for await (const { nextOffset } of reader.read()) offsets.push(nextOffset)
  await reader.close()
  return offsets
}

const offsets = await listOffsets()
let lastPlace: ImportPlace | null = null
let batches = 0
/** The place that stands there now is one that isn't committed. */
let isWrong = false
const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`)
const forEver = () => new Promise<never>(() => setInterval(() => {}, 60_000))

const door: IngestDoor = {
  ingest: async (batch, source) => {
    const number = batches++
    if (String(number) === standAt) {
      if (when === 'early' && lastPlace !== null) {
        isWrong = true
        await square.setImportPlace({ ...lastPlace, offset: offsets[number] as number })
      }
      say({ standsAt: number })
      return forEver()
    }
    return square.ingest(batch, source)
  },
}
const imports = new ImportService(
  {
    door,
    places: {
      getImportPlace: square.getImportPlace,
      setImportPlace: async (place) => {
        if (isWrong) return
        lastPlace = place
        await square.setImportPlace(place)
      },
    },
    events: { publish: () => {} },
    clock: { now: () => Date.now() },
    // Each look is half a second later: every place is written down.
    steady: {
      now: (() => {
        let now = 0
        return () => (now += 500)
      })(),
    },
    logger: silentLogger,
  },
  { network: ARCHIVE_NETWORK, batch: SMALL_BATCHES },
)
const begun = await imports.begin(file)
say({ resumedAt: begun.resumedAtBytes })
while (imports.running() !== null) await new Promise((resolve) => setTimeout(resolve, 20))
say({ end: imports.status(), stats: await square.stats() })
await square.close()
process.exit(0)
