import { join } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Longest first. Measured now and then; a file that is missing here only starts later. */
const LONG = [
  'netns/nat-matrix',
  'integration/kill-nine',
  'e2e/guardian-story',
  'e2e/account-story',
  'netns/relays',
  'fuzz/record-mutants',
  'fuzz/sync-served',
  'e2e/axe',
  'integration/recovery',
  'integration/host-vanishes',
  'integration/recovery-admitted',
  'integration/room',
  'fuzz/signature-rule',
  'e2e/web-story',
  'integration/cli',
  'integration/newcomer',
  'netns/netns-world',
  'integration/finding',
  'integration/fork-under-way',
  'integration/owed',
  'integration/rolling-partitions',
  'integration/split-halves',
  'integration/all-back',
  'integration/churn',
  'integration/cli-drill',
  'integration/cli-recovery',
  'unit/node/recovery-service',
  'integration/invitations',
  'fuzz/identity-chain',
  'integration/hostile-dht',
  'integration/guardians',
  'integration/blackout-drill',
  'e2e/demo',
  'e2e/three-processes',
  'fuzz/codec',
  'integration/dht',
  'integration/square',
  'netns/lan',
  'integration/disk-full-steps',
  'integration/power-cut',
  'integration/protect',
  'integration/wrong-clocks',
  'integration/catching-up',
  'integration/linking',
  'integration/two-devices',
  'integration/flipped-bits',
  'integration/vault-secrets',
  'integration/node-lifecycle',
  'integration/stock-helia',
  'fuzz/link-frames',
  'e2e/electron-standin',
  'e2e/keyboard',
]

/** Starts the longest files of each project first, so that none of them runs on alone when all others have ended. */
export class LongFirstSequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const places = new Map(LONG.map((name, place) => [join(this.ctx.config.root, 'test', `${name}.test.ts`), place]))
    const placeOf = ({ moduleId }: TestSpecification) => places.get(moduleId) ?? LONG.length
    const sorted = await super.sort(files)
    const names = [...new Set(sorted.map(({ project }) => project.name))]
    return names.flatMap((name) =>
      sorted.filter(({ project }) => project.name === name).sort((a, b) => placeOf(a) - placeOf(b)),
    )
  }
}
