import { join } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Longest first. Measured now and then; a file that is missing here only starts later. */
const LONG = [
  'netns/nat-matrix',
  'e2e/guardian-story',
  'integration/kill-nine',
  'e2e/account-story',
  'e2e/web-story',
  'e2e/axe',
  'integration/newcomer',
  'integration/recovery',
  'e2e/three-processes',
  'integration/split-halves',
  'fuzz/codec',
  'integration/cli',
  'integration/rolling-partitions',
  'integration/guardians',
  'integration/all-back',
  'integration/recovery-admitted',
  'integration/cli-recovery',
  'e2e/demo',
  'fuzz/signature-rule',
  'fuzz/identity-chain',
  'unit/node/recovery-service',
  'integration/linking',
  'integration/square',
  'integration/two-devices',
  'integration/owed',
  'integration/fork-under-way',
  'integration/vault-secrets',
  'integration/node-lifecycle',
  'integration/catching-up',
  'integration/power-cut',
  'integration/protect',
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
