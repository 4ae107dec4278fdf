import type { IngestDoor } from '../ingest/door.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import { steadyClock } from './clock-watch.ts'
import { ExportService, type ExportServiceComponents } from './export-service.ts'
import { type ImportPlaces, ImportService, type ImportServiceComponents } from './import-service.ts'
import type { NodeConfig } from './node-config.ts'
import type { NodePart } from './ports.ts'
import { WelcomePack, type WelcomePackComponents } from './welcome/welcome-pack.ts'

export interface ArchivesComponents {
  readonly square: IngestDoor & ImportPlaces & ExportServiceComponents['reader'] & WelcomePackComponents['reader']
  readonly identity: ExportServiceComponents['identity']
  readonly events: ImportServiceComponents['events']
  readonly clock: Clock
  readonly logger: Logger
}

/** What takes archives in and what writes them. */
export class Archives implements NodePart {
  readonly imports: ImportService
  readonly exports: ExportService
  readonly welcome: WelcomePack

  constructor(components: ArchivesComponents, { network: descriptor, role }: Pick<NodeConfig, 'network' | 'role'>) {
    const network = descriptor.domain
    const { square, identity, events, clock, logger } = components
    this.imports = new ImportService(
      { door: square, places: square, events, clock, steady: steadyClock, logger },
      { network },
    )
    this.exports = new ExportService({ reader: square, identity, clock, logger }, { network })
    this.welcome = new WelcomePack({ door: square, reader: square, logger }, { network, isTaken: role === 'peer' })
  }

  /** Nothing goes on by itself: who asked for it asks again. */
  start(): void {}
  noteIdentities(): void {}
  noteSynced(): void {}

  async stop(): Promise<void> {
    await Promise.all([this.imports.stop(), this.exports.stop()])
  }
}
